// Rules on inserted facts: in which order rule groups are evaluated, so that what `not` and accumulations see is final.
import { KramError } from '../base/errors.ts'
import type { ConditionIr, RuleIr } from './ir.ts'
import { IntList } from './lists.ts'

/** What rules read and insert: types of facts, by number. */
export class Dependencies {
  readonly ruleNames: string[] = []
  readonly types: string[] = []
  /** Rule -> what it reads: the type times two, plus one where it must be complete before the rule is evaluated. */
  readonly readStart = new IntList()
  readonly reads = new IntList()
  /** Rule -> types that it inserts. */
  readonly insertStart = new IntList()
  readonly inserts = new IntList()
  private readonly numbers = new Map<string, number>()

  constructor() {
    this.readStart.push(0)
    this.insertStart.push(0)
  }

  add(rule: RuleIr): void {
    this.ruleNames.push(rule.name)
    this.readCondition(rule.when, false)
    this.readStart.push(this.reads.length)
    for (const { type } of rule.insert) this.inserts.push(this.numberOf(type))
    this.insertStart.push(this.inserts.length)
  }

  private readCondition(condition: ConditionIr, isNegated: boolean): void {
    switch (condition.op) {
      case 'fact':
        this.reads.push(this.numberOf(condition.pattern.type) * 2 + Number(isNegated))
        break
      case 'accumulate':
        this.reads.push(this.numberOf(condition.pattern.type) * 2 + 1)
        break
      case 'all':
      case 'any':
        for (const part of condition.parts) this.readCondition(part, isNegated)
        break
      case 'not':
        this.readCondition(condition.part, true)
        break
      case 'exists':
        this.readCondition(condition.part, isNegated)
    }
  }

  private numberOf(type: string): number {
    const known = this.numbers.get(type)
    if (known !== undefined) return known
    this.numbers.set(type, this.types.length)
    return this.types.push(type) - 1
  }
}

/** Rules to evaluate together; `recursive`: they may feed each other, so they are repeated until nothing is new. */
export type Stratum = { rules: readonly number[]; recursive: boolean }

/**
 * A rule, or a type of fact that rules insert; each is evaluated, or complete, after what it comes from. `final`: types
 * that must be complete before the rule is evaluated. `low`: the least index of what it comes from that is still open.
 */
type Node = {
  rule?: number
  final?: ReadonlySet<Node>
  name: string
  from: Node[]
  index: number
  low: number
}

const unvisited = -1
const closed = Number.POSITIVE_INFINITY

const newNode = (of: Pick<Node, 'rule' | 'final' | 'from' | 'name'>): Node => ({
  ...of,
  index: unvisited,
  low: unvisited,
})

/**
 * Strata of the rules that read what rules insert, in order of evaluation. The other rules come before all of them.
 * @throws KramError invalid `rule_cycle`: a fact depends on its own absence, or on a total of itself
 */
export function stratify(dependencies: Dependencies): Stratum[] {
  const strata: Stratum[] = []
  for (const members of components(chainedRules(dependencies))) {
    refuseCycle(members)
    const rules = members.flatMap(({ rule }) => (rule === undefined ? [] : [rule]))
    if (rules.length > 0) strata.push({ rules: rules.sort((a, b) => a - b), recursive: members.length > 1 })
  }
  return strata
}

// Rules that read what rules insert, with what they come from.
function chainedRules({ ruleNames, types, readStart, reads, insertStart, inserts }: Dependencies): Node[] {
  const made: Node[] = []
  for (const type of inserts.toArray()) made[type] ??= newNode({ name: types[type] as string, from: [] })
  const chained: Node[] = []
  ruleNames.forEach((name, rule) => {
    const from = new Set<Node>()
    const final = new Set<Node>()
    for (let i = readStart.at(rule); i < readStart.at(rule + 1); i++) {
      const type = made[reads.at(i) >> 1]
      if (type === undefined) continue
      from.add(type)
      if ((reads.at(i) & 1) === 1) final.add(type)
    }
    if (from.size === 0) return
    const node = newNode({ rule, name, final, from: [...from] })
    for (let i = insertStart.at(rule); i < insertStart.at(rule + 1); i++) made[inserts.at(i)]?.from.push(node)
    chained.push(node)
  })
  return chained
}

// Tarjan's strongly connected components; what a component comes from stands before it. The stack is our own, since
// thousands of rules may form one chain.
function components(roots: readonly Node[]): Node[][] {
  const found: Node[][] = []
  const open: Node[] = []
  let index = 0
  for (const root of roots) {
    if (root.index !== unvisited) continue
    const path: { node: Node; at: number }[] = [{ node: root, at: 0 }]
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const { node } = frame
      if (frame.at === 0) {
        node.index = node.low = index++
        open.push(node)
      }
      const next = node.from[frame.at++]
      if (next === undefined) {
        path.pop()
        const parent = path.at(-1)?.node
        if (parent !== undefined) parent.low = Math.min(parent.low, node.low)
        if (node.low === node.index) found.push(close(node, open))
      } else if (next.index === unvisited) path.push({ node: next, at: 0 })
      else node.low = Math.min(node.low, next.low)
    }
  }
  return found
}

function close(node: Node, open: Node[]): Node[] {
  const members = open.splice(open.lastIndexOf(node))
  for (const member of members) member.low = closed
  return members
}

// Inside a component no rule may need a type to be final that the component itself still makes.
function refuseCycle(members: readonly Node[]): void {
  const inside = new Set(members)
  for (const node of members) {
    const { rule, name, final, from } = node
    const own = from.find((each) => inside.has(each) && final?.has(each))
    if (own === undefined) continue
    const way = wayBack(own, node)
    const message =
      `rule "${name}" asks for the absence or a total of "${own.name}" facts, which depend on that rule: ` +
      way.map((each) => (each.rule === undefined ? `(${each.name})` : each.name)).join(' -> ')
    throw new KramError('invalid', 'rule_cycle', `The rules form a cycle: ${message}`, {
      detail: {
        issues: [{ pointer: `/${rule}`, message }],
        cycle: way.flatMap((each) => (each.rule === undefined ? [] : [each.name])),
      },
    })
  }
}

// The shortest way from the rule to the type that it reads, each feeding the next, and round again.
function wayBack(type: Node, rule: Node): Node[] {
  const ways: [Node, ...Node[]][] = [[type]]
  const seen = new Set([type])
  for (const way of ways) {
    const [first] = way
    if (first === rule) return [type, ...way]
    for (const next of first.from) {
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([next, ...way])
    }
  }
  return [type]
}
