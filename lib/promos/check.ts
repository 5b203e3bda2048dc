// Refuses what cannot make sense though every field is well formed: each fault with its place, and a sentence that a
// marketer understands.
import type { Issue } from '../base/errors.ts'
import { isObject, pointerStep } from '../base/json.ts'
import { limits as bounds } from '../base/limits.ts'
import { minorToText } from '../base/money.ts'
import { issuesOf } from '../base/schema.ts'
import { makeAct } from './actions.ts'
import { checkConditions } from './condition-check.ts'
import { namedTwice, type PromoConfig, promoSchema } from './config.ts'
import { checkFilter } from './filter-check.ts'
import { checkTemplate } from './hint-template.ts'
import { canonicalCode, type PromoUsage } from './order.ts'
import { compileWindow, firstOpening } from './window.ts'

export type CheckOptions = {
  /** Prefix of every pointer: where the config lies. */
  pointer?: string
  /** The shop's time zone. */
  timeZone: string
  /** What is redeemed already, for a config that replaces one in use. */
  usage?: PromoUsage | undefined
}

/** Faults of a config, at most `limits.issues`; none: it may be saved. What gets stricter raises `ownFormat` (prebuilt.ts). */
export function checkPromo(input: unknown, { pointer = '', timeZone, usage }: CheckOptions): Issue[] {
  const malformed = isObject(input)
    ? [...reservedNames(input, ''), ...issuesOf(promoSchema, input)]
    : [{ pointer: '', message: 'must be an object' }]
  const issues = malformed.length > 0 ? malformed : nonsenseIn(input as PromoConfig, timeZone, usage)
  return issues.slice(0, bounds.issues).map((issue) => ({ ...issue, pointer: pointer + issue.pointer }))
}

// Schemas pass over these names unseen, where any name may stand: as attributes in filters, as codes in limits.
const reserved = new Set(['__proto__', 'constructor', 'prototype'])

function reservedNames(value: unknown, pointer: string): Issue[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = pointer + pointerStep(name)
    return reserved.has(name)
      ? [{ pointer: here, message: 'is a name that cannot be used' }]
      : reservedNames(inner, here)
  })
}

function nonsenseIn(config: PromoConfig, timeZone: string, usage: PromoUsage | undefined): Issue[] {
  return [
    ...checkWindow(config, timeZone),
    ...(config.product_filters ? checkFilter(config.product_filters, '/product_filters') : []),
    ...checkConditions(config.order_filters ?? [], config.codes),
    ...(config.targets ? checkFilter(config.targets, '/targets') : []),
    ...checkActions(config),
    ...checkLimits(config, usage),
    ...checkHint(config),
  ]
}

function checkWindow(config: PromoConfig, timeZone: string): Issue[] {
  const window = compileWindow(config, timeZone)
  if (window.finishMs <= window.startMs) {
    return [{ pointer: '/finish', message: 'is not after start, so that the promo never opens' }]
  }
  if (firstOpening(window) !== undefined) return []
  return [{ pointer: '/recurrence', message: 'has no hour between start and finish, so that the promo never opens' }]
}

function checkActions({ actions }: PromoConfig): Issue[] {
  return actions.flatMap((action, i) => {
    const pointer = `/actions/${i}`
    const own = action.targets ? checkFilter(action.targets, `${pointer}/targets`) : []
    const inner = (makeAct(action).filters ?? []).flatMap((part) => checkFilter(part.filter, pointer + part.pointer))
    return [...own, ...inner]
  })
}

function checkLimits({ limits, codes }: PromoConfig, usage: PromoUsage | undefined): Issue[] {
  if (!limits) return []
  const issues: Issue[] = []
  const known = new Set((codes ?? []).map(canonicalCode))
  if (limits.each_code && known.size === 0) {
    issues.push({ pointer: '/limits/each_code', message: 'limits codes, but the promo has none' })
  }
  const limited = new Set<string>()
  for (const code of Object.keys(limits.codes ?? {})) {
    const pointer = `/limits/codes${pointerStep(code)}`
    const canonical = canonicalCode(code)
    if (!known.has(canonical)) issues.push({ pointer, message: 'is not one of the codes of this promo' })
    if (limited.has(canonical)) issues.push({ pointer, message: namedTwice })
    limited.add(canonical)
  }
  return usage ? [...issues, ...checkUsed(limits, usage)] : issues
}

function checkUsed(limits: NonNullable<PromoConfig['limits']>, usage: PromoUsage): Issue[] {
  const issues: Issue[] = []
  const compare = (pointer: string, limit: number | undefined, used = 0, shown = String(used)): void => {
    if (limit === undefined || used <= limit) return
    issues.push({ pointer, message: `is below what is used already (${shown}): raise it, or end the promo instead` })
  }
  compare('/limits/uses', limits.uses, usage.uses)
  const budget = budgetOf(limits)
  const name = limits.budget === undefined ? 'budget_minor' : 'budget'
  const given = usage.budget_minor ?? 0
  compare(`/limits/${name}`, budget, given, limits.budget === undefined ? String(given) : minorToText(given))
  const usedByCode = new Map(
    Object.entries(usage.codes ?? {}).map(([code, { uses = 0 }]) => [canonicalCode(code), uses]),
  )
  for (const [code, { uses }] of Object.entries(limits.codes ?? {})) {
    if (uses === undefined) continue
    const canonical = canonicalCode(code)
    compare(`/limits/codes${pointerStep(code)}/uses`, uses, usedByCode.get(canonical))
    // A limit of its own stands in place of that of every code.
    usedByCode.delete(canonical)
  }
  compare('/limits/each_code/uses', limits.each_code?.uses, Math.max(0, ...usedByCode.values()))
  return issues
}

/** What a promo may give altogether, in minor units; undefined: no limit. */
export function budgetOf(limits: PromoConfig['limits']): number | undefined {
  if (limits?.budget === undefined) return limits?.budget_minor
  return Math.round(limits.budget * 100)
}

function checkHint({ hint }: PromoConfig): Issue[] {
  if (hint === undefined || hint === false) return []
  if (typeof hint === 'string') return checkTemplate(hint, '/hint')
  return Object.entries(hint).flatMap(([language, text]) =>
    text === undefined ? [] : checkTemplate(text, `/hint/${language}`, language),
  )
}
