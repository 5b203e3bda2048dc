// Warns of what is well formed and possible, but probably not meant, among the promos of a shop.

import { languages } from '../base/languages.ts'
import { limits } from '../base/limits.ts'
import { type RewardArgs, rewardNames } from './action-kinds.ts'
import type { ActionConfig } from './actions.ts'
import { areDisjoint, asksNoMore, covers, excludeEachOther, overlap, spans } from './compare.ts'
import { hintGaps } from './hint-gaps.ts'
import { templateOf } from './hint-words.ts'
import { idleLimits } from './idle.ts'
import type { Promo } from './promo.ts'

export const warningCodes = [
  'shadowed',
  'adds_up',
  'alike_hints',
  'silent_hint',
  'falling_tiers',
  'idle_limit',
  'no_pick',
] as const

export type Warning = {
  code: (typeof warningCodes)[number]
  /** In the config. */
  pointer: string
  /** Id of the other promo that it is about. */
  other?: string
  message: string
}

export type WarnOptions = {
  /** Two promos that together take more than this off the same goods are worth a word. */
  mostPercent?: number
}

/**
 * Warnings about a promo among others, the gravest first and no more than anyone reads; the promo itself may be among
 * them.
 */
export function warningsOf(promo: Promo, others: readonly Promo[], options: WarnOptions = {}): Warning[] {
  const gravity = ({ code }: Warning): number => warningCodes.indexOf(code)
  return allWarnings(promo, others, options)
    .sort((a, b) => gravity(a) - gravity(b))
    .slice(0, limits.issues)
}

function allWarnings(promo: Promo, others: readonly Promo[], { mostPercent = 50 }: WarnOptions): Warning[] {
  const warnings = ownWarnings(promo)
  if (promo.state === 'draft') return warnings
  const percent = largestPercent(promo)
  for (const other of others) {
    if (other.id === promo.id || other.state === 'draft' || !canMeet(promo, other)) continue
    const name = other.config.title ?? other.id
    const shadow = shadowOf(other, promo, name)
    if (shadow !== undefined) warnings.push({ code: 'shadowed', pointer: '', other: other.id, message: shadow })
    const further = largestPercent(other)
    // One of them alone is no sum.
    const together = percent === 0 || further === 0 ? 0 : combined(percent, further)
    if (together > mostPercent && meet(promo, other)) {
      const shown = Math.round(together * 100) / 100
      const message = `and "${name}" can take ${shown} % off the same goods together; name them one group to keep the better one`
      warnings.push({ code: 'adds_up', pointer: '/actions', other: other.id, message })
    }
    if (readAlike(promo, other)) {
      const message = `reads like that of "${name}"; customers will see the goods or conditions named before it`
      warnings.push({ code: 'alike_hints', pointer: '/hint', other: other.id, message })
    }
  }
  return warnings
}

const ownWarnings = (promo: Promo): Warning[] => [
  ...silentHints(promo),
  ...promo.config.actions.flatMap((action, i) => actionWarnings(action, `/actions/${i}`)),
  ...idleLimits(promo),
]

const silentHints = (promo: Promo): Warning[] =>
  hintGaps(promo).map(({ pointer, placeholder }) => ({
    code: 'silent_hint',
    pointer,
    message: `is never shown: nothing in this promotion gives {${placeholder}} a value; customers read a sentence made for them`,
  }))

// They pick units for `max_units` alone.
const limitedByUnits = new Set(['percent_off', 'fixed_off', 'fixed_price', 'tiers', 'cashback', 'bonus'])

type Tier = RewardArgs & { from: number }

function actionWarnings({ type, pick, max_units, tiers }: ActionConfig, pointer: string): Warning[] {
  const warnings: Warning[] = []
  if (pick !== undefined && max_units === undefined && limitedByUnits.has(type)) {
    const message = 'changes nothing: without max_units all units are taken'
    warnings.push({ code: 'no_pick', pointer: `${pointer}/pick`, message })
  }
  const rising = Array.isArray(tiers) ? tiers.toSorted((a: Tier, b: Tier) => a.from - b.from) : []
  if (rising.some((tier: Tier, i) => i > 0 && givesLess(tier, rising[i - 1]))) {
    const message = 'gives less from a higher `from` on: who buys more pays more'
    warnings.push({ code: 'falling_tiers', pointer: `${pointer}/tiers`, message })
  }
  return warnings
}

