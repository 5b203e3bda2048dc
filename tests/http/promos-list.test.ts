// What the list of the admin page asks: configs, what was given and what is left of limits; pausing several at once; what
// the goods are like.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handler as countOrders } from '../../functions/count-orders.ts'
import { handler as onNewProduct } from '../../functions/on-new-product.ts'
import { handler as reloadPromos } from '../../functions/reload-promos.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { allFunctions, functionOf } from '../support/all-functions.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'
import { createMemoryObjects } from '../support/memory-objects.ts'
import { saveUnderOtherRules } from '../support/promos.ts'

let shop: HttpShop
let token: string
let admin: string

const ask = (name: string, options: RequestOptions = {}) => {
  const { handler, route } = functionOf(name)
  return call(handler, route, { token, ...options })
}
const put = (id: string, config: object, expected_version = 0) =>
  ask('put-promo', { params: { id }, json: { config, expected_version, reason: 'the sale' } })
const actions = [{ type: 'percent_off', value: 10 }]

const of = (...types: string[]) => ({ 'detail-type': types })

beforeAll(async () => {
  shop = await openHttpShop([
    { name: 'reload-promos', pattern: of('promo_changed'), handler: reloadPromos },
    { name: 'on-new-product', pattern: of('new_product'), handler: onNewProduct },
    {
      name: 'count-orders',
      pattern: of('order_placed', 'order_cancelled', 'order_returned'),
      handler: countOrders,
    },
  ])
  shop.deps.objects = createMemoryObjects()
  provideDeps({ objects: shop.deps.objects })
  token = await shop.token('marketer', 'olha')
  admin = await shop.token('admin')
  const goods = [
    {
      id: 'p1',
      type: 'shorts',
      name: 'Shorts',
      price: 100,
      attributes: { brand: 'Puma', sizes: ['S', 'M'], new: true },
    },
    { id: 'p2', type: 'shorts', name: 'Longs', price: 50, attributes: { brand: 'Puma', weight: 2 } },
    { id: 'p3', type: 'bread', name: 'Bread', price: 1, attributes: { brand: 'Own', name: 'other' } },
  ]
  for (const json of goods) await ask('post-products', { token: admin, json })
  await put('ten', { state: 'live', actions, limits: { uses: 3, budget: 50 }, title: 'Ten off' })
  await put('five', { state: 'live', actions: [{ type: 'cashback', value: 5 }] })
  await put('later', { state: 'draft', actions })
  await put('tried', { state: 'test', actions })
  await shop.deliver()
  shop.clock.ms += 3_000
  const customer = { id: 'c1', first_name: 'A', last_name: 'B', address: 'C' }
  await ask('post-events', { token: admin, json: [{ type: 'new_customer', data: customer }], query: { via: 'table' } })
  for (const key of ['k1', 'k2']) {
    const json = { customer_id: 'c1', lines: [{ product_id: 'p1', quantity: 1 }], expected_total_minor: 10_000 }
    const placed = await ask('post-orders', { token: admin, json, headers: { 'idempotency-key': key } })
    expect([placed.status, placed.body]).toEqual([200, placed.body])
  }
  await shop.deliver()
})
afterAll(() => shop.close())

type Entry = { id: string; config?: object; usage?: object }
const list = async (query: Record<string, string> = {}): Promise<Entry[]> =>
  (await ask('list-promos', { query })).json().items

test('without being asked for it a listing has neither configs nor what was given', async () => {
  for (const entry of await list()) {
    expect(Object.keys(entry)).not.toContain('config')
    expect(Object.keys(entry)).not.toContain('usage')
  }
})

test('what was given, and what is used of the limits that there are', async () => {
  const entries = await list({ include: 'usage,config' })
  expect(entries.map(({ id, usage }) => [id, usage])).toEqual([
    ['five', { redemptions: 2, discount_minor: 0, credit_minor: 900, limits: {} }],
    ['later', { redemptions: 0, discount_minor: 0, credit_minor: 0, limits: {} }],
    [
      'ten',
      {
        ...{ redemptions: 2, discount_minor: 2_000, credit_minor: 0 },
        limits: { uses: { used: 2, most: 3 }, budget_minor: { used: 2_000, most: 5_000 } },
      },
    ],
    ['tried', { redemptions: 0, discount_minor: 0, credit_minor: 0, limits: {} }],
  ])
  expect(entries[2]?.config).toEqual({
    ...{ id: 'ten', state: 'live', title: 'Ten off', actions },
    limits: { uses: 3, budget: 50 },
  })
})

test.each([
  ['live', ['five', 'ten']],
  ['test', ['tried']],
  ['draft', ['later']],
])('those in state %s', async (state, ids) => {
  expect((await list({ state })).map(({ id }) => id)).toEqual(ids)
})

test('by state, page by page, until the end', async () => {
  const ids: string[] = []
  let after: string | undefined
  do {
    const query = { state: 'live', limit: '1', ...(after !== undefined && { after }) }
    const page: { items: Entry[]; next?: string } = (await ask('list-promos', { query })).json()
    ids.push(...page.items.map(({ id }) => id))
    after = page.next
  } while (after !== undefined)
  expect(ids).toEqual(['five', 'ten'])
})

test.each([{ include: 'config,config' }, { include: '' }, { include: 'secrets' }, { state: 'ended' }])(
  'a listing does not take %j',
  async (query) => {
    const { status, json } = await ask('list-promos', { query })
    expect([status, json().code]).toEqual([400, 'invalid_input'])
  },
)

