// Bugs of what a purchase leaves behind: its price, its key, its counters, its vouchers.
import type { Item, WriteOp } from '../../../lib/ports/table.ts'
import type { SimDeps } from '../parts.ts'
import {
  aroundHandlers,
  type Bug,
  blindTo,
  chain,
  inHandlers,
  isMarker,
  isOutbox,
  keyOf,
  tableWith,
  unconditional,
  writing,
  writingApart,
} from './plant.ts'

const purchase = ['on-customer-buys-product']
const reactors = ['greet-city', 'score-customer']

const isPurchase = (op: WriteOp): op is WriteOp & { op: 'put' } => op.op === 'put' && op.item.sk.startsWith('purchase#')

/** Counters are read, added to and written back. */
const countingByHand = tableWith((table) => ({
  write: async (ops) => {
    const counts = ops.filter((op) => op.op === 'count')
    const stored = await table.get(counts.map(({ key }) => key))
    const puts = counts.map(({ key, add }, i): WriteOp => {
      const before = stored[i] ?? key
      const sums = Object.entries(add).map(([name, by]) => [name, Number((before as Item)[name] ?? 0) + by])
      return { op: 'put', item: { ...before, ...Object.fromEntries(sums) } }
    })
    return await table.write([...ops.filter((op) => op.op !== 'count'), ...puts])
  },
}))

const latestPrice = tableWith((table) => ({
  query: (query) => {
    const { from: _from, to: _to, ...rest } = query
    return table.query(query.to === undefined ? query : { ...rest, prefix: 'price#' })
  },
}))

export const purchaseBugs: Bug[] = [
  { name: 'the price is looked up late: the one of now', plant: inHandlers(purchase, latestPrice) },
  {
    name: 'the range of prices ends before the moment itself',
    plant: inHandlers(
      purchase,
      tableWith((table) => ({
        query: (query) => table.query(query.to === undefined ? query : { ...query, to: query.to.replace(/\$$/, '') }),
      })),
    ),
  },
  {
    name: 'a purchase keeps no other of its moment: its key has no event id',
    plant: inHandlers(
      purchase,
      writing((op) => (isPurchase(op) ? { ...op, item: { ...op.item, sk: op.item.sk.replace(/#[^#]*$/, '') } } : op)),
    ),
  },
  {
    name: 'the moment of a purchase is taken from the clock',
    plant: inHandlers(
      purchase,
      writing((op, { clock }: SimDeps) =>
        isPurchase(op) ? { ...op, item: { ...op.item, timestamp_ms: clock.now() } } : op,
      ),
    ),
  },
  {
    name: 'statistics are counted in a write of their own',
    plant: inHandlers(
      purchase,
      writingApart((op) => op.op !== 'count'),
    ),
  },
  { name: 'statistics are read, added to and written back', plant: inHandlers(purchase, countingByHand) },
  { name: 'stock is read, added to and written back', plant: inHandlers(['count-stock'], countingByHand) },
  {
    name: 'stock is counted before the event is marked',
    plant: inHandlers(
      ['count-stock'],
      writingApart((op) => !isMarker(keyOf(op).pk)),
    ),
  },
  {
    name: 'of two vouchers with one id the later arrival is kept',
    plant: inHandlers(
      ['on-voucher-granted'],
      chain(
        blindTo((_pk, sk) => sk.startsWith('voucher#')),
        unconditional((_pk, sk) => sk.startsWith('voucher#')),
      ),
    ),
  },
  {
    name: 'vouchers are granted without a guard, once for each event',
    plant: aroundHandlers(reactors, (handle) => (deps, event, delivery) => {
      const unguarded = chain(
        blindTo((pk) => pk.startsWith('decided#')),
        unconditional((pk) => pk.startsWith('decided#')),
        writing((op) => {
          if (op.op !== 'put' || !isOutbox(op.item.pk)) return op
          const id = `voucher#${event.detail.id}`
          const granted = { ...(op.item.event as object), id }
          return { ...op, item: { ...op.item, pk: `outbox#${id}`, event: granted } }
        }),
      )
      return handle(unguarded(deps), event, delivery)
    }),
  },
]
