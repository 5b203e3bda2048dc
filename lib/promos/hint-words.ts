// Puts a hint into words: from the promo's own template, or a sentence made of the steps.
import type { Language } from '../base/languages.ts'
import type { ActionConfig } from './actions.ts'
import { goodsText } from './filter-words.ts'
import { renderTemplate, type Values } from './hint-template.ts'
import { words } from './hint-texts.ts'
import type { HintStep } from './mending.ts'
import type { Promo } from './promo.ts'
import { dayText, moneyText, percentText, pluralForm } from './words.ts'

/** What a hint is about; `gainMinor` 0: not money, or not known. */
export type HintFacts = { promo: Promo; steps: readonly HintStep[]; gainMinor: number; currency: string }

const isAmount = (step: HintStep): step is Extract<HintStep, { kind: 'sum' | 'units' }> =>
  step.kind === 'sum' || step.kind === 'units'

export function nameIn(step: HintStep, currency: string, language: Language): string {
  if (!isAmount(step)) return step.value ?? ''
  if (step.kind === 'units' && step.name !== undefined) return step.name
  const { goods, price_from_minor: from, price_to_minor: to } = step
  if (from === undefined && to === undefined) return goods ?? ''
  const own = words[language]
  const prices: string[] = []
  if (from !== undefined) prices.push((from === to ? own.priceOf : own.priceFrom)(moneyText(from, currency, language)))
  if (to !== undefined && to !== from) prices.push(own.priceTo(moneyText(to, currency, language)))
  return goods === undefined ? own.pricedGoods(prices.join(' ')) : [goods, ...prices].join(' ')
}

// `values`: what templates may name; most promos have none.
export function hintText(
  { promo, steps, gainMinor, currency }: HintFacts,
  language: Language,
  values: () => Values,
): string {
  // What applies already lacks nothing, which is what templates speak of.
  const template = steps.length === 0 ? undefined : templateOf(promo, language)
  const own = template === undefined ? undefined : renderTemplate(template, values(), language)
  return own ?? sentenceOf(steps, { reward: rewardOf(promo, gainMinor, currency, language), currency, language })
}

/** The promo's own text in a language: that language's, else English, else any. */
export function templateOf({ config: { hint } }: Promo, language: Language): string | undefined {
  if (hint === undefined || hint === false) return undefined
  if (typeof hint === 'string') return hint
  return hint[language] ?? hint.en ?? hint.uk ?? hint.pl
}

export function valuesOf(
  { promo, steps, gainMinor, currency }: HintFacts,
  language: Language,
  timeZone: string,
): Values {
  const values: Values = { reward: rewardOf(promo, gainMinor, currency, language) }
  const sums = steps.flatMap((step) => (step.kind === 'sum' ? [step.missing_minor] : []))
  const units = steps.flatMap((step) => (step.kind === 'units' ? [step.missing] : []))
  if (sums.length > 0) values.missing_sum = moneyText(Math.max(...sums), currency, language)
  if (units.length > 0) {
    values.units = Math.max(...units)
    values.missing_units = String(values.units)
  }
  for (const step of steps) {
    if (step.kind === 'delivery' || step.kind === 'payment' || step.kind === 'channel') values[step.kind] = step.value
    if (step.kind === 'code') values.code = values.code === undefined ? step.value : `${values.code}, ${step.value}`
  }
  const goods = goodsText(promo.filter)
  if (goods !== '') values.goods = goods
  if (gainMinor > 0) values.gain = moneyText(gainMinor, currency, language)
  if (promo.config.title !== undefined) values.title = promo.config.title
  if (Number.isFinite(promo.window.finishMs)) {
    values.finish = dayText(promo.window.finishMs - 1, promo.config.time_zone ?? timeZone, language)
  }
  return values
}

type Wording = { reward: string; currency: string; language: Language }

