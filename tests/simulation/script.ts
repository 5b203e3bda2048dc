// What people and machines do to the shop in one schedule: drawn from its seed. Few ids and few moments, so that they
// meet often.
import type { KramEvent } from '../../events/catalog.ts'
import { makeEvent } from '../../events/event.ts'
import { voucherGranted } from '../../events/voucher-granted.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import { type Instant, toInstant, toMs } from '../../lib/base/time.ts'
import * as made from '../support/events.ts'
import type { Action } from './actions.ts'
import { frozen } from './json.ts'
import type { Bounds } from './oracle-orders.ts'
import type { Rng } from './random.ts'

export const beginning: Instant = '2022-04-30T23:59:58.000Z'

const moments = Array.from({ length: 6 }, (_, i) => toInstant(toMs(beginning) + 1_000 * i))
const moment = (rng: Rng): Instant => rng.pick(moments)
/** Nobody is greeted there. */
const quiet = 'ul. Polna 1\n30-001 Kraków'
const addresses = ['Rynek 2\n12-612 Dąbrowa Górnicza', quiet, quiet]
const customers = ['c1', 'c1', 'c2', 'c3']
const products = ['p1', 'p1', 'p2']

/** Some 10 MB. */
const mostKept = 10_000
const kept = new Map<string, KramEvent>()

/**
 * Schedules say the same few things again and again: each is one frozen event for all of them, which is checked and
 * hashed once.
 */
const once =
  <Args extends unknown[], Made extends KramEvent>(make: (...args: Args) => Made) =>
  (...args: Args): Made => {
    const what = `${make.name} ${JSON.stringify(args)}`
    const found = kept.get(what)
    if (found) return found as Made
    if (kept.size === mostKept) kept.clear()
    const event = frozen(make(...args))
    kept.set(what, event)
    return event
  }

const customer = once(made.customer)
const product = once(made.product)
const purchase = once(made.purchase)

/** Whole cents of a few złoty: few enough to come again, and hardly ever the same twice in one schedule. */
const price = (rng: Rng): number => (1 + 31 * rng.below(32)) / 100

/** Given by hand, and perhaps twice. */
const gift = (rng: Rng, owner: string, id: string): KramEvent =>
  makeEvent(
    voucherGranted,
    { id: `gift#${owner}`, customer_id: owner, kind: rng.pick(['gift', 'present']) },
    { id, time: moment(rng) },
  )

function event(rng: Rng, id: string): KramEvent {
  const when = `${id}@${moment(rng)}`
  const kind = rng.below(12)
  if (kind < 3)
    return customer(when, {
      id: rng.pick(customers),
      first_name: rng.pick(['Ala', 'Ola']),
      address: rng.pick(addresses),
    })
  if (kind < 6) {
    const type = rng.pick(['chleb', 'masło'])
    return product(when, { id: rng.pick(products), type, price: price(rng), attributes: { mark: id } })
  }
  if (kind === 6) return gift(rng, rng.pick(customers), id)
  const data = { customer_id: rng.pick(customers), product_id: rng.pick(products), quantity: 1 + rng.below(9) }
  if (kind > 7) return purchase(when, data)
  const line = { order_id: 'o1', line_id: id, price_minor: rng.below(1_000), discount_minor: rng.below(100) }
  return purchase(when, { ...data, ...line }, 'kram.orders')
}

/** What nobody should send: each is refused by whoever would handle it, or recorded as unknown. */
function poison(rng: Rng, id: string): JsonObject {
  const good = purchase(`${id}@${moment(rng)}`, { customer_id: rng.pick(customers) }) as unknown as JsonObject & {
    data: JsonObject
  }
  const spoiled: JsonObject[] = [
    { ...good, data: { ...good.data, quantity: 0 } },
    { ...good, data: { ...good.data, colour: 'red' } },
    { ...good, data: { ...good.data, price_minor: 1 } },
    { ...good, dataschema: 'urn:kram:customer_buys_product:7' },
    { ...good, time: 'yesterday' },
    { ...good, time: toInstant(toMs(beginning) + 10 * 86_400_000) },
    { ...good, type: 'nobody_knows', dataschema: 'urn:kram:nobody_knows:1' },
    { id, hello: 'world' },
  ]
  const detail = rng.pick(spoiled)
  const type = typeof detail.type === 'string' ? detail.type : 'customer_buys_product'
  return {
    ...{ version: '0', id: `foreign-${id}`, 'detail-type': type, source: 'kram.shop', account: '000000000000' },
    ...{ time: '2022-05-01T00:00:00Z', region: 'local', resources: [], detail },
  }
}

