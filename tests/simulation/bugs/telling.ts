// Bugs of telling the bus: outbox, relay, batches, replays.
import type { KramEvent } from '../../../events/catalog.ts'
import type { Envelope } from '../../../lib/ports/bus.ts'
import type { WriteOp } from '../../../lib/ports/table.ts'
import type { SimDeps } from '../parts.ts'
import { aroundHandlers, type Bug, busWith, inHandlers, inRelay, isOutbox, keyOf, tableWith, writing } from './plant.ts'

const telling = ['on-new-customer', 'on-customer-buys-product', 'on-voucher-granted', 'greet-city', 'score-customer']

const isTold = (op: WriteOp): op is WriteOp & { op: 'put' } => op.op === 'put' && isOutbox(op.item.pk)

/** What should be in the outbox is published when the write is done. */
const publishing = tableWith((table, { bus }) => ({
  write: async (ops) => {
    const written = await table.write(ops.filter((op) => !isTold(op)))
    const events = ops.filter(isTold).map(({ item }) => item.event as Envelope)
    if (written.ok && events.length > 0) await bus.publish(events)
    return written
  },
}))

/** Everything counts as accepted. */
const trusting = busWith((bus) => async (events) => {
  await bus.publish(events)
  return { accepted: events.map(({ id }) => id), rejected: [] }
})

const outboxKey = ({ id }: Envelope) => ({ pk: `outbox#${id}`, sk: '0' })

export const tellingBugs: Bug[] = [
  { name: 'no outbox: what follows is published after the write', plant: inHandlers(telling, publishing) },
  {
    name: 'what follows is published before the write',
    plant: inHandlers(
      telling,
      tableWith((table, { bus }) => ({
        write: async (ops) => {
          const events = ops.filter(isTold).map(({ item }) => item.event as Envelope)
          if (events.length > 0) await bus.publish(events)
          return await table.write(ops.filter((op) => !isTold(op)))
        },
      })),
    ),
  },
  {
    name: 'acknowledged before sent: an item leaves the outbox first',
    plant: inRelay(
      busWith((bus, table) => async (events) => {
        for (const event of events) await table.write([{ op: 'delete', key: outboxKey(event) }])
        return await bus.publish(events)
      }),
    ),
  },
  { name: 'the relay does not look at what the bus refused', plant: inRelay(trusting) },
  {
    name: 'whoever records events does not look at what the bus refused',
    plant: (parts) => ({
      ...parts,
      recordEvents: (deps, ...rest) => parts.recordEvents(trusting(deps as SimDeps), ...rest),
    }),
  },
  {
    name: 'what the bus refused for a moment is set aside for good',
    plant: inRelay(
      busWith((bus) => async (events) => {
        const { accepted, rejected } = await bus.publish(events)
        return { accepted, rejected: rejected.map((one) => ({ ...one, retryable: false })) }
      }),
    ),
  },
  {
    name: 'what follows gets a new id with each try',
    plant: inHandlers(
      telling,
      writing((op, { random }) => {
        if (!isTold(op)) return op
        const event = { ...(op.item.event as Envelope), id: `random-${random.next()}` }
        return { ...op, item: { ...op.item, ...outboxKey(event), event } }
      }),
    ),
  },
  {
    name: 'nobody sweeps the outbox',
    plant: (parts) => ({ ...parts, sweepOutbox: async () => ({ sent: [], rejected: [] }) }),
  },
  {
    name: 'what is recorded in the table is not told to the bus',
    plant: (parts) => ({
      ...parts,
      recordEvents: (deps, events, options) => {
        const ids = new Set(events.map(({ id }: KramEvent) => `outbox#${id}`))
        const silent = writing((op) => (ids.has(keyOf(op).pk) ? undefined : op))
        return parts.recordEvents(silent(deps as SimDeps), events, options)
      },
    }),
  },
  {
    name: 'a replay tells everybody again',
    plant: aroundHandlers(telling, (handle) => (deps, event) => handle(deps, event, { replay: false })),
  },
  {
    name: 'replays reach reactors',
    plant: (parts) => {
      const reactors = ['greet-city', 'score-customer']
      const heedless = aroundHandlers(reactors, (handle) => (deps, event) => handle(deps, event, { replay: false }))
      return { ...heedless(parts), alsoReplayed: reactors }
    },
  },
]
