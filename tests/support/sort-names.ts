// Items as text that can be compared.
import type { Item } from '../../lib/ports/table.ts'

/** An item with its attributes in order of their names, so that two with the same content have the same text. */
export const sortNames = (item: Item): Item => {
  const sorted = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted) as Item
}
