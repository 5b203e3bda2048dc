// What a group of writes comes to, decided before anything is written: the rows that another thread is to write, and
// how they are handed to it.
import type { Item, Listing } from '../../ports/table.ts'
import type { NamedKey } from './named-key.ts'
import { itemOf, type Rows, type Statements } from './sqlite-rows.ts'

/** insert: the row must not be there yet. count: the row stays where it is in its list. */
const ways = ['put', 'insert', 'count', 'delete'] as const
type Way = (typeof ways)[number]

/** `body`: undefined when it is deleted. `item`: what it says, where that is known. */
export type DecidedRow = {
  way: Way
  key: NamedKey
  body: string | undefined
  list: Listing | undefined
  item: Item | undefined
}

export type DecidedRows = Rows & {
  has(key: NamedKey): boolean
  /** One for each key. */
  all(): DecidedRow[]
}

/** How a row is written of which one write of the group wanted the one and a later one the other. */
function wayAfter(before: Way, way: Way): Way {
  if (before === 'insert') {
    if (way === 'delete') throw new Undecided('A row that must be new is gone again.')
    return 'insert'
  }
  if (way === 'insert') return 'put'
  if (way === 'count') return before === 'delete' ? 'put' : before
  return way
}

/** Only the transaction itself can tell what the group comes to. */
class Undecided extends Error {}

/** On top of what is stored, which it reads and leaves as it is. That a row is new it believes; its writing tells. */
export function createDecidedRows(stored: Pick<Rows, 'find'>): DecidedRows {
  const rows = new Map<string, DecidedRow>()
  const set = (row: DecidedRow): void => {
    const { name } = row.key
    const before = rows.get(name)
    if (before) {
      if (row.way === 'count') row.list = before.list
      row.way = wayAfter(before.way, row.way)
    }
    rows.set(name, row)
  }
  return {
    find(key) {
      const row = rows.get(key.name)
      if (!row) return stored.find(key)
      if (row.body !== undefined) row.item ??= itemOf(key.pk, key.sk, row.body)
      return row.item
    },
    put: (key, body, list) => set({ way: 'put', key, body, list, item: undefined }),
    insert(key, body, list) {
      if (rows.get(key.name)?.body !== undefined) return false
      set({ way: 'insert', key, body, list, item: undefined })
      return true
    },
    count: (key, item, body) => set({ way: 'count', key, body, list: undefined, item }),
    delete: (key) => set({ way: 'delete', key, body: undefined, list: undefined, item: undefined }),
    has: (key) => rows.has(key.name),
    all: () => [...rows.values()],
  }
}

/** All texts of all rows in one: handing over many small ones takes longer than to write them. */
export type PackedRows = { text: string; numbers: Int32Array<ArrayBuffer> }

const numbersOfRow = 6
const none = -1

export const rowsIn = ({ numbers }: PackedRows): number => numbers.length / numbersOfRow

/** `numbers` has of each row its way and how long its pk, sk, body, list and place there are, or -1. */
export function packRows(rows: readonly DecidedRow[]): PackedRows {
  const texts: string[] = []
  const numbers = new Int32Array(rows.length * numbersOfRow)
  let at = 0
  const add = (text: string | undefined): void => {
    numbers[at++] = text?.length ?? none
    if (text !== undefined) texts.push(text)
  }
  for (const { way, key, body, list } of rows) {
    numbers[at++] = ways.indexOf(way)
    add(key.pk)
    add(key.sk)
    add(body)
    add(list?.name)
    add(list?.sort)
  }
  return { text: texts.join(''), numbers }
}

/** Writes them in the transaction that is open; false: one that must be new was there. */
export function writePacked(
  { put, insert, count, delete: remove }: Statements,
  { text, numbers }: PackedRows,
): boolean {
  let from = 0
  const next = (length = none): string | null => {
    if (length === none) return null
    from += length
    return text.slice(from - length, from)
  }
  for (let at = 0; at < numbers.length; at += numbersOfRow) {
    const [way = 0, ...lengths] = numbers.subarray(at, at + numbersOfRow)
    const [pk = '', sk = '', body = '', list = null, sort = null] = lengths.map(next)
    switch (ways[way]) {
      case 'insert':
        if (insert.run(pk, sk, body, list, sort).changes === 0) return false
        break
      case 'count':
        count.run(pk, sk, body)
        break
      case 'delete':
        remove.run(pk, sk)
        break
      default:
        put.run(pk, sk, body, list, sort)
    }
  }
  return true
}
