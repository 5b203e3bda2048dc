// The steps of the story on a deployed shop. Each says what it does and throws when what should come to be does not.
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { sampleEvents } from '../lib/local/samples.ts'
import { type Deployed, say, until } from './settings.ts'
import { eventually, expectStatus, type ShopApi } from './shop-api.ts'

export type Scene = {
  shop: ShopApi
  deployed: Deployed
  /** In every id of this run, so that the story can be told again in the same shop. */
  mark: string
}

type Purchase = { product_id?: string; id: string; quantity: number; price_minor: number }

const purchasesOf = (customer: Record<string, unknown>): Purchase[] => customer.products as Purchase[]

export const equal = (what: string, actual: unknown, expected: unknown): void => {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return
  throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`)
}

export const onSale = (shop: ShopApi, id: string): Promise<boolean> =>
  eventually(shop, `${id} is on sale`, `/products/${id}`, () => true)

/** Deny by default: the gateway lets nobody in without a token, the function nobody without the role. */
export async function whoMay({ shop }: Scene): Promise<void> {
  await expectStatus(200, shop.call('GET', '/healthz', { role: 'nobody' }))
  await expectStatus(401, shop.call('GET', '/customers', { role: 'nobody' }))
  const forged = { authorization: 'Bearer e30.e30.e30' }
  await expectStatus(401, shop.call('GET', '/customers', { role: 'nobody', headers: forged }))
  await expectStatus(403, shop.call('GET', '/customers', { role: 'marketer' }))
  await expectStatus(200, shop.call('GET', '/customers', { role: 'shop' }))
  await expectStatus(404, shop.call('GET', '/nowhere', { role: 'nobody' }))
  say('   No token 401, a forged one 401, the wrong role 403, an unknown address 404.')
}

const atOnce = 4

/** Also on a busy machine, where some come as dead letters that were sent again. */
const listed = (shop: ShopApi, list: string, wanted: number): Promise<boolean> =>
  eventually(
    shop,
    `${wanted} ${list} are listed`,
    `/${list}?limit=100`,
    ({ items }) => (items as unknown[]).length >= wanted,
    { seconds: 300 },
  )

/** The goods and customers of the sample shop, by POST /events; loaded again, they count once. */
export async function sampleShop({ shop }: Scene): Promise<void> {
  const events = sampleEvents(new Date().toISOString())
  const of = (type: string, until: number): number =>
    events.slice(0, until).filter((event) => event.type === type).length
  // An emulator starts a process for every event that is under way: a few, and the next when these are there.
  for (let i = 0; i < events.length; i += atOnce) {
    const body = events.slice(i, i + atOnce)
    await until(
      'the bus takes events',
      async () => {
        const { rejected } = await expectStatus(200, shop.call('POST', '/events', { body }))
        const refused = rejected as { retryable: boolean }[]
        const forGood = refused.filter(({ retryable }) => !retryable)
        equal('events that the bus refused for good', forGood, [])
        return refused.length === 0
      },
      { everyMs: 5_000 },
    )
    await listed(shop, 'products', of('new_product', i + atOnce))
    await listed(shop, 'customers', of('new_customer', i + atOnce))
  }
  const all = events.length
  say(`   ${of('new_product', all)} products, ${of('new_customer', all)} customers.`)
}

/**
 * Of the city: a reactor's rule, its outbox item, the table's stream, the relay, the bus, a projection. For butter:
 * customer_updated, score-customer, voucher_granted, since more than a quarter of what was bought is bread.
 */
export const bothVouchers = (shop: ShopApi, id: string): Promise<Record<string, unknown>> =>
  eventually(shop, `both vouchers of ${id} are in the document`, `/customers/${id}`, (body) => {
    const kinds = (body.vouchers as { kind: string }[]).map(({ kind }) => kind)
    return kinds.includes('welcome') && kinds.includes('butter') && body
  })

/** The first shop's messages over HTTP, to a customer's document. */
export async function firstShop({ shop, mark }: Scene): Promise<void> {
  const customer = { id: `customer_${mark}`, first_name: 'Cyprian', last_name: 'Ostapczuk' }
  const address = 'plac Średnia 13\n12-612 Dąbrowa Górnicza'
  // With a key a request that was not answered in time is sent again and counts once.
  const post = (path: string, body: unknown, key: string) =>
    until(`POST ${path} is answered 202`, () =>
      expectStatus(
        202,
        shop.call('POST', path, { role: 'shop', body, headers: { 'idempotency-key': `${mark}-${key}` } }),
      ),
    )
  await post('/customers', { ...customer, address }, 'customer')
  await post('/products', { id: `chleb_${mark}`, name: 'Chleb staropolski', type: 'chleb', price: 0.36 }, 'product')
  await onSale(shop, `chleb_${mark}`)
  const purchase = { customer_id: customer.id, product_id: `chleb_${mark}`, quantity: 6 }
  const first = await post('/purchases', purchase, 'purchase')
  const again = await post('/purchases', purchase, 'purchase')
  equal('the same request with the same key makes the same event', again.event_id, first.event_id)
  const document = await eventually(
    shop,
    'the purchase is in the document',
    `/customers/${customer.id}`,
    (body) => purchasesOf(body).length > 0 && body,
  )
  equal(
    'the purchase',
    purchasesOf(document).map(({ quantity, price_minor }) => [quantity, price_minor]),
    [[6, 36]],
  )
  await bothVouchers(shop, customer.id)
  const after = await expectStatus(200, shop.call('GET', `/customers/${customer.id}`))
  equal('purchases after the repeated request', purchasesOf(after).length, 1)
  say('   A purchase sent twice is in the document once, at its price; both vouchers have come.')
}

type Logged = { id: string; type: string; subject: string }

/** The events of this run in the log, each once. */
export async function logged(shop: ShopApi, mark: string): Promise<Logged[]> {
  const pattern = encodeURIComponent(JSON.stringify({ detail: { subject: [{ suffix: mark }] } }))
  const found = new Map<string, Logged>()
  for (let path = `/events?pattern=${pattern}`; ; ) {
    const page = await expectStatus(200, shop.call('GET', path))
    for (const { event } of page.items as { event: Logged }[]) found.set(event.id, event)
    if (!page.more) return [...found.values()]
    path = `/events?pattern=${pattern}&after=${encodeURIComponent(String(page.next))}`
  }
}

/** The log that the bus itself cannot give: read back from S3. Also that no replay has made anybody act again. */
export async function theLog({ shop, mark }: Scene): Promise<void> {
  const wanted = ['new_customer', 'new_product', 'customer_buys_product', 'voucher_granted', 'promo_changed']
  const types = await until(
    `the log has ${wanted.join(', ')}`,
    async () => {
      const found = (await logged(shop, mark)).map(({ type }) => type)
      return wanted.every((type) => found.includes(type)) && found
    },
    { seconds: 90, everyMs: 1_000 },
  )
  equal('vouchers granted', types.filter((type) => type === 'voucher_granted').length, 4)
  say(`   In the bucket: ${[...new Set(types)].join(', ')}; four vouchers, so nobody acted again in the replay.`)
}

type Letter = { id: string; subscription: string; code: string; event: { subject?: string; data?: unknown } }

const lettersOf = (body: Record<string, unknown>, id: string): Letter[] =>
  (body.items as Letter[]).filter(({ event }) => JSON.stringify(event).includes(id))

/** A purchase of goods that nobody knows fails for good, is told, and handled when the goods are there. */
export async function deadLetter({ shop, mark }: Scene): Promise<void> {
  const product = `maslo_${mark}`
  const body = { customer_id: `customer_${mark}`, product_id: product, quantity: 1 }
  await expectStatus(202, shop.call('POST', '/purchases', { role: 'shop', body }))
  const [letter] = await eventually(
    shop,
    'the dead letter is listed',
    '/dead-letters?limit=100',
    (page) => {
      const letters = lettersOf(page, product)
      return letters.some(({ subscription }) => subscription === 'on-customer-buys-product') && letters
    },
    { seconds: 90 },
  )
  say(`   ${letter?.subscription} gave it up: ${letter?.code}.`)
  const goods = { id: product, name: 'Masło', type: 'maslo', price: 7.2 }
  await expectStatus(202, shop.call('POST', '/products', { role: 'shop', body: goods }))
  await onSale(shop, product)
  await redriveUntil({ shop }, product, async () => {
    const document = await expectStatus(200, shop.call('GET', `/customers/customer_${mark}`))
    return purchasesOf(document).some(({ price_minor }) => price_minor === 720)
  })
  say('   The product arrived, the letter was sent again, and the purchase is in the document.')
}

async function redriveUntil({ shop }: Pick<Scene, 'shop'>, mark: string, done: () => Promise<boolean>): Promise<void> {
  const started = Date.now()
  await until(
    `redriven, and handled: ${mark}`,
    async () => {
      await expectStatus(202, shop.call('POST', '/dead-letters/redrive', { body: {} }))
      return await done()
    },
    { seconds: 120, everyMs: 1_000 },
  )
  const left = await until(
    'the letters are gone',
    async () => {
      const page = await expectStatus(200, shop.call('GET', '/dead-letters?limit=100'))
      return lettersOf(page, mark).length === 0 && 'none'
    },
    { seconds: 60, everyMs: 1_000 },
  )
  say(`   Redriven in ${((Date.now() - started) / 1000).toFixed(0)} s; letters left: ${left}.`)
}

const noTable = 'no-such-table'

async function setTable(lambda: LambdaClient, functionName: string, table: string): Promise<void> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }))
  const Variables = { ...Environment?.Variables, KRAM_TABLE: table }
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: functionName, Environment: { Variables } }))
}

/** Who reads and writes the table in this step: each is told that it is a table which is not there. */
const readers = [
  ...['on-customer-buys-product', 'count-stock', 'record-dead-letter', 'redrive-dead-letters'],
  ...['get-customer', 'get-readyz'],
]

/** While the table is away nothing is lost: publishing goes on, what fails waits in the queue. */
export async function tableAway({ shop, deployed, mark }: Scene): Promise<void> {
  const lambda = new LambdaClient({})
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false })
  const QueueUrl = deployed.deadLetterQueueUrl
  const patience = async (seconds: number) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: String(seconds) } }))
  const all = (table: string) =>
    Promise.all(readers.map((name) => setTable(lambda, `${deployed.stackName}-${name}`, table)))
  // What record-dead-letter could not record comes back after this long; nobody waits three minutes here.
  await patience(10)
  await all(noTable)
  try {
    await until('GET /readyz says 503', async () => (await shop.call('GET', '/readyz')).status === 503)
    equal('a document cannot be read', (await shop.call('GET', `/customers/customer_${mark}`)).status, 503)
    const body = { customer_id: `customer_${mark}`, product_id: `chleb_${mark}`, quantity: 9 }
    await expectStatus(202, shop.call('POST', '/purchases', { role: 'shop', body }))
    const Attributes = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
    await until(
      'what failed waits in the queue',
      async () => {
        const found = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...Attributes] }))
        return Attributes.reduce((sum, name) => sum + Number(found.Attributes?.[name] ?? 0), 0) >= 2
      },
      { seconds: 90 },
    )
    say('   Away: reading 503, buying 202, and both readers of the purchase have given up: it waits in the queue.')
  } finally {
    await all(deployed.table)
  }
  await until('GET /readyz says 200', async () => (await shop.call('GET', '/readyz')).status === 200)
  await redriveUntil({ shop }, `chleb_${mark}`, async () => {
    const document = await expectStatus(200, shop.call('GET', `/customers/customer_${mark}`))
    return purchasesOf(document).some(({ quantity }) => quantity === 9)
  })
  await patience(180)
  const document = await expectStatus(200, shop.call('GET', `/customers/customer_${mark}`))
  equal(
    'that purchase is in the document once',
    purchasesOf(document).filter(({ quantity }) => quantity === 9).length,
    1,
  )
  say('   Back: the purchase made meanwhile is in the document, once.')
}
