// The story's part about promotions: one that was tested by testers alone, published, in force within seconds, and spent
// by an order that is placed once.
import { say, until } from './settings.ts'
import { type Answer, eventually, expectStatus, type ShopApi } from './shop-api.ts'
import { equal, onSale, type Scene } from './story-steps.ts'

const goodsOf = (mark: string) => ({ id: `piernik_${mark}`, name: 'Piernik', type: `piernik-${mark}`, price: 10 })
const promoOf = (mark: string): string => `piernik-${mark}`

const cartOf = (mark: string) => ({
  customer_id: `customer_${mark}`,
  lines: [{ product_id: goodsOf(mark).id, quantity: 3 }],
})

/** Three at 10.00, less ten percent. */
const full = 3_000
const less = 2_700

type Role = 'shop' | 'tester'

const totalFor = async (shop: ShopApi, mark: string, role: Role): Promise<number> => {
  const allocation = await expectStatus(200, shop.call('POST', '/checkout', { role, body: cartOf(mark) }))
  equal('promotions could be applied', allocation.promos_failed, undefined)
  return Number(allocation.total_minor)
}

/** Saves it and waits until checkouts have it. Answers seconds from the save's answer to the first such checkout. */
async function publish(
  { shop, mark }: Scene,
  { version, state, holds }: { version: number; state: string; holds: () => Promise<boolean> },
): Promise<number> {
  const config = {
    title: 'Gingerbread, 10 % off',
    state,
    product_filters: { type: goodsOf(mark).type },
    actions: [{ type: 'percent_off', value: 10 }],
    limits: { uses: 1 },
  }
  const body = { config, expected_version: version - 1, reason: `the story makes it ${state}` }
  // Sent again with the same content it is answered as the first time.
  await until(`PUT /promos as ${state}`, () =>
    expectStatus(200, shop.call('PUT', `/promos/${promoOf(mark)}`, { role: 'marketer', body })),
  )
  const saved = performance.now()
  await until(`checkouts have the promotion as ${state}`, holds, { seconds: 60, everyMs: 200 })
  return (performance.now() - saved) / 1_000
}

/** The instance that answers has the set from before: what is measured is how a warm one gets the news. */
export async function promoInForce(scene: Scene): Promise<void> {
  const { shop, mark } = scene
  await expectStatus(202, shop.call('POST', '/products', { role: 'shop', body: goodsOf(mark) }))
  await onSale(shop, goodsOf(mark).id)
  equal('before there is a promotion', await totalFor(shop, mark, 'shop'), full)
  const refused = await shop.call('PUT', `/promos/${promoOf(mark)}`, {
    role: 'marketer',
    body: { config: { state: 'live', actions: [] }, expected_version: 0, reason: 'gives nothing' },
  })
  equal('a promotion that gives nothing', refused.status, 400)
  const tested = await publish(scene, {
    ...{ version: 1, state: 'test' },
    holds: async () => (await totalFor(shop, mark, 'tester')) === less,
  })
  equal('everybody else, while it is tested', await totalFor(shop, mark, 'shop'), full)
  const live = await publish(scene, {
    ...{ version: 2, state: 'live' },
    holds: async () => (await totalFor(shop, mark, 'shop')) === less,
  })
  say(`   In force ${tested.toFixed(1)} s after it was saved for testers, who alone saw it,`)
  say(`   and ${live.toFixed(1)} s after it was saved for everybody: 3 x 10.00 less 10 % are 27.00.`)
}

const codeOf = ({ body }: Answer): unknown => (body as { code?: string }).code

/** Placed once, at what was shown; the promotion's one use is spent with it. */
export async function order({ shop, mark }: Scene): Promise<void> {
  const body = { ...cartOf(mark), expected_total_minor: less, expected_promos: [promoOf(mark)] }
  const place = (key: string) =>
    shop.call('POST', '/orders', { role: 'shop', body, headers: { 'idempotency-key': `${mark}-${key}` } })
  const placed = await until('POST /orders is answered 200', () => expectStatus(200, place('order')))
  equal('the total of the order', placed.total_minor, less)
  const again = await expectStatus(200, place('order'))
  equal('the same request again', again.id, placed.id)
  const second = await place('another')
  equal('another order at that price', [second.status, codeOf(second)], [409, 'order_changed'])
  const kept = await expectStatus(200, shop.call('GET', `/orders/${placed.id}`, { role: 'shop' }))
  equal('the order as it is read', [kept.id, kept.total_minor], [placed.id, less])
  type Bought = { product_id?: string; quantity: number; price_minor: number; discount_minor?: number }
  const [bought] = await eventually(
    shop,
    'the goods of the order are in the document',
    `/customers/customer_${mark}`,
    ({ products, orders }) => {
      const found = (products as Bought[]).filter(({ price_minor }) => price_minor === 1_000)
      return (orders as { id: string }[]).some(({ id }) => id === placed.id) && found.length > 0 && found
    },
  )
  equal('what was bought', [bought?.quantity, bought?.price_minor, bought?.discount_minor], [3, 1_000, 300])
  say('   Placed once though asked twice; its one use is spent, and the next order is told the price without it.')
  say('   The order and its goods are in the customer’s document.')
  const back = await until('POST /orders/{id}/returns is answered 200', () =>
    expectStatus(
      200,
      shop.call('POST', `/orders/${placed.id}/returns`, {
        ...{ role: 'shop', headers: { 'idempotency-key': `${mark}-return` } },
        body: { lines: [{ line_id: goodsOf(mark).id, quantity: 1 }] },
      }),
    ),
  )
  equal('what is given back for one of three', back.refund_minor, 900)
  await eventually(shop, 'the document knows of it', `/customers/customer_${mark}`, ({ orders }) =>
    (orders as { refund_minor: number }[]).some(({ refund_minor }) => refund_minor === 900),
  )
  say('   One of three came back: 9.00 are given back, and the document says so.')
}
