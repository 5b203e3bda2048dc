// A set of promos made ready: ranked, compiled into rules of lib/rules, each promo made when first needed. Immutable;
// what is made lazily is only remembered.
import { type Issue, KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { compareUtf8 } from '../base/text.ts'
import { compileRules } from '../rules/compile.ts'
import type { Rule, RuleBase } from '../rules/types.ts'
import { checkPromo } from './check.ts'
import type { PromoConfig } from './config.ts'
import { makePromo, type Promo, type PromoIdentity, sharedActions } from './promo.ts'
import type { PromoRules } from './promo-fired.ts'
import { compileOptions, ruleOf } from './promo-rules.ts'
import { createTimetable, type Timetable } from './timetable.ts'

export type PromoSettings = {
  /** The shop's, for promos that name none. */
  timeZone: string
}

export type CompileOptions = {
  settings: PromoSettings
  /** Number of the published set; 0: not from a published one. */
  number?: number
  /** Version of each config, by its place; 0: never published. */
  versions?: readonly number[]
  /** State of a config that names none: `live` where configs are tried, `draft` in the shop. */
  defaultState?: 'draft' | 'live'
  /** As lib/rules has it; for tests and measurements. */
  index?: 'auto' | 'always' | 'never'
  /** Whether the config at that place was found good before, under the same settings: it is not checked again. */
  isKnownGood?: (index: number) => boolean
}

/** A config that is left out of the set, and why. */
export type LeftOut = { index: number; id: string; issues: Issue[] }

/** Promos are known by their rank: the place by priority descending, then id ascending by code points. */
export type PromoSet = {
  readonly number: number
  readonly settings: PromoSettings
  readonly size: number
  /** By rank. */
  readonly identities: readonly PromoIdentity[]
  promo(rank: number): Promo
  /** One rule for each promo, by rank. */
  readonly rules: PromoRules
  /** Ranks of promos whose rule says less than they do, beside hours that recur: to be judged in words too. */
  readonly judged: ReadonlySet<number>
  /** Ranks by the codes that open promos, in canonical writing. */
  readonly codes: { readonly [code: string]: readonly number[] }
  readonly timetable: Timetable
  readonly leftOut: readonly LeftOut[]
}

/** What a set is made of; with the rule base of lib/rules, as a snapshot keeps it. */
export type PromoSource<Rules extends PromoRules = RuleBase> = {
  number: number
  settings: PromoSettings
  /** By rank. */
  identities: readonly PromoIdentity[]
  configOf(rank: number): PromoConfig
  rules: Rules
  judged: ReadonlySet<number>
  codes: { readonly [code: string]: readonly number[] }
  timetable: Timetable
  leftOut: readonly LeftOut[]
}

/** A set that makes each promo when it is first asked for. */
export function createPromoSet({ configOf, ...rest }: PromoSource<PromoRules>): PromoSet {
  const { identities } = rest
  const actionsOf = sharedActions()
  const made: (Promo | undefined)[] = new Array(identities.length).fill(undefined)
  return {
    ...rest,
    size: identities.length,
    promo(rank) {
      const known = made[rank]
      if (known) return known
      const promo = makePromo(configOf(rank), identities[rank]!, rest.settings.timeZone, actionsOf)
      made[rank] = promo
      return promo
    },
  }
}

type Ranked = { id: string; config: PromoConfig }

/** By priority descending, then id ascending by code points, which JavaScript's own order is not. */
export const byRank = (a: Ranked, b: Ranked): number =>
  (b.config.priority ?? 0) - (a.config.priority ?? 0) || compareUtf8(a.id, b.id)

type Entry = Ranked & { index: number }

/**
 * Makes a set of configs as they are stored. A config that is no good is left out and named in `leftOut`; the others
 * apply. `source` is what `prebuild` takes.
 * @throws KramError limit `too_many_promos`
 */
export function compilePromos(
  configs: readonly unknown[],
  options: CompileOptions,
): PromoSet & { readonly source: PromoSource } {
  if (configs.length > limits.promos) {
    throw new KramError('invalid', 'too_many_promos', `There may be at most ${limits.promos} promos.`)
  }
  const { entries, leftOut } = readConfigs(configs, options)
  entries.sort(byRank)
  try {
    return compileEntries(entries, leftOut, options)
  } catch (error) {
    // One that passes the checks and yet cannot be compiled is a fault of ours, but no reason to go without all others.
    const sound = entries.filter((entry) => compilesAlone(entry, leftOut, options))
    if (sound.length === entries.length) throw error
    return compileEntries(sound, leftOut, options)
  }
}

function compilesAlone(entry: Entry, leftOut: LeftOut[], options: CompileOptions): boolean {
  try {
    compileEntries([entry], leftOut, options)
    return true
  } catch (error) {
    const message = `cannot be compiled: ${error instanceof KramError ? error.message : 'a fault of the program'}`
    leftOut.push({ index: entry.index, id: entry.id, issues: [{ pointer: '', message }] })
    return false
  }
}

function compileEntries(
  entries: readonly Entry[],
  leftOut: readonly LeftOut[],
  { settings, number = 0, versions = [], defaultState = 'live', index = 'auto' }: CompileOptions,
): PromoSet & { readonly source: PromoSource } {
  const actionsOf = sharedActions()
  const promos = entries.map(({ index, id, config }, rank) => {
    const identity = { rank, id, version: versions[index] ?? 0, state: config.state ?? defaultState }
    return makePromo(config, identity, settings.timeZone, actionsOf)
  })
  const { rules, judged } = rulesOf(promos, index)
  const source: PromoSource = {
    number,
    settings,
    identities: promos.map(({ rank, id, version, state }) => ({ rank, id, version, state })),
    configOf: (rank) => promos[rank]!.config,
    rules,
    judged,
    codes: ranksByCode(promos),
    timetable: createTimetable(promos),
    leftOut,
  }
  return { ...createPromoSet(source), promo: (rank) => promos[rank]!, source }
}

function readConfigs(
  configs: readonly unknown[],
  { settings: { timeZone }, isKnownGood }: CompileOptions,
): { entries: Entry[]; leftOut: LeftOut[] } {
  const entries: Entry[] = []
  const leftOut: LeftOut[] = []
  const taken = new Set<string>()
  for (const [index, input] of configs.entries()) {
    const issues = isKnownGood?.(index) ? [] : checkPromo(input, { timeZone })
    const config = input as PromoConfig
    const id = issues.length === 0 ? (config.id ?? `promo-${index}`) : `promo-${index}`
    if (issues.length === 0 && taken.has(id)) issues.push({ pointer: '/id', message: 'is the id of another promo' })
    if (issues.length > 0) {
      leftOut.push({ index, id, issues })
    } else {
      taken.add(id)
      entries.push({ index, id, config })
    }
  }
  return { entries, leftOut }
}

function rulesOf(
  promos: readonly Promo[],
  index: 'auto' | 'always' | 'never',
): { rules: RuleBase; judged: Set<number> } {
  const judged = new Set<number>()
  const rules = promos.map((promo): Rule => {
    const { rule, isWhole } = ruleOf(promo)
    if (!isWhole) judged.add(promo.rank)
    return rule
  })
  return { rules: compileRules(rules, { ...compileOptions, index }), judged }
}

function ranksByCode(promos: readonly Promo[]): PromoSource['codes'] {
  const ranks = new Map<string, number[]>()
  for (const { rank, codes, state } of promos) {
    if (codes === undefined || state === 'draft') continue
    for (const code of codes.keys()) {
      const own = ranks.get(code)
      if (own) own.push(rank)
      else ranks.set(code, [rank])
    }
  }
  return Object.fromEntries(ranks)
}
