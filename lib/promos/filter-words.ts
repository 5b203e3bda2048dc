// What a filter names, for people: of `{brand: "Puma", kind: ["Shorts", "Cap"]}` the words "Puma Shorts / Cap".
import type { FilterNode } from './filter.ts'

const texts = new WeakMap<FilterNode, string>()

/** What a filter names: "Puma Shorts"; '' when it names nothing simple. */
export function goodsText(filter: FilterNode | undefined): string {
  if (!filter) return ''
  let text = texts.get(filter)
  if (text === undefined) {
    text = [...facetsOfFilter(filter).values()].join(' ')
    texts.set(filter, text)
  }
  return text
}

/** By attribute; what is said by other tests than equality is left out. */
export function facetsOfFilter(node: FilterNode): Map<string, string> {
  const facets = new Map<string, string>()
  const walk = (part: FilterNode): void => {
    if (part.kind === 'all') for (const inner of part.parts) walk(inner)
    if (part.kind !== 'test' || part.attribute === 'price') return
    if (part.operator !== 'eq' && part.operator !== 'in' && part.operator !== 'has') return
    const values = Array.isArray(part.operand) ? part.operand : [part.operand]
    if (values.every((value) => typeof value === 'string') && values.length <= 5) {
      facets.set(part.attribute, values.join(' / '))
    }
  }
  walk(node)
  return facets
}
