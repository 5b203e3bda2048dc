// Bugs of handling an event once: markers, races, conflicts.
import { KramError } from '../../../lib/base/errors.ts'
import type { Key, WriteOp } from '../../../lib/ports/table.ts'
import {
  aroundHandlers,
  type Bug,
  blindTo,
  chain,
  inHandlers,
  isMarker,
  keyOf,
  tableWith,
  unconditional,
  writing,
  writingApart,
} from './plant.ts'

const projections = [
  'on-new-customer',
  'on-new-product',
  'on-customer-buys-product',
  'on-voucher-granted',
  'count-stock',
]
const ofMarker = (op: WriteOp): boolean => isMarker(keyOf(op).pk)

const shared = (key: Key): Key => (isMarker(key.pk) ? { pk: key.pk, sk: 'any' } : key)

const swallowing = (isSwallowed: (error: unknown) => boolean) =>
  aroundHandlers(projections, (handle) => async (deps, event, delivery) => {
    await handle(deps, event, delivery).catch((error: unknown) => {
      if (!isSwallowed(error)) throw error
    })
  })

const hasCode = (code: string) => (error: unknown) => error instanceof KramError && error.code === code

export const handlingBugs: Bug[] = [
  {
    name: 'no dedup: the marker is neither looked for nor a condition',
    plant: inHandlers(projections, chain(blindTo(isMarker), unconditional(isMarker))),
  },
  {
    name: 'the marker is looked for, but is no condition of the write',
    plant: inHandlers(projections, unconditional(isMarker)),
  },
  { name: 'the marker is written before the effect', plant: inHandlers(projections, writingApart(ofMarker)) },
  {
    name: 'the effect is written before the marker',
    plant: inHandlers(
      projections,
      writingApart((op) => !ofMarker(op)),
    ),
  },
  {
    name: 'one marker for all handlers of an event',
    plant: inHandlers(
      projections,
      tableWith((table) => ({
        get: (keys) => table.get(keys.map(shared)),
        write: (ops) =>
          table.write(ops.map((op) => (op.op === 'put' ? { ...op, item: { ...op.item, ...shared(op.item) } } : op))),
      })),
    ),
  },
  {
    name: 'dedup by the id that the bus gave, not by the event’s own',
    plant: aroundHandlers(projections, (handle) => (deps, event, delivery) => {
      const other = (key: Key): Key => (isMarker(key.pk) ? { pk: `seen#${event.id}`, sk: key.sk } : key)
      const table: Partial<typeof deps.table> = {
        get: (keys) => deps.table.get(keys.map(other)),
        write: (ops) =>
          deps.table.write(
            ops.map((op) => (op.op === 'put' ? { ...op, item: { ...op.item, ...other(op.item) } } : op)),
          ),
      }
      return handle({ ...deps, table: { ...deps.table, ...table } }, event, delivery)
    }),
  },
  {
    name: 'an id that comes again with other content is passed over',
    plant: swallowing(hasCode('event_conflict')),
  },
  {
    name: 'a write that was refused counts as done',
    plant: inHandlers(
      projections,
      tableWith((table) => ({
        write: async (ops) => {
          await table.write(ops)
          return { ok: true }
        },
      })),
    ),
  },
  { name: 'every error is logged and acknowledged', plant: swallowing(() => true) },
  {
    name: 'an event that came before its customer is dropped',
    plant: swallowing(hasCode('unknown_customer')),
  },
  {
    name: 'a poisoned event is tried for ever',
    plant: aroundHandlers(projections, (handle) => async (deps, event, delivery) => {
      await handle(deps, event, delivery).catch((error: unknown) => {
        throw new KramError('unavailable', 'internal', `It did not work: ${error}`)
      })
    }),
  },
  {
    name: 'read, change, write of a profile without a condition',
    plant: inHandlers(
      ['on-new-customer'],
      unconditional((_pk, sk) => sk === 'profile'),
    ),
  },
  {
    name: 'the profile of the event that arrived last',
    plant: inHandlers(
      ['on-new-customer'],
      chain(
        blindTo((_pk, sk) => sk === 'profile'),
        unconditional((_pk, sk) => sk === 'profile'),
      ),
    ),
  },
  {
    name: 'the product of the event that arrived last',
    plant: inHandlers(
      ['on-new-product'],
      chain(
        blindTo((_pk, sk) => sk === 'current'),
        unconditional((_pk, sk) => sk === 'current'),
      ),
    ),
  },
  {
    name: 'listings sorted by what arrived last',
    plant: inHandlers(
      ['on-new-customer', 'on-new-product'],
      writing((op) =>
        op.op === 'put' && op.list?.name !== 'outbox' && op.list
          ? { ...op, list: { ...op.list, sort: `${op.item.event_time}#${op.item.id}` } }
          : op,
      ),
    ),
  },
]
