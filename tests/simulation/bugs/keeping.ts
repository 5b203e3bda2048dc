// Bugs of keeping promotions and dead letters.
import type { Envelope } from '../../../lib/ports/bus.ts'
import type { Item } from '../../../lib/ports/table.ts'
import type { SimDeps } from '../parts.ts'
import { type Bug, isOutbox, keyOf, tableWith, unconditional } from './plant.ts'

type Wrap = (deps: SimDeps) => SimDeps

const inSave =
  (wrap: Wrap): Bug['plant'] =>
  (parts) => ({
    ...parts,
    savePromo: (deps, request) => parts.savePromo(wrap(deps as SimDeps), request),
    rollBackPromo: (deps, request) => parts.rollBackPromo(wrap(deps as SimDeps), request),
  })

const inReload =
  (wrap: Wrap): Bug['plant'] =>
  (parts) => {
    const reloadPromos: typeof parts.reloadPromos = (deps) => parts.reloadPromos(wrap(deps as SimDeps))
    return { ...parts, reloadPromos, handlers: { ...parts.handlers, 'reload-promos': (deps) => reloadPromos(deps) } }
  }

/** The number of the set is read once, and taken for what it is afterwards. */
const lookingOnce: Wrap = (deps) => {
  let first: Item | undefined | 'unread' = 'unread'
  return tableWith((table) => ({
    get: async (keys) => {
      if (keys[0]?.sk !== 'set') return await table.get(keys)
      if (first === 'unread') first = (await table.get(keys))[0]
      return [first]
    },
  }))(deps)
}

export const keepingBugs: Bug[] = [
  { name: 'the last one to save a promotion wins', plant: inSave(unconditional(() => true)) },
  {
    name: 'two promotions saved at once get one number',
    plant: inSave(unconditional((pk, sk) => pk === 'promos' && sk === 'set')),
  },
  {
    name: 'promo_changed is published beside the write',
    plant: inSave(
      tableWith((table, { bus }) => ({
        write: async (ops) => {
          const told = ops.filter((op) => isOutbox(keyOf(op).pk))
          const written = await table.write(ops.filter((op) => !isOutbox(keyOf(op).pk)))
          if (written.ok) await bus.publish(told.map((op) => (op as { item: Item }).item.event as Envelope))
          return written
        },
      })),
    ),
  },
  {
    name: 'the snapshot goes back: it is written over whatever is there',
    plant: inReload((deps) => ({
      ...deps,
      objects: { ...deps.objects, put: (key, bytes) => deps.objects.put(key, bytes) },
    })),
  },
  { name: 'promotions are read while they change, and nobody looks twice', plant: inReload(lookingOnce) },
  {
    name: 'the snapshot has the first page of the promotions only',
    plant: inReload(
      tableWith((table) => ({
        query: async (query) => {
          const { items } = await table.query(query)
          return { items }
        },
      })),
    ),
  },
  {
    name: 'nobody reloads promotions',
    plant: (parts) => ({
      ...parts,
      reloadPromos: async () => ({ set: 0, written: false, leftOut: [] }),
      handlers: { ...parts.handlers, 'reload-promos': async () => {} },
    }),
  },
  {
    name: 'a dead letter does not say why',
    plant: (parts) => ({
      ...parts,
      recordFailed: (deps, failed) => parts.recordFailed(deps, { ...failed, code: '', message: '' }),
    }),
  },
  {
    name: 'a failure leaves the queue though it could not be recorded',
    plant: (parts) => ({
      ...parts,
      recordFailed: (deps, failed) => parts.recordFailed(deps, failed).catch(() => {}),
    }),
  },
  {
    name: 'a redrive sends the event under a new id',
    plant: (parts) => ({
      ...parts,
      redriveDue: (deps) => {
        const call: typeof deps.functions.call = (name, event) =>
          deps.functions.call(name, { ...event, detail: { ...event.detail, id: `${event.detail.id}-again` } })
        return parts.redriveDue({ ...deps, functions: { ...deps.functions, call } })
      },
    }),
  },
  {
    name: 'a redriven letter is gone before its function has ended',
    plant: (parts) => ({
      ...parts,
      redriveDue: (deps) => {
        const call: typeof deps.functions.call = async (name, event) => {
          void deps.functions.call(name, event).catch(() => {})
          return { ok: true }
        }
        return parts.redriveDue({ ...deps, functions: { ...deps.functions, call } })
      },
    }),
  },
  {
    name: 'the document shows the first page of the purchases only',
    plant: (parts) => ({
      ...parts,
      getCustomer: async (deps, id, page) => {
        const { customer } = await parts.getCustomer(deps, id, page)
        return { customer }
      },
    }),
  },
]
