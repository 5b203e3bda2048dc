// What a filter names, for people: of `{brand: "Puma", kind: ["Shorts", "Cap"]}` the words "Puma Shorts / Cap".
import { oncePer } from '../base/remember.ts'
import type { FilterNode } from './filter.ts'

/** What a filter names: "Puma Shorts"; '' when it names nothing simple. */
export const goodsText = (filter: FilterNode | undefined): string => (filter ? textOf(filter) : '')

const textOf = oncePer((filter: FilterNode): string => [...facetsOfFilter(filter).values()].join(' '))

/** Whether what it names is all that it asks. */
export const isNamed = (filter: FilterNode): boolean =>
  filter.kind === 'all' ? filter.parts.every(isNamed) : namesIn(filter) !== undefined

/** By attribute; what is said by other tests than equality is left out. */
export function facetsOfFilter(node: FilterNode): Map<string, string> {
  const facets = new Map<string, string>()
  const walk = (part: FilterNode): void => {
    if (part.kind === 'all') for (const inner of part.parts) walk(inner)
    const names = namesIn(part)
    if (names && part.kind === 'test') facets.set(part.attribute, names.join(' / '))
  }
  walk(node)
  return facets
}

/** What the attribute is asked to be; undefined: nothing simple. */
function namesIn(node: FilterNode): readonly string[] | undefined {
  if (node.kind !== 'test' || node.attribute === 'price') return undefined
  if (node.operator !== 'eq' && node.operator !== 'in' && node.operator !== 'has') return undefined
  const values = Array.isArray(node.operand) ? node.operand : [node.operand]
  return values.length <= 5 && values.every((value) => typeof value === 'string') ? values : undefined
}

/** Between which prices goods must cost that pass, as far as the filter says so plainly; in minor units. */
export function pricesIn(node: FilterNode): { from: number; to: number } {
  let from = 0
  let to = Number.POSITIVE_INFINITY
  const walk = (part: FilterNode): void => {
    if (part.kind === 'all') part.parts.forEach(walk)
    if (part.kind !== 'test' || part.attribute !== 'price') return
    const [first = 0, last = first] = [part.operand].flat().map(Number)
    const { operator } = part
    const inside = operator === 'gt' ? 1 : operator === 'lt' ? -1 : 0
    if (/^(eq|between|gte?)$/.test(operator)) from = Math.max(from, first + inside)
    if (/^(eq|between|lte?)$/.test(operator)) to = Math.min(to, last + inside)
  }
  walk(node)
  return { from, to }
}
