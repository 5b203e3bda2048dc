// What is worked out of a set of promos once, when it is published, so that a process that loads it works out next to
// nothing: the evaluator's index, and what is asked of all promos at once. The promos themselves stay configs.
import { assert } from '../base/assert.ts'
import { loadRuleBase } from '../rules/base.ts'
import { programFormat } from '../rules/program.ts'
import type { Rule } from '../rules/types.ts'
import type { PromoIdentity } from './promo.ts'
import { registry, ruleOf } from './promo-rules.ts'
import { createPromoSet, type PromoSet, type PromoSource } from './promo-set.ts'
import type { Timetable } from './timetable.ts'

/**
 * To be raised whenever the same configs come to other rules, or are prebuilt otherwise, which a test notices; and when
 * `checkPromo` refuses what it did not, or what is published already stays in force until somebody saves.
 */
const ownFormat = 5

/** Of what `prebuild` makes, with the evaluator's own. What has another must be compiled from its configs. */
export const prebuiltFormat = 1_000 * ownFormat + programFormat

/** JSON but for `rules`, which are bytes that must not change. By rank, or ranks. */
export type Prebuilt = {
  versions: readonly number[]
  inTest: readonly number[]
  judged: readonly number[]
  codes: PromoSource['codes']
  timetable: Timetable
  rules: Uint8Array
}

/** `source`: of live and test promos only. */
export function prebuild({ identities, judged, codes, timetable, rules }: PromoSource): Prebuilt {
  assert(
    identities.every(({ state }) => state !== 'draft'),
    'drafts are in no snapshot',
  )
  return {
    versions: identities.map(({ version }) => version),
    inTest: identities.filter(({ state }) => state === 'test').map(({ rank }) => rank),
    judged: [...judged],
    codes,
    timetable,
    rules: rules.toBytes({ withRules: false }),
  }
}

type Rest = Pick<PromoSource, 'number' | 'settings' | 'configOf'>

/**
 * The set that was prebuilt, the same as if its configs were compiled; each is read when its promo is first needed.
 * @throws KramError invalid `rule_base_unreadable`; compile the configs then
 */
export function loadPrebuilt({ versions, inTest, judged, codes, timetable, rules }: Prebuilt, rest: Rest): PromoSet {
  const ruleAt = (rank: number): Rule => ruleOf(set.promo(rank)).rule
  const base = loadRuleBase(rules, { registry, rules: ruleAt })
  const tests = new Set(inTest)
  const identities = base.names.map((id, rank): PromoIdentity => {
    return { rank, id, version: versions[rank] ?? 0, state: tests.has(rank) ? 'test' : 'live' }
  })
  const set: PromoSet = createPromoSet({
    ...rest,
    identities,
    rules: base,
    judged: new Set(judged),
    codes,
    timetable,
    leftOut: [],
  })
  return set
}
