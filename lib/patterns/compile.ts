// Event patterns in EventBridge's language, compiled: one pattern as a predicate, many as a router. Used by the embedded
// bus, the archive, the CLI and the tests. docs/patterns.md tells the language.
import { consistent, type Offer } from './arrays.ts'
import { createFieldTree, type Entries, type Entry, type FieldTree } from './fields.ts'
import { createAlternativeIndex } from './index-alternatives.ts'
import type { Leaf, LeafTest } from './matchers.ts'
import { parsePattern } from './parse.ts'

export type CompiledPattern = {
  /** Whether the event (any JSON object) matches. Throws KramError `invalid_event` when it is no object or too deep. */
  matches(event: unknown): boolean
}

/** A condition on one field; equal conditions of all patterns of a router are one object with one number. */
export type Condition = { id: number; field: number; tests: LeafTest[]; absent: boolean }

/** Conditions that must hold together, on behalf of the entry (the position of a pattern) that asks for them. */
export type RoutedAlternative = { entry: number; conditions: Condition[] }

/**
 * Compiles one pattern.
 * @throws KramError invalid `invalid_pattern`: EventBridge's reason, and the place in `detail.issues`
 */
export function compilePattern(pattern: unknown): CompiledPattern {
  const { tree, alternatives, judge } = compileAll([pattern])
  return {
    matches(event) {
      const judgement = judge(tree.extract(event))
      return alternatives.some((alternative) => judgement.holds(alternative))
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
 * @throws KramError invalid `invalid_pattern`: EventBridge's reason, and the place in `detail.issues`
 */
export function compileRouter(entries: readonly { name: string; pattern: unknown }[]): Router {
  const { tree, alternatives, judge } = compileAll(entries.map((entry) => entry.pattern))
  const index = createAlternativeIndex(alternatives)
  return {
    route(event) {
      const extracted = tree.extract(event)
      const judgement = judge(extracted)
      const matched = new Set<number>()
      index.visitCandidates(extracted, (alternative) => {
        if (!matched.has(alternative.entry) && judgement.holds(alternative)) matched.add(alternative.entry)
      })
      const names = [...matched].sort((a, b) => a - b).map((entry) => entries[entry]?.name ?? '')
      return names.length > 1 ? [...new Set(names)] : names
    },
  }
}

type Compiled = {
  tree: FieldTree
  alternatives: RoutedAlternative[]
  /** Of one event; what it has found out is forgotten when the next event is judged. */
  judge(entries: Entries): Judgement
}

function compileAll(patterns: unknown[]): Compiled {
  const tree = createFieldTree()
  const conditions = new Map<string, Condition>()
  const alternatives = patterns.flatMap((pattern, entry) =>
    parsePattern(pattern).map((fields) => ({
      entry,
      conditions: fields.map(({ key, path, tests, absent }) => {
        const known = conditions.get(key)
        if (known) return known
        const condition = { id: conditions.size, field: tree.add(path), tests, absent }
        conditions.set(key, condition)
        return condition
      }),
    })),
  )
  const findings = new Uint8Array(conditions.size)
  return { tree, alternatives, judge: (entries) => judgeEvent(entries, findings.fill(unknown)) }
}

// What is known of a condition in one event: not judged yet; fails; holds whatever the others do; holds in some element
// of an array, so that the others have a say; holds only if the others leave no element where its field is present.
const [unknown, fails, holdsAnywhere, holdsInArray, holdsIfAbsent] = [0, 1, 2, 3, 4]

const noEntries: readonly Entry[] = []

const matchesAny = (tests: LeafTest[], value: Leaf): boolean => {
  for (const test of tests) if (test.matches(value)) return true
  return false
}

function judgeCondition({ field, tests, absent }: Condition, entries: Entries): number {
  const present = entries[field]
  if (!present) return absent ? holdsAnywhere : fails
  let matching = false
  let inArray = false
  for (const { value, where } of present) {
    inArray ||= where !== undefined
    matching ||= matchesAny(tests, value)
  }
  if (matching) return inArray ? holdsInArray : holdsAnywhere
  return absent && inArray ? holdsIfAbsent : fails
}

type Judgement = { holds(alternative: RoutedAlternative): boolean }

/** Judges alternatives against one event; each condition once, noted in `findings`. */
function judgeEvent(entries: Entries, findings: Uint8Array): Judgement {
  const find = (condition: Condition): number => {
    const known = findings[condition.id]
    if (known !== unknown && known !== undefined) return known
    const finding = judgeCondition(condition, entries)
    findings[condition.id] = finding
    return finding
  }
  const offer = ({ field, tests, absent }: Condition): Offer => {
    const present = entries[field] ?? noEntries
    return {
      matching: present.filter(({ value }) => matchesAny(tests, value)),
      present: absent ? present : undefined,
    }
  }
  return {
    holds({ conditions }) {
      let inArrays = 0
      let mustBeAbsent = false
      for (const condition of conditions) {
        const finding = find(condition)
        if (finding === fails) return false
        if (finding === holdsInArray) inArrays++
        mustBeAbsent ||= finding === holdsIfAbsent
      }
      // One field alone agrees with itself.
      return inArrays + Number(mustBeAbsent) * 2 < 2 || consistent(conditions.map(offer))
    },
  }
}
