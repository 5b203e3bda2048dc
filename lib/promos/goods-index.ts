// Which lines of one order pass which filter: each attribute is read once for all lines, each filter asked once.
import { type FilterNode, looksAtPrice, matchesFilter } from './filter.ts'
import type { OrderLine } from './order.ts'
import type { PromoFired } from './promo-fired.ts'

export type GoodsIndex = {
  readonly lines: readonly OrderLine[]
  /** Positions of the lines that pass, ascending; without a filter all. Not to be changed. */
  matching(filter: FilterNode | undefined): readonly number[]
  /** The same of the promo with that rank and filter, which an evaluation may have told. */
  ofPromo(promo: { rank: number; filter: FilterNode | undefined }): readonly number[]
  /** Has found which of these lines pass, for promos by their rank. */
  learn(evaluation: Evaluation): void
  /** `ofPromo` will be asked of these ranks, so that they are looked up together. */
  expect(ranks: readonly number[]): void
}

/** Of the facts of these lines, which come first. */
export type Evaluation = Pick<PromoFired, 'rules' | 'places'>

/** Value -> positions of the lines that have it, ascending. */
type Column = Map<unknown, number[]>

/** Remembers only for as long as the order is at hand. */
export function createGoodsIndex(lines: readonly OrderLine[]): GoodsIndex {
  const all = lines.map((_, line) => line)
  const columns = new Map<string, Column>()
  const answers = new Map<FilterNode, readonly number[]>()

  function columnOf(attribute: string): Column {
    let column = columns.get(attribute)
    if (!column) {
      column = columnOfLines(lines, attribute)
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
    if (among === all && node.kind === 'test' && node.attribute !== 'price') {
      const { attribute, operator, operand } = node
      if (operator === 'eq' || operator === 'has') return columnOf(attribute).get(operand) ?? none
      if (operator === 'in') return oneOf(columnOf(attribute), operand as readonly unknown[])
    }
    return passing(node, among, lines)
  }

  function matching(filter: FilterNode | undefined): readonly number[] {
    if (!filter) return all
    let answer = answers.get(filter)
    if (!answer) {
      answer = narrowed(filter, all)
      answers.set(filter, answer)
    }
    return answer
  }

  const learnt = new Learnt()
  return {
    lines,
    matching,
    ofPromo: ({ rank, filter }) => (filter ? (learnt.of(rank) ?? matching(filter)) : all),
    learn: (evaluation) => learnt.from(evaluation),
    expect: (ranks) => learnt.expect(ranks),
  }
}

/** What an evaluation tells, by rank. */
class Learnt {
  private evaluation: Evaluation | undefined
  /** Of the rules that fired. */
  private goods: ReturnType<PromoFired['places']> = []
  /** Of the rule that was asked for last, among those; -1: it is none of them. */
  private place = -1
  /** Of others, once they were asked for. */
  private others: Map<number, readonly number[] | undefined> | undefined

  get isEmpty(): boolean {
    return this.evaluation === undefined
  }

  from(evaluation: Evaluation): void {
    this.evaluation = evaluation
    this.others = undefined
    this.goods = evaluation.places('product', evaluation.rules)
  }

  of(rank: number): readonly number[] | undefined {
    if (!this.evaluation) return undefined
    const { rules } = this.evaluation
    // Mostly they are asked for one after the other.
    this.place = rules[this.place + 1] === rank ? this.place + 1 : placeOf(rules, rank)
    if (this.place >= 0) return this.goods[this.place]
    if (!this.others?.has(rank)) this.expect([rank])
    return this.others?.get(rank)
  }

  expect(ranks: readonly number[]): void {
    const others = this.others ?? new Map<number, readonly number[] | undefined>()
    this.others = others
    const unknown = others.size === 0 ? ranks : ranks.filter((rank) => !others.has(rank))
    const found = unknown.length === 0 ? undefined : this.evaluation?.places('product', unknown)
    for (let i = 0; i < unknown.length; i++) others.set(unknown[i]!, found?.[i])
  }
}

/** Where a number stands among others, ascending; -1: nowhere. */
function placeOf(numbers: ArrayLike<number>, number: number): number {
  let low = 0
  let high = numbers.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = numbers[middle]!
    if (found === number) return middle
    if (found < number) low = middle + 1
    else high = middle - 1
  }
  return -1
}

const none: readonly number[] = []

/**
 * The index of a changed order, which takes over what is known of the one before as far as the goods are the same: of
 * another quantity, or with lines added at the end.
 */
export function changedGoodsIndex(before: GoodsIndex, lines: readonly OrderLine[]): GoodsIndex {
  const known = before.lines.length
  if (lines.length < known || !before.lines.every((line, i) => areSameGoods(line, lines[i]!))) {
    return createGoodsIndex(lines)
  }
  if (lines.length === known) return before
  const likes = lines.slice(known).map((line) => likeOf(before.lines, line))
  const added = (answer: readonly number[], filter: FilterNode | undefined): readonly number[] => {
    let all = answer
    for (let line = known; line < lines.length; line++) {
      const like = likes[line - known]!
      const isKnown = filter !== undefined && like >= 0 && !looksAtPrice(filter)
      const passes = isKnown ? answer.includes(like) : !filter || matchesFilter(filter, lines[line]!)
      if (passes) all = [...all, line]
    }
    return all
  }
  const learnt = new Learnt()
  return {
    lines,
    matching: (filter) => added(before.matching(filter), filter),
    ofPromo: (promo) => learnt.of(promo.rank) ?? added(before.ofPromo(promo), promo.filter),
    learn: (evaluation) => learnt.from(evaluation),
    expect: (ranks) => (learnt.isEmpty ? before : learnt).expect(ranks),
  }
}

/** Whether both are the same to every filter. */
export const areSameGoods = (a: OrderLine, b: OrderLine): boolean =>
  a === b || (a.sku === b.sku && a.price_minor === b.price_minor && a.attributes === b.attributes)

/** The line whose goods are the same but for their price; -1: none. */
export const likeOf = (lines: readonly OrderLine[], { sku, attributes }: OrderLine): number =>
  lines.findIndex((line) => line.sku === sku && line.attributes === attributes)

// What an object inherits is no scalar and no list, so no filter asks for it.
function columnOfLines(lines: readonly OrderLine[], attribute: string): Column {
  const column: Column = new Map()
  const add = (value: unknown, line: number): void => {
    const known = column.get(value)
    if (!known) column.set(value, [line])
    else if (known.at(-1) !== line) known.push(line)
  }
  lines.forEach(({ sku, attributes }, line) => {
    const value = attribute === 'sku' ? sku : attributes?.[attribute]
    if (Array.isArray(value)) for (const entry of value) add(entry, line)
    else if (value !== undefined) add(value, line)
  })
  return column
}

function passing(node: FilterNode, among: readonly number[], lines: readonly OrderLine[]): readonly number[] {
  const [only] = among
  if (among.length === 1) return matchesFilter(node, lines[only!]!) ? among : none
  return among.filter((line) => matchesFilter(node, lines[line]!))
}

function oneOf(column: Column, values: readonly unknown[]): readonly number[] {
  let found = none
  for (const value of values) {
    const lines = column.get(value)
    if (lines) found = found === none ? lines : [...new Set([...found, ...lines])].sort((a, b) => a - b)
  }
  return found
}