// A percentage and a sum cannot be compared.
const givesLess = (tier: Tier, lower: Tier): boolean =>
  rewardNames.some((name) => {
    const [more, less] = name === 'price' ? [tier, lower] : [lower, tier]
    return Number(more[name]) > Number(less[name])
  })

const isUnlimited = ({ config }: Promo): boolean => config.limits === undefined

/** Why `wide`, called `name`, is always in the way of `narrow`; undefined: it is not, as far as can be told. */
function shadowOf(wide: Promo, narrow: Promo, name: string): string | undefined {
  if (wide.state === 'test' && narrow.state !== 'test') return undefined
  if (!isUnlimited(wide) || wide.late || !spans(wide, narrow)) return undefined
  if (!covers(wide.filter, narrow.filter) || !asksNoMore(wide, narrow)) return undefined
  const isBefore =
    (wide.config.priority ?? 0) > (narrow.config.priority ?? 0) ||
    ((wide.config.priority ?? 0) === (narrow.config.priority ?? 0) && wide.id < narrow.id)
  if (wide.exclusive && (!narrow.exclusive || isBefore)) {
    return `never applies: wherever it would, "${name}" applies too, and is exclusive`
  }
  if (wide.group !== undefined && wide.group === narrow.group && !narrow.exclusive) {
    const [more, less] = [onlyPercent(wide), onlyPercent(narrow)]
    if (more !== undefined && less !== undefined && (more > less || (more === less && isBefore))) {
      return `never applies: wherever it would, "${name}" is of the same group and takes as much or more off`
    }
  }
  if (
    wide.stop &&
    wide.group === undefined &&
    isBefore &&
    !narrow.exclusive &&
    onlyPercent(wide) !== undefined &&
    actsOnOwnLines(narrow)
  ) {
    return `never applies: wherever it would, "${name}" comes first and lets no later promo have its lines`
  }
  return undefined
}

/** The percentage of a promo that takes one off its own goods, and does nothing else. */
function onlyPercent({ config }: Promo): number | undefined {
  const [action] = config.actions
  if (config.actions.length !== 1 || action?.type !== 'percent_off' || config.targets) return undefined
  const plain = (['on', 'targets', 'max_units', 'max_minor'] as const).every((name) => action[name] === undefined)
  return plain ? Number(action.value) : undefined
}

const actsOnOwnLines = ({ config }: Promo): boolean =>
  config.targets === undefined &&
  config.actions.every(
    ({ type, targets, on }) =>
      targets === undefined && on !== 'delivery' && !['free_delivery', 'gift', 'voucher'].includes(type),
  )

function meet(a: Promo, b: Promo): boolean {
  if (a.exclusive || b.exclusive || a.stop || b.stop) return false
  if (a.group !== undefined && a.group === b.group) return false
  return areasOf(a).some((own) => areasOf(b).some((other) => !areDisjoint(own, other))) && !excludeEachOther(a, b)
}

/** The goods that each action acts on. */
const areasOf = ({ actions, filter }: Promo) => actions.map(({ targets }) => targets ?? filter)

/** Whether some order may be one for both, as far as time and currency tell. */
function canMeet(a: Promo, b: Promo): boolean {
  const [own, other] = [a.config.currency, b.config.currency]
  return overlap(a.window, b.window) && (own === undefined || other === undefined || own === other)
}

// The second takes its part of what the first has left.
const combined = (a: number, b: number): number => 100 - ((100 - a) * (100 - b)) / 100

function largestPercent({ config }: Promo): number {
  return config.actions.reduce((kept, action) => combined(kept, percentOf(action)), 0)
}

function percentOf({ type, value, on, tiers, buy, get, percent, first, further }: ActionConfig): number {
  if (type === 'percent_off') return on === 'delivery' ? 0 : Number(value)
  if (type === 'tiers' && Array.isArray(tiers)) {
    return Math.max(0, ...tiers.map((tier: { percent?: number }) => tier.percent ?? 0))
  }
  if (type === 'buy_x_get_y') return (Number(percent ?? 100) * Number(get)) / (Number(buy) + Number(get))
  if (type === 'unit_groups' || type === 'bundle') return Number(percent ?? 0)
  if (type !== 'first_then_each_further') return 0
  return Math.max(...[first, further].map((reward) => (reward as { percent?: number } | undefined)?.percent ?? 0))
}

// In some language.
const readAlike = (promo: Promo, other: Promo): boolean =>
  languages.some((language) => {
    const text = templateOf(promo, language)
    return text !== undefined && !text.includes('{goods') && text === templateOf(other, language)
  })
