// Items that are read again and again, as the goods of carts are: while the stored text is the same, so is the object,
// and nobody parses it twice. The text itself is read each time. Used by the embedded table.
import { deepFreeze } from '../../base/frozen.ts'
import { limits } from '../../base/limits.ts'
import type { Item } from '../../ports/table.ts'
import { itemOf } from './sqlite-write.ts'

type Parsed = { sk: string; body: string; item: Item }

/** `itemOf` that remembers, by pk, in two generations: when the young one is full, the old one is forgotten. */
export function createParsedItems(): typeof itemOf {
  let young = new Map<string, Parsed>()
  let old = young
  const remember = (pk: string, parsed: Parsed): Item => {
    if (young.size >= limits.parsedItems / 2) {
      old = young
      young = new Map()
    }
    young.set(pk, parsed)
    return parsed.item
  }
  return (pk, sk, body) => {
    if (body.length < limits.parsedItemChars.least || body.length > limits.parsedItemChars.most) {
      return itemOf(pk, sk, body)
    }
    const known = young.get(pk)
    if (known?.body === body && known.sk === sk) return known.item
    const aged = old.get(pk)
    if (aged?.body === body && aged.sk === sk) return remember(pk, aged)
    return remember(pk, { sk, body, item: deepFreeze(itemOf(pk, sk, body)) })
  }
}
