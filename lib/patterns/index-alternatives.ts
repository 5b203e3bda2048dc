// Finds the alternatives that an event can possibly match, by looking up one telling field of each, so that routing
// does not try them all.
import type { Condition, RoutedAlternative } from './compile.ts'
import type { Entries } from './fields.ts'
import type { Hint, Leaf } from './matchers.ts'

export type AlternativeIndex = {
  /** Every alternative that may match is among them; each once. */
  candidates(entries: Entries): Iterable<RoutedAlternative>
}

/** Alternatives by values of one field, and by beginnings of them. */
type FieldIndex = {
  equals: Map<Leaf, RoutedAlternative[]>
  prefixes: Map<string, RoutedAlternative[]>
  /** Lengths of the prefixes there are. */
  lengths: number[]
}

// A condition can be looked up when each of its tests names a value or a beginning, and absence does not do.
function hintsOf({ tests, absent }: Condition): Hint[] | undefined {
  if (absent) return undefined
  const hints = tests.map((test) => test.hint)
  return hints.every((hint) => hint !== undefined && !('prefix' in hint && hint.prefix === ''))
    ? (hints as Hint[])
    : undefined
}

const hintKey = (hint: Hint): string => JSON.stringify(hint)

/** For each field, how many alternatives one of its looked-up values leads to, on average. */
function loadByField(alternatives: readonly RoutedAlternative[]): Map<number, number> {
  const uses = new Map<number, { postings: number; keys: Set<string> }>()
  for (const { conditions } of alternatives) {
    for (const condition of conditions) {
      const use = uses.get(condition.field) ?? { postings: 0, keys: new Set<string>() }
      uses.set(condition.field, use)
      for (const hint of hintsOf(condition) ?? []) {
        use.postings++
        use.keys.add(hintKey(hint))
      }
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
    const index = byField.get(best.field) ?? { equals: new Map(), prefixes: new Map(), lengths: [] }
    byField.set(best.field, index)
    for (const hint of hintsOf(best) ?? []) addHint(index, hint, alternative)
  }

  return {
    candidates(entries) {
      const found = new Set<RoutedAlternative>(unindexed)
      for (const [field, index] of byField) {
        for (const { value } of entries[field] ?? []) lookUp(index, value, found)
      }
      return found
    },
  }
}

function addHint(index: FieldIndex, hint: Hint, alternative: RoutedAlternative): void {
  if ('equals' in hint) {
    index.equals.set(hint.equals, [...(index.equals.get(hint.equals) ?? []), alternative])
    return
  }
  index.prefixes.set(hint.prefix, [...(index.prefixes.get(hint.prefix) ?? []), alternative])
  if (!index.lengths.includes(hint.prefix.length)) index.lengths.push(hint.prefix.length)
}

function lookUp({ equals, prefixes, lengths }: FieldIndex, value: Leaf, found: Set<RoutedAlternative>): void {
  for (const alternative of equals.get(value) ?? []) found.add(alternative)
  if (typeof value !== 'string') return
  for (const length of lengths) {
    if (length > value.length) continue
    for (const alternative of prefixes.get(value.slice(0, length)) ?? []) found.add(alternative)
  }
}
