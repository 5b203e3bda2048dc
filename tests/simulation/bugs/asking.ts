// Bugs of what people ask for and are told: totals that they were shown, tries that count twice, money that comes back.

import { contentHash } from '../../../lib/app/content-hash.ts'
import type { Envelope } from '../../../lib/ports/bus.ts'
import type { Item, Table, WriteOp } from '../../../lib/ports/table.ts'
import type { SimDeps } from '../parts.ts'
import {
  aroundHandlers,
  type Bug,
  blindTo,
  busWith,
  chain,
  inRelay,
  isMarker,
  isOutbox,
  keyOf,
  tableWith,
  unconditional,
  writing,
} from './plant.ts'

const isPut = (op: WriteOp): op is WriteOp & { op: 'put' } => op.op === 'put'

type Refunded = { refund_minor: number }

/** More than was paid: every refund in whole units of money. In the event, the return, the order and the document alike. */
const roundedUp = tableWith((table) => ({
  write: (ops) => {
    const told = ops.find((op) => isPut(op) && isOutbox(op.item.pk)) as (WriteOp & { op: 'put' }) | undefined
    const event = told?.item.event as (Envelope & { data: Refunded }) | undefined
    if (event?.type !== 'order_returned') return table.write(ops)
    const more = Math.ceil(event.data.refund_minor / 100) * 100 - event.data.refund_minor
    const retold = { ...event, data: { ...event.data, refund_minor: event.data.refund_minor + more } }
    return table.write(
      ops.map((op): WriteOp => {
        if (!isPut(op)) return op
        const { item } = op
        if (isMarker(item.pk)) return { ...op, item: { ...item, hash: contentHash(retold) } }
        if (isOutbox(item.pk)) return { ...op, item: { ...item, event: retold } }
        if (typeof item.refund_minor === 'number')
          return { ...op, item: { ...item, refund_minor: item.refund_minor + more } }
        const back = item.given_back as Refunded | undefined
        if (!back) return op
        const given_back = { ...back, refund_minor: back.refund_minor + more }
        const revision = String(item.revision).replace(` ${back.refund_minor} `, ` ${given_back.refund_minor} `)
        return { ...op, item: { ...item, given_back, revision } as Item }
      }),
    )
  },
}))

const isOfCustomer = (op: WriteOp): boolean => /^redeemed#.*#customer#/.test(keyOf(op).pk)

/** Counters of limits under other keys, wherever they are read and written. */
const otherKeys = (rename: (pk: string) => string) =>
  tableWith((table) => ({
    get: (keys) => table.get(keys.map((key) => ({ ...key, pk: rename(key.pk) }))),
    query: (query) => table.query({ ...query, pk: rename(query.pk) }),
    write: (ops) =>
      table.write(ops.map((op) => (op.op === 'count' ? { ...op, key: { ...op.key, pk: rename(op.key.pk) } } : op))),
  }))

/** Of one process: gone with it, and unknown to the others. */
const memories = new WeakMap<Table, Set<string>>()

