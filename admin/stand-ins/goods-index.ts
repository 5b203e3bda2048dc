// Stands in the page for lib/promos/goods-index.ts: every line is asked, every time.
import { matchesFilter } from '../../lib/promos/filter.ts'
import type { GoodsIndex } from '../../lib/promos/goods-index.ts'
import type { OrderLine } from '../../lib/promos/order.ts'

export function createGoodsIndex(lines: readonly OrderLine[]): GoodsIndex {
  const all = [...lines.keys()]
  const matching: GoodsIndex['matching'] = (filter) =>
    filter ? all.filter((line) => matchesFilter(filter, lines[line]!)) : all
  return { lines, matching, ofPromo: ({ filter }) => matching(filter), learn() {}, expect() {} }
}

export const changedGoodsIndex = (_before: GoodsIndex, lines: readonly OrderLine[]): GoodsIndex =>
  createGoodsIndex(lines)
