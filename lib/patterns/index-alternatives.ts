// Finds the alternatives that an event can possibly match, by looking up one telling field of each, so that routing
// does not try them all.
import type { RoutedAlternative } from './compile.ts'
import type { Entries } from './fields.ts'
import type { Hint, Leaf, LeafTest } from './matchers.ts'

export type AlternativeIndex = {
  /** Calls `visit` with every alternative that may match; perhaps with one more than once. */
  visitCandidates(entries: Entries, visit: (alternative: RoutedAlternative) => void): void
}

// A condition can be looked up when each of its tests gives a hint; absence cannot.
function hintsOf({ tests, absent }: { tests: LeafTest[]; absent: boolean }): Hint[] | undefined {
  const hints = tests.flatMap((test) => (test.hint ? [test.hint] : []))
  return absent || hints.length < tests.length ? undefined : hints
}

// All ranges of a field count as one key: each of them may hold any number.
const hintKey = (hint: Hint): string => ('from' in hint ? 'range' : JSON.stringify(hint))

/** For each field, how many alternatives one of its looked-up values leads to, on average. */
function loadByField(alternatives: readonly RoutedAlternative[]): Map<number, number> {
  const uses = new Map<number, { postings: number; keys: Set<string> }>()
  for (const condition of alternatives.flatMap(({ conditions }) => conditions)) {
    const use = uses.get(condition.field) ?? { postings: 0, keys: new Set<string>() }
    uses.set(condition.field, use)
    for (const hint of hintsOf(condition) ?? []) {
      use.postings++
      use.keys.add(hintKey(hint))
    }
  }
  return new Map([...uses].map(([field, { postings, keys }]) => [field, postings / Math.max(1, keys.size)]))
}

export function createAlternativeIndex(alternatives: readonly RoutedAlternative[]): AlternativeIndex {
  const load = loadByField(alternatives)
  const byField = new Map<number, FieldIndex>()
  const unindexed: RoutedAlternative[] = []

  for (const alternative of alternatives) {
    const [best] = alternative.conditions
      .filter((condition) => hintsOf(condition) !== undefined)
      .sort((a, b) => (load.get(a.field) ?? 0) - (load.get(b.field) ?? 0))
    if (!best) {
      unindexed.push(alternative)
      continue
    }
    const index = byField.get(best.field) ?? createFieldIndex()
    byField.set(best.field, index)
    for (const hint of hintsOf(best) ?? []) index.add(hint, alternative)
  }

  const indexes = [...byField].map(([field, index]) => ({ field, index }))
  return {
    visitCandidates(entries, visit) {
      unindexed.forEach(visit)
      for (const { field, index } of indexes) {
        const present = entries[field]
        if (present) for (const { value } of present) index.visit(value, visit)
      }
    },
  }
}

/** Alternatives by what they ask of one field. */
type FieldIndex = {
  add(hint: Hint, alternative: RoutedAlternative): void
  visit(value: Leaf, visit: (alternative: RoutedAlternative) => void): void
}

type Postings<Key> = Map<Key, RoutedAlternative[]>

function addPosting<Key>(postings: Postings<Key>, key: Key, alternative: RoutedAlternative): void {
  const known = postings.get(key)
  if (known) known.push(alternative)
  else postings.set(key, [alternative])
}

function createFieldIndex(): FieldIndex {
  const equals: Postings<Leaf> = new Map()
  const folded: Postings<string> = new Map()
  const prefixes: Postings<string> = new Map()
  const suffixes: Postings<string> = new Map()
  const prefixLengths = new Set<number>()
  const suffixLengths = new Set<number>()
  const ranges: { from: number; to: number; alternative: RoutedAlternative }[] = []
  return {
    add(hint, alternative) {
      if ('equals' in hint) addPosting(equals, hint.equals, alternative)
      else if ('folded' in hint) addPosting(folded, hint.folded, alternative)
      else if ('prefix' in hint) addPosting(prefixes, hint.prefix, alternative)
      else if ('suffix' in hint) addPosting(suffixes, hint.suffix, alternative)
      else ranges.push({ ...hint, alternative })
      if ('prefix' in hint) prefixLengths.add(hint.prefix.length)
      if ('suffix' in hint) suffixLengths.add(hint.suffix.length)
    },
    visit(value, visit) {
      equals.get(value)?.forEach(visit)
      if (typeof value === 'number') {
        for (const { from, to, alternative } of ranges) if (value >= from && value <= to) visit(alternative)
      }
      if (typeof value !== 'string') return
      if (folded.size > 0) folded.get(value.toUpperCase())?.forEach(visit)
      for (const length of prefixLengths) {
        if (length <= value.length) prefixes.get(value.slice(0, length))?.forEach(visit)
      }
      for (const length of suffixLengths) {
        if (length <= value.length) suffixes.get(value.slice(value.length - length))?.forEach(visit)
      }
    },
  }
}
