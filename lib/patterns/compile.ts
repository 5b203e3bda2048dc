// Event patterns in EventBridge's language, compiled: one pattern as a predicate, many as a router. Used by the embedded
// bus, the archive, the CLI and the tests. docs/patterns.md tells the language.
import { consistent, type Offer } from './arrays.ts'
import { createFieldTree, type Entries, type FieldTree } from './fields.ts'
import { createAlternativeIndex } from './index-alternatives.ts'
import type { LeafTest } from './matchers.ts'
import { parsePattern } from './parse.ts'

export type CompiledPattern = {
  /** Whether the event (any JSON object) matches. Throws KramError `invalid_event` when it is no object or too deep. */
  matches(event: unknown): boolean
}

/** A condition on one field; equal conditions of all patterns of a router are one object. */
export type Condition = { field: number; tests: LeafTest[]; absent: boolean }

/** Conditions that must hold together, on behalf of the entry (the position of a pattern) that asks for them. */
export type RoutedAlternative = { entry: number; conditions: Condition[] }

/**
 * Compiles one pattern.
 * @throws KramError invalid `invalid_pattern`: EventBridge's reason, and the place in `detail.issues`
 */
export function compilePattern(pattern: unknown): CompiledPattern {
  const { tree, alternatives } = compileAll([pattern])
  return {
    matches(event) {
      const judge = judgeOf(tree.extract(event))
      return alternatives.some(judge)
    },
  }
}

export type Router = {
  /** Names of the entries whose patterns match, in the order in which they were given, each once. */
  route(event: unknown): string[]
}

/**
 * Compiles many patterns whose costs do not add up: fields are taken out of the event once, equal conditions are judged
 * once, and each alternative is found by its most telling field that asks for given values.
 * @throws KramError invalid `invalid_pattern`, with the entry's name in `detail.name`
 */
export function compileRouter(entries: readonly { name: string; pattern: unknown }[]): Router {
  const { tree, alternatives } = compileAll(entries.map((entry) => entry.pattern))
  const index = createAlternativeIndex(alternatives)
  return {
    route(event) {
      const extracted = tree.extract(event)
      const judge = judgeOf(extracted)
      const matched = new Set<number>()
      for (const alternative of index.candidates(extracted)) {
        if (!matched.has(alternative.entry) && judge(alternative)) matched.add(alternative.entry)
      }
      const names = [...matched].sort((a, b) => a - b).map((entry) => entries[entry]?.name ?? '')
      return [...new Set(names)]
    },
  }
}

function compileAll(patterns: unknown[]): { tree: FieldTree; alternatives: RoutedAlternative[] } {
  const tree = createFieldTree()
  const conditions = new Map<string, Condition>()
  const alternatives = patterns.flatMap((pattern, entry) =>
    parsePattern(pattern).map((fields) => ({
      entry,
      conditions: fields.map(({ key, path, tests, absent }) => {
        const condition = conditions.get(key) ?? { field: tree.add(path), tests, absent }
        conditions.set(key, condition)
        return condition
      }),
    })),
  )
  return { tree, alternatives }
}

/** What a condition found in one event: the matching values, or none; `flat` when no value lies in an array element. */
type Finding = { offer: Offer; holds: boolean; flat: boolean }

const nothing: Offer['matching'] = []

function judgeCondition({ field, tests, absent }: Condition, entries: Entries): Finding {
  const present = entries[field] ?? nothing
  const matching = present.filter(({ value }) => tests.some((test) => test.matches(value)))
  const flat = present.every(({ where }) => where === undefined)
  const holds = matching.length > 0 || (absent && (present.length === 0 || !flat))
  return { offer: { matching, present: absent ? present : undefined }, holds, flat }
}

/** Judges alternatives against one event; each condition once. */
function judgeOf(entries: Entries): (alternative: RoutedAlternative) => boolean {
  const findings = new Map<Condition, Finding>()
  const find = (condition: Condition): Finding => {
    const known = findings.get(condition)
    if (known) return known
    const finding = judgeCondition(condition, entries)
    findings.set(condition, finding)
    return finding
  }
  return ({ conditions }) => {
    let inArrays = 0
    let absentInArrays = false
    for (const condition of conditions) {
      const { holds, flat, offer } = find(condition)
      if (!holds) return false
      if (flat) continue
      inArrays++
      absentInArrays ||= offer.matching.length === 0
    }
    // One field alone agrees with itself, if some value of it matches.
    if (inArrays === 0 || (inArrays === 1 && !absentInArrays)) return true
    return consistent(conditions.map((condition) => find(condition).offer))
  }
}
