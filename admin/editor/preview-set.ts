// Promotions made ready to be tried in the page, with the code of checkout: lib/promos judges conditions in words,
// stacks, allocates, explains and hints. What is left out is the index of lib/rules: 25 KB that make thousands of
// promotions as quick as one, and that decide nothing else (tests/admin/preview-set.test.ts holds the answers equal).
import type { PromoConfig } from '../../lib/promos/config.ts'
import { makePromo } from '../../lib/promos/promo.ts'
import type { PromoRules } from '../../lib/promos/promo-fired.ts'
import { byRank, type PromoSet } from '../../lib/promos/promo-set.ts'

export type PreviewEntry = { id: string; version: number; config: PromoConfig; state: 'draft' | 'test' | 'live' }

/** Configs that `checkPromo` has passed. */
export function previewSet(entries: readonly PreviewEntry[], timeZone: string): PromoSet {
  const promos = entries
    .toSorted(byRank)
    .map(({ id, version, config, state }, rank) => makePromo(config, { rank, id, version, state }, timeZone))
  return {
    number: 0,
    settings: { timeZone },
    size: promos.length,
    identities: promos,
    promo: (rank) => promos[rank]!,
    rules: noRules,
    judged: new Set(),
    codes: {},
    timetable: { live: [], test: [], recurring: [], countsDays: { live: false, test: false } },
    leftOut: [],
  }
}

/** Of conditions as rules, which the page has none of (admin/stand-ins/eligibility.ts). */
const noRules: PromoRules = { session: () => ({ fire: () => ({ ok: false, code: 'budget_exceeded', budget: 0 }) }) }
