// Rows of the embedded table that were lately read, so that what every order asks for is not fetched from SQLite and
// parsed again each time. Own writes and `forget` keep it true: see `createRows`.
import { deepFreeze } from '../../base/frozen.ts'
import { limits } from '../../base/limits.ts'
import type { Item } from '../../ports/table.ts'
import type { NamedKey } from './named-key.ts'

/** What is stored: as text, until it is first asked for; without text and item, nothing is. */
type Known = { chars: number; item: Item | undefined; text: string | undefined }

/** What it takes to know that a row is not there, in characters of rows that are. */
const absentChars = 200

export type RowMemory = {
  /** A frozen item; null: it is known not to be stored; undefined: it is not known whether it is. */
  find(key: NamedKey): Item | null | undefined
  /** What was read: the same item, frozen, for all who ask from now on. */
  keep(key: NamedKey, item: Item, chars: number): Item
  /** It was asked for, and is not stored. */
  noteAbsent(key: NamedKey): void
  /** The row now has this body; undefined: it is gone. What nobody has asked for lately is not kept for that. */
  written(key: NamedKey, body: string | undefined): void
  forget(): void
}

/** `parse` makes the item of a row. */
export function createRowMemory(parse: (pk: string, sk: string, body: string) => Item): RowMemory {
  // What is asked for again moves from the old ones to the young ones; when these are many, the old ones are dropped.
  let young = new Map<string, Known>()
  let old = new Map<string, Known>()
  let chars = 0

  const add = (name: string, known: Known): void => {
    chars += known.chars - (young.get(name)?.chars ?? 0)
    young.set(name, known)
    if (chars <= limits.keptRowsChars / 2) return
    old = young
    young = new Map()
    chars = 0
  }
  const lookUp = (name: string): Known | undefined => {
    const known = young.get(name)
    if (known) return known
    const aged = old.get(name)
    if (aged) add(name, aged)
    return aged
  }

  const drop = (name: string): void => {
    chars -= young.get(name)?.chars ?? 0
    young.delete(name)
    old.delete(name)
  }

  return {
    find({ name, pk, sk }) {
      const known = lookUp(name)
      if (!known) return undefined
      if (!known.item) {
        if (known.text === undefined) return null
        known.item = deepFreeze(parse(pk, sk, known.text))
        known.text = ''
      }
      return known.item
    },
    keep({ name }, item, size) {
      if (size <= limits.keptRowChars) add(name, { chars: size, item: deepFreeze(item), text: '' })
      else drop(name)
      return item
    },
    noteAbsent({ name }) {
      add(name, { chars: absentChars, item: undefined, text: undefined })
    },
    written({ name }, body) {
      if (!young.has(name) && !old.has(name)) return
      if (body === undefined || body.length > limits.keptRowChars) drop(name)
      else add(name, { chars: body.length, item: undefined, text: body })
    },
    forget() {
      young = new Map()
      old = new Map()
      chars = 0
    },
  }
}
