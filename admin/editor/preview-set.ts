// Promotions made ready to be tried in the page, with the code of checkout: lib/promos judges conditions in words,
// stacks, allocates, explains and hints. What is left out is the index of lib/rules: 25 KB that make thousands of
// promotions as quick as one, and that decide nothing else (tests/admin/preview-set.test.ts holds the answers equal).

import type { PromoConfig } from '../../lib/promos/config.ts'
import { makePromo } from '../../lib/promos/promo.ts'
import { compareCodePoints, createPromoSet, type PromoSet } from '../../lib/promos/promo-set.ts'
import { createTimetable } from '../../lib/promos/timetable.ts'
import type { RuleBase } from '../../lib/rules/types.ts'

export type PreviewEntry = { id: string; version: number; config: PromoConfig; state: 'draft' | 'test' | 'live' }

/** Configs that `checkPromo` has passed. */
export function previewSet(entries: readonly PreviewEntry[], timeZone: string): PromoSet {
  const sorted = entries.toSorted(
    (a, b) => (b.config.priority ?? 0) - (a.config.priority ?? 0) || compareCodePoints(a.id, b.id),
  )
  const promos = sorted.map(({ id, version, config, state }, rank) =>
    makePromo(config, { rank, id, version, state }, timeZone),
  )
  const set = createPromoSet({
    number: 0,
    settings: { timeZone },
    identities: promos.map(({ rank, id, version, state }) => ({ rank, id, version, state })),
    configOf: (rank) => promos[rank]!.config,
    rules: everyRule(promos.length),
    // All of them, so that every condition is decided in words.
    judged: new Set(promos.keys()),
    codes: {},
    timetable: createTimetable(promos),
    leftOut: [],
  })
  return { ...set, promo: (rank) => promos[rank]! }
}

/** Every rule fires, whatever the facts are: the one thing that lib/promos asks of a rule base. */
function everyRule(size: number): RuleBase {
  const rules = Int32Array.from({ length: size }, (_, rank) => rank)
  const none = { rules: new Int32Array(), unmet: new Int32Array(), missing: new Float64Array() }
  const fired = { ok: true, rules, facts: [], near: () => none, places: () => [], with: () => fired }
  return { session: () => ({ fire: () => fired }) } as unknown as RuleBase
}