const configs = (rng: Rng): JsonObject => ({
  state: rng.pick(['live', 'live', 'test', 'draft']),
  actions: [{ type: 'percent_off', value: rng.pick([5, 20, 50]) }],
})

type Draft = {
  actions: Action[]
  rng: Rng
  /** A new id of an event. */
  id: () => string
}

function record({ actions, rng }: Draft, ...events: KramEvent[]): void {
  const via = rng.chance(0.3) ? 'table' : 'bus'
  actions.push({ do: 'record', events, via, laterEachTry: rng.chance(0.2) })
}

function opening(draft: Draft): void {
  const { rng, id } = draft
  if (rng.chance(0.1)) return
  record(draft, customer(`${id()}@${moment(rng)}`, { address: rng.pick(addresses) }), product(`${id()}@${moment(rng)}`))
}

function savePromo({ actions, rng }: Draft): void {
  const reason = `change ${actions.length}`
  const saved = actions.filter((action) => action.do === 'save')
  if (saved.length > 0 && rng.chance(0.25)) actions.push({ do: 'roll_back', promo: rng.pick(saved).promo, reason })
  else actions.push({ do: 'save', promo: rng.pick(['a', 'b', 'c']), config: configs(rng), reason })
}

function anything(draft: Draft): void {
  const { actions, rng, id } = draft
  const kind = rng.below(20)
  if (kind < 10) record(draft, ...Array.from({ length: rng.pick([1, 1, 1, 2]) }, () => event(rng, id())))
  else if (kind < 13) {
    actions.push({ do: 'inject', event: poison(rng, id()) })
    if (rng.chance(0.5)) actions.push({ do: rng.pick(['discard', 'discard', 'redrive']) })
    if (rng.chance(0.2)) actions.push({ do: 'discard_aside', kind: 'unknown' })
  } else if (kind === 13) aClash(draft)
  else if (kind === 14) actions.push({ do: 'read', customer: rng.pick(customers) })
  else if (kind < 18) savePromo(draft)
  else actions.push({ do: rng.pick(['redrive', 'discard', 'replay', 'sweep', 'reload']) })
}

/** One customer, one product and its prices, all at once. */
function aRush(draft: Draft): void {
  const { actions, rng, id } = draft
  for (let prices = rng.pick([0, 0, 1, 1, 2]); prices > 0; prices--) {
    record(draft, product(`${id()}@${moment(rng)}`, { price: price(rng), type: rng.pick(['chleb', 'masło']) }))
  }
  for (let count = rng.pick([2, 2, 2, 2, 3, 4]); count > 0; count--) {
    record(draft, purchase(`${id()}@${moment(rng)}`, { quantity: 1 + rng.below(9) }))
  }
  if (rng.chance(0.4)) actions.push({ do: 'read', customer: 'c1' })
}

/** Several who say something of one thing: who a customer is, what a product costs, what a gift is, what an id means. */
function aClash(draft: Draft): void {
  const { rng, id } = draft
  const what = rng.below(4)
  if (what === 0 || what === 3) opening(draft)
  const first = purchase(`${id()}@${moment(rng)}`)
  if (what === 0) record(draft, first)
  for (let count = rng.pick([2, 2, 3]); count > 0; count--) {
    const when = `${id()}@${moment(rng)}`
    if (what === 0) record(draft, { ...first, data: { ...first.data, quantity: 3 + rng.below(3) } })
    else if (what === 1) record(draft, customer(when, { first_name: rng.pick(['Ala', 'Ola']), address: quiet }))
    else if (what === 2) record(draft, product(when, { price: price(rng), attributes: { mark: when } }))
    else record(draft, gift(rng, 'c1', id()))
  }
}