test('what the goods are like, the most frequent first', async () => {
  const { json, headers } = await ask('get-catalogue-attributes')
  expect(json()).toMatchObject({ products: 3, cut: false })
  const byName = new Map(json().attributes.map((one: { name: string }) => [one.name, one]))
  expect(byName.get('brand')).toEqual({
    ...{ name: 'brand', products: 3, kinds: ['text'], more_values: false },
    values: [
      { value: 'Puma', products: 2 },
      { value: 'Own', products: 1 },
    ],
  })
  expect(byName.get('sizes')).toMatchObject({ kinds: ['list'], values: [{ value: 'M' }, { value: 'S' }] })
  expect(byName.get('new')).toMatchObject({ kinds: ['boolean'], values: [{ value: true, products: 1 }] })
  expect(byName.get('type')).toMatchObject({ values: [{ value: 'shorts' }, { value: 'bread' }] })
  // As orders have it: the product's own name, not an attribute that is called so.
  expect(byName.get('name')).toMatchObject({
    products: 3,
    values: [{ value: 'Bread' }, { value: 'Longs' }, { value: 'Shorts' }],
  })
  const again = await ask('get-catalogue-attributes', { headers: { 'if-none-match': String(headers.etag) } })
  expect(again.status).toBe(304)
})

test('the days of a range', async () => {
  const { json } = await ask('get-promo-statistics', { query: { from: '2022-04-24', to: '2022-04-25' } })
  expect(json()).toMatchObject({
    time_zone: 'Europe/Kyiv',
    days: [
      { day: '2022-04-24', orders: 2, paid_minor: 18_000, discount_minor: 2_000 },
      { day: '2022-04-25', orders: 0 },
    ],
  })
  const bad = await ask('get-promo-statistics', { query: { from: '2022-04-24', to: '2022-09-25' } })
  expect([bad.status, bad.json().code]).toEqual([400, 'time_range'])
})

const pause = (json: object) => ask('post-pause', { json })

test('some are paused, whatever the others are; nothing else of them changes', async () => {
  const { status, json } = await pause({ promos: ['ten', 'later', 'ghost', 'ten'], reason: 'sold out' })
  expect(status).toBe(200)
  expect(json()).toEqual({
    paused: [{ id: 'ten', version: 2 }],
    unchanged: ['later'],
    failed: [{ id: 'ghost', code: 'unknown_promo', message: expect.stringContaining('ghost') }],
    more: false,
  })
  const { json: promo } = await ask('get-promo', { params: { id: 'ten' } })
  expect(promo()).toMatchObject({ state: 'draft', saved_by: 'olha', reason: 'sold out' })
  expect(promo().config).toEqual({
    ...{ id: 'ten', state: 'draft', title: 'Ten off', actions },
    limits: { uses: 3, budget: 50 },
  })
})

test('all are paused at once, and then there is nothing left to pause', async () => {
  expect((await pause({ all: true, reason: 'a wrong price' })).json()).toEqual({
    paused: [
      { id: 'five', version: 2 },
      { id: 'tried', version: 2 },
    ],
    ...{ unchanged: [], failed: [], more: false },
  })
  expect((await pause({ all: true, reason: 'again' })).json().paused).toEqual([])
  expect((await list()).map((entry) => 'state' in entry && entry.state)).toEqual(['draft', 'draft', 'draft', 'draft'])
})

test('pausing keeps what somebody else saves at the same time', async () => {
  await put('busy', { state: 'live', actions })
  const [saved, paused] = await Promise.all([
    put('busy', { state: 'live', actions, title: 'Renamed' }, 1),
    pause({ promos: ['busy'], reason: 'now' }),
  ])
  const { json } = await ask('get-promo', { params: { id: 'busy' } })
  if (saved.status === 200) expect(json().config.title).toBe('Renamed')
  else expect(saved.json().code).toBe('promo_version_conflict')
  expect(paused.json().paused).toHaveLength(1)
  expect(json().state).toBe('draft')
})

test('more than a hundred are paused in several requests', async () => {
  for (let i = 0; i < 101; i++) await put(`many-${i}`, { state: 'live', actions })
  const first = (await pause({ all: true, reason: 'stop' })).json()
  expect([first.paused.length, first.more]).toEqual([100, true])
  const second = (await pause({ all: true, reason: 'stop' })).json()
  expect([second.paused.length, second.more]).toEqual([1, false])
})

test.each([
  {},
  { promos: [], reason: 'r' },
  { promos: ['a'] },
  { promos: ['a'], all: true, reason: 'r' },
  { all: false, reason: 'r' },
  { promos: Array.from({ length: 101 }, (_, i) => `p${i}`), reason: 'r' },
])('a pause does not take %j', async (json) => {
  expect((await pause(json)).status).toBe(400)
})

test('everything that the page reads or writes is for marketers and admins alone', () => {
  const pages = allFunctions.filter(({ route }) => /^\/(?:promos|statistics|catalogue)/.test(route.path))
  expect(pages.length).toBeGreaterThan(8)
  for (const { route } of pages) expect(route.roles).toEqual(['marketer', 'admin'])
})

test('which of them were saved under other rules, and what is wrong with those', async () => {
  await saveUnderOtherRules(shop.deps, 'aged')
  const [first, ...others] = await list()
  expect(first).toMatchObject({ id: 'aged', faults: [{ pointer: '/actions/0/type' }] })
  for (const entry of others) expect(entry).not.toHaveProperty('faults')
  const one = (await ask('get-promo', { params: { id: 'aged' } })).json()
  expect(one).toMatchObject({ state: 'live', faults: [{ pointer: '/actions/0/type' }] })
  expect((await ask('get-promo', { params: { id: 'ten' } })).json()).not.toHaveProperty('faults')

  const paused = await ask('post-pause', { json: { promos: ['aged'], reason: 'no good any more' } })
  expect(paused.json()).toMatchObject({ paused: [{ id: 'aged', version: 2 }], failed: [] })
})
