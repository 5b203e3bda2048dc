// Promotions made ready to be tried in the page, with the code of checkout: lib/promos judges conditions in words,
// stacks, allocates, explains and hints. What is left out is the index of lib/rules: 25 KB that make thousands of
// promotions as quick as one, and that decide nothing else (tests/admin/preview-set.test.ts holds the answers equal).
import type { PromoConfig } from '../../lib/promos/config.ts'
import { makePromo } from '../../lib/promos/promo.ts'
import type { PromoFired, PromoRules } from '../../lib/promos/promo-fired.ts'
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
    rules: everyRule(promos.length),
    judged: new Set(promos.keys()),
    codes: {},
    timetable: { live: [], test: [], recurring: [], countsDays: { live: false, test: false } },
    leftOut: [],
  }
}

/** Every rule fires, whatever the facts are, so that none is ever near and every place must be looked up. */
function everyRule(size: number): PromoRules {
  const fired: PromoFired = {
    ok: true,
    facts: [],
    rules: Int32Array.from({ length: size }, (_, rank) => rank),
    places: () => [],
    near: () => ({ rules: new Int32Array(), unmetAt: () => 0 }),
    unmet: () => 0,
    with: () => fired,
  }
  return { session: () => ({ fire: () => fired }) }
}