/** What the table takes, and then the bus refuses, since it has the id for something else, lies aside: people see to it. */
function anIdTwice({ actions, rng, id }: Draft): void {
  const known = [customer(`${id()}@${moment(rng)}`, { address: quiet }), product(`${id()}@${moment(rng)}`)]
  const first = purchase(`${id()}@${moment(rng)}`)
  const other = { ...first, data: { ...first.data, quantity: 3 + rng.below(3) } }
  actions.push({ do: 'given', events: known })
  for (const [via, event] of [['bus', first] as const, ['table', other] as const]) {
    actions.push({ do: 'record', events: [event], via, laterEachTry: false })
  }
  for (let count = rng.pick([2, 2, 3]); count > 0; count--) {
    actions.push(rng.pick<Action>([{ do: 'resend' }, { do: 'discard_aside', kind: 'unsent' }]))
  }
}

/** What cannot be handled yet becomes dead letters, can be later, and people see to it meanwhile. */
function aLateCustomer(draft: Draft): void {
  const { actions, rng, id } = draft
  actions.push({ do: 'given', events: [product(`${id()}@${moment(rng)}`, { type: 'masło' })] })
  for (let count = rng.pick([1, 1, 1, 2]); count > 0; count--) {
    record(draft, purchase(`${id()}@${moment(rng)}`, { quantity: 1 + rng.below(9) }))
  }
  const known = customer(`${id()}@${moment(rng)}`, { address: quiet })
  const afterMs = rng.pick([200_000, 200_000, 400_000])
  actions.push({ do: 'record', events: [known], via: 'bus', laterEachTry: false, afterMs })
  for (let count = rng.pick([0, 0, 1, 2, 3]); count > 0; count--) {
    actions.push({ do: rng.pick(['redrive', 'redrive', 'discard', 'look']) })
  }
}

const paused = [
  { promos: undefined, reason: 'enough' },
  { promos: ['a', 'b'], reason: 'enough of these' },
]

/** Several people edit promotions at once. */
function aSale(draft: Draft): void {
  for (let saves = draft.rng.pick([2, 2, 2, 3, 3, 4]); saves > 0; saves--) savePromo(draft)
  if (draft.rng.chance(0.15)) draft.actions.push({ do: 'pause', ...draft.rng.pick(paused) })
  for (let reloads = draft.rng.pick([0, 1, 2, 2]); reloads > 0; reloads--) draft.actions.push({ do: 'reload' })
}

/** Somebody replays the log while the shop goes on. */
function aReplay(draft: Draft): void {
  const { actions, rng, id } = draft
  if (rng.chance(0.5)) record(draft, event(rng, id()))
  for (let replays = rng.pick([1, 1, 2]); replays > 0; replays--) actions.push({ do: 'replay' })
}

const bounded = [
  'uses',
  'uses',
  'customer_uses',
  'budget_minor',
  'code_uses',
  'code_uses',
  'code_customer_uses',
] as const

const limited = (rng: Rng): { config: JsonObject; bounds: Bounds } => {
  const several = rng.chance(0.25)
  // One alone is raced for; of several, mostly only one is ever reached.
  const one = rng.pick(bounded)
  const isBounded = (name: keyof Bounds): boolean => (several ? rng.chance(0.4) : name === one)
  const bounds: Bounds = {
    ...(isBounded('uses') && { uses: rng.pick([1, 1, 2]) }),
    ...(isBounded('customer_uses') && { customer_uses: 1 }),
    ...(isBounded('budget_minor') && { budget_minor: rng.pick([40, 80, 120, 200]) }),
    ...(isBounded('code_uses') && { code_uses: rng.pick([1, 1, 1, 2]) }),
    ...(isBounded('code_customer_uses') && { code_customer_uses: 1 }),
  }
  const { uses, customer_uses, budget_minor, code_uses, code_customer_uses } = bounds
  const each = {
    ...(code_uses !== undefined && { uses: code_uses }),
    ...(code_customer_uses !== undefined && { customer_uses: code_customer_uses }),
  }
  const byCode = Object.keys(each).length > 0
  const all = {
    ...(uses !== undefined && { uses }),
    ...(customer_uses !== undefined && { customer_uses }),
    ...(budget_minor !== undefined && { budget: budget_minor / 100 }),
    ...(byCode && { each_code: each }),
  }
  const actions = [
    { type: 'percent_off', value: 50 },
    ...(rng.chance(0.3) ? [{ type: 'cashback', value: 10 }] : []),
    ...(rng.chance(0.2) ? [{ type: 'gift', value: 'a cup' }] : []),
    ...(rng.chance(0.2) ? [{ type: 'voucher', value: 'free coffee' }] : []),
  ]
  const config = { state: 'live', actions, ...((byCode || rng.chance(0.1)) && { codes: ['A', 'b'] }) }
  return { config: Object.keys(all).length > 0 ? { ...config, limits: all } : config, bounds }
}