function sentenceOf(steps: readonly HintStep[], { reward, currency, language }: Wording): string {
  const own = words[language]
  const parts: string[] = []
  for (const step of steps) {
    const nameOf = (other: HintStep): string | undefined =>
      isAmount(other) && !('line' in other) ? nameIn(other, currency, language) : undefined
    const name = nameOf(step)
    const twin = steps.find((other) => other.kind !== step.kind && name !== undefined && nameOf(other) === name)
    // Units and a sum of the same goods are one thing to do.
    if (twin?.kind !== 'sum') parts.push(stepText(step, currency, language, twin))
  }
  const last = parts.pop()
  if (last === undefined) return capitalized(own.have(reward))
  const all = parts.length === 0 ? last : `${parts.join(', ')}${own.and}${last}`
  return capitalized(own.get(all, reward))
}

const unitsText = (missing: number, language: Language): string =>
  `${missing} ${words[language].units[pluralForm(missing, language)]}`

function stepText(step: HintStep, currency: string, language: Language, twin?: HintStep): string {
  const own = words[language]
  const name = nameIn(step, currency, language)
  if (step.kind === 'sum') {
    const money = moneyText(step.missing_minor, currency, language)
    if (twin?.kind === 'units') {
      const units = unitsText(twin.missing, language)
      return name === '' ? own.addBoth(units, money) : own.addBothOf(units, name, money)
    }
    return name === '' ? own.addSum(money) : own.addSumOf(money, name)
  }
  if (step.kind === 'units') {
    const units = unitsText(step.missing, language)
    return name === '' ? own.addUnits(units) : own.addUnitsOf(units, name)
  }
  if (name !== '') return own[step.kind](name)
  if (step.kind === 'card') return own.anyCard
  return step.kind === 'code' ? own.anyCode : own[step.kind](name)
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Those that say nothing of the gain, as they were said last. */
const knownRewards = new WeakMap<Promo, { currency: string; language: Language; text: string }>()

export function rewardOf(promo: Promo, gainMinor: number, currency: string, language: Language): string {
  // Short cut: of most promos it is the same again.
  const known = knownRewards.get(promo)
  // Short cut
  if (known && known.currency === currency && known.language === language) return known.text
  let isGainSaid = false
  const gain = (): string | undefined => {
    isGainSaid = true
    return gainMinor > 0 ? moneyText(gainMinor, currency, language) : undefined
  }
  const text = rewardText(promo, gain, currency, language)
  // Short cut, for the next time.
  if (!isGainSaid) knownRewards.set(promo, { currency, language, text })
  return text
}

// `gain`: seldom said, and seldom the same.
function rewardText({ config }: Promo, gain: () => string | undefined, currency: string, language: Language): string {
  const own = words[language]
  const actions = config.targets
    ? config.actions.map((action) => ({ targets: config.targets, ...action }))
    : config.actions
  const texts = actions.map((action) => actionText(action, currency, language, actions.length === 1 ? gain : unknown))
  const [only] = texts
  if (only !== undefined && only !== own.discount && texts.every((text) => text === only)) return only
  const named = texts.filter((text) => text !== own.discount)
  if (named.length === texts.length) return `${texts.slice(0, -1).join(', ')}${own.and}${texts.at(-1)}`
  const known = gain()
  return known === undefined ? own.discount : own.sumOff(known)
}

const unknown = (): undefined => undefined

/** `gain`: what all of it comes to; where a percentage is of a part of the goods, or has a cap, only that is true. */
function actionText(
  action: ActionConfig,
  currency: string,
  language: Language,
  gain: () => string | undefined,
): string {
  const { type, value, on, as, max_minor, max_units, targets } = action
  const own = words[language]
  const amount = typeof value === 'number' ? value : 0
  const money = (): string => moneyText(Math.round(amount * 100), currency, language)
  const isPart = max_minor !== undefined || max_units !== undefined || targets !== undefined
  const credit = (): string => (as === 'sum' ? money() : (isPart && gain()) || percentText(amount, language))
  const isFree = type === 'free_delivery' || (type === 'percent_off' && amount === 100)
  if (type === 'free_delivery' || on === 'delivery')
    return isFree && max_minor === undefined ? own.freeDelivery : own.cheaperDelivery
  if (type === 'percent_off') return isPart ? own.discount : own.percentOff(percentText(amount, language))
  if (type === 'fixed_off') return own.sumOff(money())
  if (type === 'cashback') return own.cashback(credit())
  if (type === 'bonus') return own.bonus(credit())
  if (type === 'gift') return own.gift
  return type === 'voucher' ? own.voucher : own.discount
}