export const askingBugs: Bug[] = [
  {
    name: 'the total that the customer was shown is not looked at',
    plant: (parts) => ({
      ...parts,
      placeOrder: (deps, request, engine) =>
        parts.placeOrder(deps, { ...request, expectedTotalMinor: Number.MAX_SAFE_INTEGER }, engine),
    }),
  },
  {
    name: 'each try of an order is an order of its own',
    plant: (parts) => ({
      ...parts,
      placeOrder: (deps, request, engine) =>
        parts.placeOrder(
          deps,
          { ...request, orderId: `${request.orderId}-${(deps as SimDeps).random.next()}` },
          engine,
        ),
    }),
  },
  {
    name: 'each try of a return is a return of its own',
    plant: (parts) => ({
      ...parts,
      returnUnits: (deps, request) =>
        parts.returnUnits(deps, { ...request, returnId: `${request.returnId}-${(deps as SimDeps).random.next()}` }),
    }),
  },
  {
    name: 'what is given back for a return is rounded up',
    plant: (parts) => ({
      ...parts,
      returnUnits: (deps, request) => parts.returnUnits(roundedUp(deps as SimDeps), request),
    }),
  },
  {
    name: 'purchases of an order do not say what was taken off',
    plant: inRelay(
      busWith((bus) => (events) => {
        const full = (event: Envelope): Envelope =>
          event.type !== 'customer_buys_product' ? event : { ...event, data: { ...event.data, discount_minor: 0 } }
        return bus.publish(events.map(full))
      }),
    ),
  },
  {
    name: 'a cancelled order gives its limits back again when it is replayed',
    plant: aroundHandlers(['on-order-cancelled'], (handle) => async (deps, event, delivery) => {
      await handle(deps, event, delivery)
      const { order_id, releases } = event.detail.data as { order_id: string; releases: { promo: number }[] }
      if (!delivery.replay || releases.length === 0) return
      const [order] = await deps.table.get([{ pk: `order#${order_id}`, sk: 'order' }])
      const promos = order?.promos as { id: string }[] | undefined
      const [promo] = promos ?? []
      if (promo)
        await deps.table.write([
          { op: 'count', key: { pk: `redeemed#${promo.id}#shard#0`, sk: 'count' }, add: { uses: -1 } },
        ])
    }),
  },
  {
    name: 'orders are counted again when they are replayed',
    plant: aroundHandlers(
      ['count-orders'],
      (handle) => (deps, event, delivery) =>
        handle(delivery.replay ? chain(blindTo(isMarker), unconditional(isMarker))(deps) : deps, event, delivery),
    ),
  },
  {
    name: 'what a customer has had of a promotion is counted by the first letter of the customer',
    plant: (parts) => ({
      ...parts,
      placeOrder: (deps, request, engine) =>
        parts.placeOrder(
          otherKeys((pk) => pk.replace(/#customer#(.).*$/, '#customer#$1'))(deps as SimDeps),
          request,
          engine,
        ),
    }),
  },
  {
    name: 'a code is counted as it was typed',
    plant: (parts) => ({
      ...parts,
      placeOrder: (deps, request, engine) => {
        const typed = request.cart.codes?.[0] ?? ''
        const rename = (pk: string): string =>
          pk.replace(/#code#(.*?)(?=#|$)/, (text, code) => (code === typed.toUpperCase() ? `#code#${typed}` : text))
        return parts.placeOrder(otherKeys(rename)(deps as SimDeps), request, engine)
      },
    }),
  },
  {
    name: 'a cancelled order keeps what its customer has had',
    plant: (parts) => ({
      ...parts,
      cancelOrder: (deps, request) =>
        parts.cancelOrder(writing((op) => (isOfCustomer(op) ? undefined : op))(deps as SimDeps), request),
    }),
  },
  {
    name: 'what was handled is remembered by the process, not by the table',
    plant: aroundHandlers(['on-customer-buys-product', 'count-stock'], (handle) => async (deps, event, delivery) => {
      const known = memories.get(deps.table) ?? new Set()
      memories.set(deps.table, known)
      const what = `${event['detail-type']} ${event.detail.id}`
      if (known.has(what)) return
      await handle(chain(blindTo(isMarker), unconditional(isMarker))(deps), event, delivery)
      known.add(what)
    }),
  },
  {
    name: 'events from people whose clocks are ahead are refused',
    plant: aroundHandlers(
      ['on-customer-buys-product', 'on-new-customer', 'on-new-product'],
      (handle) => (deps, event, delivery) =>
        handle({ ...deps, clock: { now: () => deps.clock.now() - 5 * 60_000 } }, event, delivery),
    ),
  },
  {
    name: 'a redriven letter is gone whatever its function says',
    plant: (parts) => ({
      ...parts,
      redriveDue: (deps) => {
        const call: typeof deps.functions.call = async (name, event) => {
          await deps.functions.call(name, event)
          return { ok: true }
        }
        return parts.redriveDue({ ...deps, functions: { ...deps.functions, call } })
      },
    }),
  },
  {
    name: 'a discarded letter is deleted',
    plant: (parts) => ({
      ...parts,
      createDeadLetters: (deps) => {
        const letters = parts.createDeadLetters(deps)
        return {
          ...letters,
          discard: async (id, reason) => {
            await letters.discard(id, reason)
            await deps.table.write([{ op: 'delete', key: { pk: `deadletter#${id}`, sk: 'letter' } }])
          },
        }
      },
    }),
  },
  {
    name: 'it is noted that a customer was greeted, and no voucher is given',
    plant: aroundHandlers(
      ['greet-city'],
      (handle) => (deps, event, delivery) =>
        handle(writing((op) => (isOutbox(keyOf(op).pk) ? undefined : op))(deps), event, delivery),
    ),
  },
  {
    name: 'others are told of a customer as it was before',
    plant: aroundHandlers(['on-new-customer'], (handle) => (deps, event, delivery) => {
      let before: Item | undefined
      const stale = tableWith((table) => ({
        get: async (keys) => {
          const items = await table.get(keys)
          before = items.find((item) => item?.sk === 'profile') ?? before
          return items
        },
        write: (ops) =>
          table.write(
            ops.map((op) => {
              const told = isPut(op) && (op.item.event as Envelope | undefined)
              if (!isPut(op) || !told || told.type !== 'customer_updated' || !before) return op
              const { first_name, address } = before
              const event = {
                ...told,
                data: { ...told.data, first_name: first_name as string, address: address as string },
              }
              return { ...op, item: { ...op.item, event } }
            }),
          ),
      }))
      return handle(stale(deps), event, delivery)
    }),
  },
  {
    name: 'a roll back saves what is current',
    plant: (parts) => ({
      ...parts,
      rollBackPromo: (deps, request) =>
        parts.rollBackPromo(
          {
            ...deps,
            table: {
              ...deps.table,
              get: (keys) =>
                deps.table.get(
                  keys.map((key) =>
                    key.pk.startsWith('promo#')
                      ? {
                          ...key,
                          sk: key.sk.replace(/\d+$/, (digits) =>
                            String(request.expectedVersion).padStart(digits.length, '0'),
                          ),
                        }
                      : key,
                  ),
                ),
            },
          },
          request,
        ),
    }),
  },
  {
    name: 'a rebuild leaves out what was sent back',
    plant: (parts) => ({
      ...parts,
      foldLog: (archive, projections, onProgress) =>
        parts.foldLog(
          archive,
          projections.filter(({ name }) => name !== 'on-order-returned'),
          onProgress,
        ),
    }),
  },
  {
    name: 'a rebuild takes prices in the order of the log',
    plant: (parts) => ({
      ...parts,
      foldLog: async (archive, projections) => {
        let events = 0
        for await (const { event } of archive.read({ from: '', to: '' })) {
          events++
          for (const { wants, apply } of projections) if (wants(event)) await apply(event).catch(() => {})
        }
        return { events, unhandled: [] }
      },
    }),
  },
  {
    name: 'who reconciles takes cancelled orders for placed ones',
    plant: (parts) => ({
      ...parts,
      reconcile: (table, settings) =>
        parts.reconcile(
          {
            ...table,
            scan: async function* (options) {
              for await (const item of table.scan(options))
                yield item.state === 'cancelled' && item.sk === 'order' ? { ...item, state: 'placed' } : item
            },
          },
          settings,
        ),
    }),
  },
]
