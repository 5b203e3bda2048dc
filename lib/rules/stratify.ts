// Rules on inserted facts: in which order rule groups are evaluated, so that what `not` and accumulations see is final.
import { KramError } from '../base/errors.ts'
import type { ConditionIr, RuleIr } from './ir.ts'

/** What a rule reads: `final` types must be complete before it is evaluated. */
export type Reads = { types: string[]; final: string[] }

export function readsOf(condition: ConditionIr, reads: Reads = { types: [], final: [] }, inside = false): Reads {
  switch (condition.op) {
    case 'fact':
      reads.types.push(condition.pattern.type)
      if (inside) reads.final.push(condition.pattern.type)
      break
    case 'accumulate':
      reads.types.push(condition.pattern.type)
      reads.final.push(condition.pattern.type)
      break
    case 'all':
    case 'any':
      for (const part of condition.parts) readsOf(part, reads, inside)
      break
    case 'not':
      readsOf(condition.part, reads, true)
      break
    case 'exists':
      readsOf(condition.part, reads, inside)
      break
    case 'test':
      break
  }
  return reads
}

export type Dependency = { number: number; name: string; reads: Reads; inserts: readonly string[] }

export const dependencyOf = (rule: RuleIr, number: number): Dependency => ({
  number,
  name: rule.name,
  reads: readsOf(rule.when),
  inserts: rule.insert.map(({ type }) => type),
})

/** Rules to evaluate together; `recursive`: they may feed each other, so they are repeated until nothing is new. */
export type Stratum = { rules: readonly number[]; recursive: boolean }

/** A rule, or a type of fact that rules insert; each is evaluated, or complete, after what it comes from. */
type Node = { rule?: Dependency; type?: string; from: Node[]; index: number; low: number; open: boolean }

const newNode = (of: { rule: Dependency } | { type: string }): Node => ({
  ...of,
  from: [],
  index: -1,
  low: -1,
  open: false,
})

/**
 * Strata of the rules that read what rules insert, in order of evaluation. The other rules come before all of them.
 * @throws KramError invalid `rule_cycle`: a fact depends on its own absence, or on a total of itself
 */
export function stratify(dependencies: readonly Dependency[]): Stratum[] {
  const types = new Map<string, Node>()
  for (const { inserts } of dependencies) {
    for (const type of inserts) if (!types.has(type)) types.set(type, newNode({ type }))
  }
  const chained: Node[] = []
  for (const rule of dependencies) {
    if (!rule.reads.types.some((type) => types.has(type))) continue
    const made = [...new Set(rule.reads.types)].filter((type) => types.has(type))
    const node = newNode({ rule })
    node.from = made.map((type) => types.get(type) as Node)
    for (const type of new Set(rule.inserts)) types.get(type)?.from.push(node)
    chained.push(node)
  }
  const strata: Stratum[] = []
  for (const members of components(chained)) {
    refuseCycle(members)
    const rules = members.flatMap(({ rule }) => (rule === undefined ? [] : [rule.number]))
    if (rules.length > 0) strata.push({ rules: rules.sort((a, b) => a - b), recursive: members.length > 1 })
  }
  return strata
}

// Tarjan's strongly connected components; what a component comes from stands before it. The stack is our own, since
// thousands of rules may form one chain.
function components(roots: readonly Node[]): Node[][] {
  const found: Node[][] = []
  const open: Node[] = []
  let index = 0
  for (const root of roots) {
    if (root.index >= 0) continue
    const path: { node: Node; at: number }[] = [{ node: root, at: 0 }]
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const { node } = frame
      if (frame.at === 0) {
        node.index = node.low = index++
        node.open = true
        open.push(node)
      }
      const next = node.from[frame.at++]
      if (next === undefined) {
        path.pop()
        const parent = path.at(-1)?.node
        if (parent !== undefined) parent.low = Math.min(parent.low, node.low)
        if (node.low === node.index) found.push(close(node, open))
      } else if (next.index < 0) path.push({ node: next, at: 0 })
      else if (next.open) node.low = Math.min(node.low, next.index)
    }
  }
  return found
}

function close(node: Node, open: Node[]): Node[] {
  const members = open.splice(open.lastIndexOf(node))
  for (const member of members) member.open = false
  return members
}

// Inside a component no rule may need a type to be final that the component itself still makes.
function refuseCycle(members: readonly Node[]): void {
  if (members.length === 1) return
  const inside = new Set(members)
  for (const { rule, from } of members) {
    const own = from.find((node) => inside.has(node) && rule?.reads.final.includes(node.type ?? ''))
    if (rule === undefined || own === undefined) continue
    const way = wayBack(own, rule, inside)
    const message =
      `rule "${rule.name}" asks for the absence or a total of "${own.type}" facts, which depend on that rule: ` +
      way.map((node) => node.rule?.name ?? `(${node.type})`).join(' -> ')
    throw new KramError('invalid', 'rule_cycle', `The rules form a cycle: ${message}`, {
      detail: {
        issues: [{ pointer: `/${rule.number}`, message }],
        cycle: way.flatMap((node) => (node.rule === undefined ? [] : [node.rule.name])),
      },
    })
  }
}

// The shortest way from the rule to the type that it reads, each feeding the next, and round again.
function wayBack(type: Node, rule: Dependency, inside: ReadonlySet<Node>): Node[] {
  const ways: Node[][] = [[type]]
  const seen = new Set([type])
  for (const way of ways) {
    const [first] = way
    if (first?.rule === rule) return [type, ...way]
    for (const next of first?.from ?? []) {
      if (!inside.has(next) || seen.has(next)) continue
      seen.add(next)
      ways.push([next, ...way])
    }
  }
  return [type]
}
