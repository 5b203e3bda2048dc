// The story's part about replays: a customer's document is lost from the table, and the bus' archive brings it back.
import { DeleteItemCommand, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { say, until } from './settings.ts'
import { eventually, expectStatus } from './shop-api.ts'
import { bothVouchers, equal, logged, type Scene } from './story-steps.ts'

/** Every item under that key, or those of these sort keys. Answers how many there were. */
async function lose(TableName: string, pk: string, only?: readonly string[]): Promise<number> {
  const dynamodb = new DynamoDBClient({})
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      ProjectionExpression: 'pk, sk',
    }),
  )
  const lost = Items.filter(({ sk }) => only === undefined || only.includes(sk?.S ?? ''))
  for (const { pk, sk } of lost) {
    if (pk && sk) await dynamodb.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }))
  }
  return lost.length
}

/** The projections that write a customer's document: that they have handled an event lies beside what they wrote. */
const writers = ['on-new-customer', 'on-customer-buys-product', 'on-voucher-granted']

const wanted = ['new_customer', 'customer_buys_product', 'voucher_granted', 'voucher_granted']

/** A customer with a purchase and both vouchers. */
async function another({ shop, mark }: Scene): Promise<{ id: string; before: Record<string, unknown> }> {
  const id = `second_${mark}`
  const body = { id, first_name: 'Olena', last_name: 'Lyshko', address: 'ulica Kwiatowa 3\n12-612 Dąbrowa Górnicza' }
  await expectStatus(202, shop.call('POST', '/customers', { role: 'shop', body }))
  await eventually(shop, `${id} is registered`, `/customers?limit=100`, ({ items }) =>
    (items as { id: string }[]).some((customer) => customer.id === id),
  )
  const purchase = { customer_id: id, product_id: `chleb_${mark}`, quantity: 2 }
  await expectStatus(202, shop.call('POST', '/purchases', { role: 'shop', body: purchase }))
  return { id, before: await bothVouchers(shop, id) }
}

export async function replay(scene: Scene): Promise<void> {
  const { shop, deployed, mark } = scene
  const began = Date.now()
  const { id, before } = await another(scene)
  const ended = Date.now()
  const path = `/customers/${id}`
  const events = await until(
    'the log has what is to be replayed',
    async () => {
      const found = (await logged(shop, mark)).filter(({ type, subject }) => subject === id && wanted.includes(type))
      return found.length === wanted.length && found
    },
    { seconds: 90, everyMs: 1_000 },
  )
  const lost = await lose(deployed.table, `customer#${id}`)
  for (const event of events) await lose(deployed.table, `seen#${event.id}`, writers)
  equal('the document is gone', (await shop.call('GET', path)).status, 404)
  // Stamps of EventBridge are whole seconds.
  const range = {
    from: new Date(began - 2_000).toISOString(),
    to: new Date(ended + 2_000).toISOString(),
  }
  const { name } = await expectStatus(202, shop.call('POST', '/replays', { body: range }))
  await eventually(shop, 'the replay has come to its end', `/replays/${name}`, ({ state }) => state === 'completed')
  await until('the document is what it was', async () => {
    const { status, body } = await shop.call('GET', path)
    return status === 200 && JSON.stringify(body) === JSON.stringify(before)
  })
  say(`   ${lost} items of a customer were deleted; the replay brought the document back, byte for byte.`)
}
