// A set of promos made ready: parsed, ranked, each known by its rank. Immutable; what is made lazily is only remembered.
import type { Issue } from '../base/errors.ts'
import { checkPromo } from './check.ts'
import type { PromoConfig } from './config.ts'
import { makePromo, type Promo } from './promo.ts'

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
}

/** A config that is left out of the set, and why. */
export type LeftOut = { index: number; id: string; issues: Issue[] }

export type PromoSet = {
  readonly number: number
  readonly settings: PromoSettings
  /** By priority descending, then id ascending by code points; the place is the promo's rank. */
  readonly promos: readonly Promo[]
  readonly leftOut: readonly LeftOut[]
}

type Entry = { index: number; id: string; config: PromoConfig }

/**
 * Makes a set of configs as they are stored. A config that is no good is left out and named in `leftOut`; the others
 * apply.
 */
export function compilePromos(configs: readonly unknown[], options: CompileOptions): PromoSet {
  const { settings, number = 0, versions = [], defaultState = 'live' } = options
  const { entries, leftOut } = readConfigs(configs, settings)
  entries.sort((a, b) => (b.config.priority ?? 0) - (a.config.priority ?? 0) || compareCodePoints(a.id, b.id))
  const promos = entries.map(({ index, id, config }, rank) =>
    makePromo(
      config,
      { rank, id, version: versions[index] ?? 0, state: config.state ?? defaultState },
      settings.timeZone,
    ),
  )
  return { number, settings, promos, leftOut }
}

function readConfigs(
  configs: readonly unknown[],
  { timeZone }: PromoSettings,
): { entries: Entry[]; leftOut: LeftOut[] } {
  const entries: Entry[] = []
  const leftOut: LeftOut[] = []
  const taken = new Set<string>()
  for (const [index, input] of configs.entries()) {
    const issues = checkPromo(input, { timeZone })
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

/** By code points, which differ from JavaScript's own order beyond the basic plane. */
export function compareCodePoints(a: string, b: string): number {
  const [others, theirs] = [a[Symbol.iterator](), b[Symbol.iterator]()]
  for (;;) {
    const x = others.next()
    const y = theirs.next()
    if (x.done || y.done) return (x.done ? 0 : 1) - (y.done ? 0 : 1)
    const difference = x.value.codePointAt(0)! - y.value.codePointAt(0)!
    if (difference !== 0) return difference
  }
}
