// Bugs of what went wrong: of dead letters that are made anew while those before them are handled and go, and of events
// that lie aside.
import type { Objects } from '../../../lib/ports/objects.ts'
import type { Item, WriteOp } from '../../../lib/ports/table.ts'
import type { SimDeps } from '../parts.ts'
import { type Bug, chain, keyOf, tableWith, writing } from './plant.ts'

type LetterPut = WriteOp & { op: 'put'; item: Item & { event_object?: string } }

const isLetter = (op: WriteOp): op is LetterPut =>
  op.op === 'put' && op.item.pk.startsWith('deadletter#') && op.item.sk === 'letter'

/** A new letter, as one is written that was found before the change, and is gone when the change comes. */
const withoutEvent = ({ event: _event, event_object: _object, ...item }: LetterPut['item']): Item => item as Item

/** The object of a letter under the letter's name alone, whichever making of it. */
const ofLetter = (key: string): string => key.replace(/\.[0-9a-f]{16}\.json$/, '.json')

const sharingObjects = (objects: Objects): Objects => ({
  ...objects,
  put: (key, ...rest) => objects.put(ofLetter(key), ...rest),
  // It is the letter's: nobody else has one to remove.
  delete: async () => {},
})

export const letterBugs: Bug[] = [
  {
    name: 'whether a dead letter needs its event is looked up before the change, not by it',
    plant: (parts) => ({
      ...parts,
      recordFailed: async (deps, failed) => {
        let known: boolean | undefined
        const looking = chain(
          tableWith((table) => ({
            get: async (keys) => {
              const items = await table.get(keys)
              if (known !== undefined) return items
              known = items[0] !== undefined
              return await table.get(keys)
            },
          })),
          writing((op) =>
            known && isLetter(op) && 'if' in op && op.if && 'exists' in op.if
              ? { ...op, item: withoutEvent(op.item) }
              : op,
          ),
        )
        return await parts.recordFailed(looking(deps as never), failed)
      },
    }),
  },
  {
    name: 'the object of a dead letter has the name of the letter alone',
    plant: (parts) => ({
      ...parts,
      recordFailed: (deps, failed) => {
        const sharing = writing((op) =>
          isLetter(op) && op.item.event_object !== undefined
            ? { ...op, item: { ...op.item, event_object: ofLetter(op.item.event_object) } }
            : op,
        )({ ...deps, objects: sharingObjects(deps.objects) } as never)
        return parts.recordFailed(sharing, failed)
      },
    }),
  },
  {
    name: 'a discarded event of those that lie aside is deleted',
    plant: (parts) => ({
      ...parts,
      discardAside: async (deps, request) => {
        const deleting = tableWith((table) => ({
          write: (ops) => table.write(ops.map((op) => (op.op === 'put' ? { op: 'delete', key: keyOf(op) } : op))),
        }))
        return await parts.discardAside(deleting(deps as SimDeps), request)
      },
    }),
  },
]
