// Which lines of one order pass which filter: each attribute is read once for all lines, each filter asked once.
import { type FilterNode, matchesFilter } from './filter.ts'
import type { OrderLine } from './order.ts'

export type GoodsIndex = {
  /** Positions of the lines that pass, ascending; without a filter all. Not to be changed. */
  matching(filter: FilterNode | undefined): readonly number[]
}

/** Remembers only for as long as the order is at hand. */
export function createGoodsIndex(lines: readonly OrderLine[]): GoodsIndex {
  const all = lines.map((_, line) => line)
  const columns = new Map<string, unknown[]>()
  const answers = new Map<FilterNode, readonly number[]>()

  function columnOf(attribute: string): unknown[] {
    let column = columns.get(attribute)
    if (!column) {
      column = lines.map(({ attributes }) => attributes?.[attribute])
      columns.set(attribute, column)
    }
    return column
  }

  function narrowed(node: FilterNode, among: readonly number[]): readonly number[] {
    if (node.kind === 'all') {
      let left = among
      for (const part of node.parts) {
        if (left.length === 0) return left
        left = narrowed(part, left)
      }
      return left
    }
    if (node.kind === 'test' && node.operator === 'eq' && node.attribute !== 'price' && node.attribute !== 'sku') {
      return equal(columnOf(node.attribute), node.operand, among)
    }
    return among.filter((line) => matchesFilter(node, lines[line]!))
  }

  return {
    matching(filter) {
      if (!filter) return all
      let answer = answers.get(filter)
      if (!answer) {
        answer = narrowed(filter, all)
        answers.set(filter, answer)
      }
      return answer
    },
  }
}

// What an object inherits is no scalar and no list, so it equals nothing.
function equal(column: readonly unknown[], operand: unknown, among: readonly number[]): number[] {
  const found: number[] = []
  for (const line of among) {
    const value = column[line]
    if (value === operand || (Array.isArray(value) && value.includes(operand))) found.push(line)
  }
  return found
}
