// Bugs of placing and changing orders: limits, keys, promotions that fail.
import type { Envelope } from '../../../lib/ports/bus.ts'
import type { WriteOp } from '../../../lib/ports/table.ts'
import type { SimDeps } from '../parts.ts'
import {
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
  writingApart,
} from './plant.ts'

type Wrap = (deps: SimDeps) => SimDeps

const inPlacing =
  (wrap: Wrap): Bug['plant'] =>
  (parts) => ({
    ...parts,
    placeOrder: (deps, request, engine) => parts.placeOrder(wrap(deps as SimDeps), request, engine),
  })

const inCancelling =
  (wrap: Wrap): Bug['plant'] =>
  (parts) => ({ ...parts, cancelOrder: (deps, request) => parts.cancelOrder(wrap(deps as SimDeps), request) })

const inReturning =
  (wrap: Wrap): Bug['plant'] =>
  (parts) => ({ ...parts, returnUnits: (deps, request) => parts.returnUnits(wrap(deps as SimDeps), request) })

const isRedemption = (op: WriteOp): boolean => keyOf(op).pk.startsWith('redeemed#')

const unbounded = writing((op) => {
  if (op.op !== 'count' || !isRedemption(op)) return op
  const { atMost: _atMost, ...rest } = op
  return rest
})

/** Bounds that are too wide. */
const raised = (to: (most: number) => number) =>
  writing((op) => {
    if (op.op !== 'count' || !isRedemption(op) || !op.atMost) return op
    return { ...op, atMost: Object.fromEntries(Object.entries(op.atMost).map(([name, most]) => [name, to(most)])) }
  })

const isOfCode = (op: WriteOp): boolean => isRedemption(op) && keyOf(op).pk.includes('#code#')

const withoutCodes = (amounts: { [name: string]: number }) =>
  Object.fromEntries(Object.entries(amounts).filter(([name]) => !name.startsWith('code:')))

const isReturnKey = (pk: string, sk: string): boolean => isMarker(pk) || sk.startsWith('return#')

/** A repeated request finds neither its order nor its marker. */
const isOrderKey = (pk: string, sk: string): boolean => isMarker(pk) || (pk.startsWith('order#') && sk === 'order')

export const orderingBugs: Bug[] = [
  { name: 'a limit is looked up, then taken: the write has no bound', plant: inPlacing(unbounded) },
  {
    name: 'what a limit has given is not looked up, nor bounded',
    plant: inPlacing(
      chain(
        unbounded,
        blindTo((pk) => pk.startsWith('redeemed#')),
      ),
    ),
  },
  {
    name: 'limits are taken in a write after the order’s own',
    plant: inPlacing(writingApart((op) => !isRedemption(op))),
  },
  {
    name: 'the Idempotency-Key is no condition of the order’s write',
    plant: inPlacing(chain(blindTo(isOrderKey), unconditional(isOrderKey))),
  },
  {
    name: 'promotions that fail block the order',
    plant: (parts) => ({
      ...parts,
      placeOrder: async (deps, request, engine) => {
        await engine?.live.current()
        return await parts.placeOrder(deps, request, engine)
      },
    }),
  },
  {
    name: 'an order is told of after its write',
    plant: inPlacing(
      tableWith((table, { bus }) => ({
        write: async (ops) => {
          const told = ops.filter((op) => isOutbox(keyOf(op).pk))
          const written = await table.write(ops.filter((op) => !isOutbox(keyOf(op).pk)))
          if (written.ok) await bus.publish(told.flatMap((op) => (op.op === 'put' ? [op.item.event as Envelope] : [])))
          return written
        },
      })),
    ),
  },
  {
    name: 'an order leaves the outbox before its purchases are on the bus',
    plant: inRelay(
      busWith((bus) => async (events) => {
        if (!events.every(({ source, type }) => source === 'kram.orders' && type === 'customer_buys_product')) {
          return await bus.publish(events)
        }
        await bus.publish(events)
        return { accepted: events.map(({ id }) => id), rejected: [] }
      }),
    ),
  },
  {
    name: 'each shard of a limit gives as much as all may together',
    plant: inPlacing(raised((most) => most * 8 + 8)),
  },
  { name: 'the parts of the shards are rounded up', plant: inPlacing(raised((most) => most + 1)) },
  {
    name: 'shards are levelled with one write for each',
    plant: inPlacing(
      tableWith((table) => ({
        write: async (ops) => {
          if (ops.length < 2 || !ops.every(isRedemption)) return await table.write(ops)
          for (const op of ops) await table.write([op])
          return { ok: true }
        },
      })),
    ),
  },
  {
    name: 'levelling adds to one shard and takes from none',
    plant: inPlacing(
      tableWith((table) => ({
        write: (ops) => {
          const levels = ops.length > 1 && ops.every(isRedemption)
          return table.write(
            levels ? ops.filter((op) => op.op === 'count' && Object.values(op.add).some((by) => by > 0)) : ops,
          )
        },
      })),
    ),
  },
  {
    name: 'the limit of a code is looked up, then taken: the write does not bound it',
    plant: inPlacing(
      writing((op) => {
        if (op.op !== 'count' || !isOfCode(op)) return op
        const { atMost: _atMost, ...rest } = op
        return rest
      }),
    ),
  },
  {
    // That it is not bounded would be no bug: the count of the customer's orders lets one order pass at a time.
    name: 'how often a customer has used a code is not counted',
    plant: inPlacing(
      writing((op) => {
        if (op.op !== 'count' || !isRedemption(op)) return op
        return { ...op, add: withoutCodes(op.add), ...(op.atMost && { atMost: withoutCodes(op.atMost) }) }
      }),
    ),
  },
  {
    name: 'the use of a code is not counted with the promotion’s',
    plant: inPlacing(
      tableWith((table) => ({
        write: (ops) => {
          const isOrder = ops.some((op) => isMarker(keyOf(op).pk))
          return table.write(isOrder ? ops.filter((op) => !isOfCode(op)) : ops)
        },
      })),
    ),
  },
  {
    name: 'a cancelled order keeps the use of its code',
    plant: inCancelling(writing((op) => (isOfCode(op) ? undefined : op))),
  },
  {
    name: 'a cancelled order keeps its limits',
    plant: inCancelling(writing((op) => (isRedemption(op) ? undefined : op))),
  },
  {
    name: 'an order is cancelled without looking whether it was meanwhile',
    plant: inCancelling(unconditional(() => true)),
  },
  {
    name: 'a return that is asked for again gives back again',
    plant: inReturning(chain(blindTo(isReturnKey), unconditional(isReturnKey))),
  },
  {
    name: 'units come back without looking what came back meanwhile',
    plant: inReturning(unconditional((pk, sk) => pk.startsWith('order#') && sk === 'order')),
  },
  {
    name: 'the first unit that comes back frees the use of a limit',
    plant: inReturning(
      writing((op) =>
        op.op === 'count' && isRedemption(op) && op.add.uses === undefined
          ? { ...op, add: { ...op.add, uses: -1 } }
          : op,
      ),
    ),
  },
  {
    name: 'what comes back gives its budget back twice',
    plant: inReturning(
      writing((op) => {
        const { budget_minor } = op.op === 'count' ? op.add : {}
        return op.op === 'count' && isRedemption(op) && budget_minor !== undefined
          ? { ...op, add: { ...op.add, budget_minor: budget_minor * 2 } }
          : op
      }),
    ),
  },
  {
    name: 'a return gives limits back in a write after its own',
    plant: inReturning(writingApart((op) => !isRedemption(op))),
  },
]