/** What is done with an order afterwards: parts of it come back, it is cancelled, perhaps both at once. */
function secondThoughts({ actions, rng }: Draft, order: string, units: number): void {
  if (rng.chance(0.2)) actions.push({ do: 'cancel', order })
  if (rng.chance(0.1)) actions.push({ do: 'cancel', order })
  const returns = rng.pick([0, 0, 0, 1, 1, 2])
  for (let i = 0; i < returns; i++) {
    const one: Action = { do: 'return', order, key: `${order}r${i}`, units: rng.chance(0.5) ? 1 : units }
    actions.push(one)
    if (rng.chance(0.3)) actions.push(one)
  }
}

/** Several people want what is limited, at once; some change their minds, and so may whoever set the limit. */
function aHotLimit(draft: Draft): void {
  const { actions, rng } = draft
  const who = rng.pick([['c1', 'c2'], ['c1', 'c2'], ['c1', 'c2'], ['c1', 'c2'], ['c1']])
  const known = who.map((id) => customer(`${draft.id()}@${moment(rng)}`, { id, address: quiet }))
  // To a product of this type belongs no voucher: so there is the more time for orders.
  const events = [...known, product(`${draft.id()}@${moment(rng)}`, { type: 'masło' })]
  if (rng.chance(0.8)) actions.push({ do: 'given', events })
  else record(draft, ...events)
  actions.push({ do: 'limit', promo: 'hot', ...limited(rng), late: false })
  const count = rng.pick([2, 2, 2, 2, 3, 4])
  const first = rng.below(2)
  const codes = rng.pick([['a'], ['a'], ['b'], ['B', 'a']])
  for (let i = 0; i < count; i++) {
    const order = `o${i}`
    const units = 1 + rng.below(4)
    const one: Action = {
      ...{ do: 'order', order, customer: who[(first + i) % who.length] ?? 'c1', units },
      codes: rng.chance(0.85) ? codes : rng.pick([['a'], ['b'], []]),
      // Too little: the shop says what it comes to.
      ...{ shown: rng.chance(0.15) ? 0 : 1_000_000, engineFails: rng.chance(0.1) },
    }
    actions.push(one)
    if (rng.chance(0.12)) actions.push(one)
    if (rng.chance(0.5)) secondThoughts(draft, order, units)
  }
  if (rng.chance(0.15)) actions.push({ do: 'limit', promo: 'hot', ...limited(rng), late: true })
  else if (rng.chance(0.05)) actions.push({ do: 'pause', promos: undefined, reason: 'a mistake' })
}

/** What goes on for a while. */
function aStory(draft: Draft): void {
  const theme = draft.rng.below(20)
  if (theme < 5) aSale(draft)
  else if (theme < 7) aLateCustomer(draft)
  else if (theme < 9) aHotLimit(draft)
  else if (theme < 12) draft.rng.chance(0.7) ? aClash(draft) : anIdTwice(draft)
  else {
    opening(draft)
    if (theme < 13) aRush(draft)
    else if (theme < 17) aReplay(draft)
    else for (let count = draft.rng.pick([1, 1, 2]); count > 0; count--) anything(draft)
  }
}

/** What happens in one schedule, in the order of its beginning: mostly little, and now and then much. */
export function drawScript(rng: Rng): Action[] {
  let made = 0
  const draft: Draft = { actions: [], rng, id: () => `${rng.pick(['e', 'f', 'g', 'h'])}${++made}` }
  for (let stories = rng.chance(0.985) ? 1 : rng.pick([2, 2, 3, 4, 8]); stories > 0; stories--) aStory(draft)
  return draft.actions
}
