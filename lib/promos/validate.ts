// Checks configs as saving does, and warns of what they do to each other: for the command line and the admin page.
import * as v from 'valibot'
import type { Issue } from '../base/errors.ts'
import { isObject } from '../base/json.ts'
import { parseWith } from '../base/schema.ts'
import { checkPromo } from './check.ts'
import type { PromoConfig } from './config.ts'
import type { Usage } from './order.ts'
import { usageSchema } from './order-schema.ts'
import { makePromo, type Promo } from './promo.ts'
import type { PromoSettings } from './promo-set.ts'
import { type Warning, type WarnOptions, warningsOf } from './warn.ts'

export type Verdict = {
  /** Index among the configs. */
  index: number
  id: string
  errors: Issue[]
  warnings: Warning[]
}

export type ValidateOptions = WarnOptions & { settings: PromoSettings; usage?: Usage }

/** One verdict for each config, in their order. */
export function validatePromos(configs: readonly unknown[], options: ValidateOptions): Verdict[] {
  const { settings, usage = {} } = options
  const taken = new Set<string>()
  const promos = new Map<number, Promo>()
  const verdicts = configs.map((input, index): Verdict => {
    const own = (input as PromoConfig | null)?.id
    const id = typeof own === 'string' ? own : `promo-${index}`
    const used = Object.hasOwn(usage, id) ? usage[id] : undefined
    const errors = checkPromo(input, { timeZone: settings.timeZone, usage: used })
    if (taken.has(id)) errors.push({ pointer: '/id', message: 'is the id of another promo' })
    taken.add(id)
    if (errors.length === 0) promos.set(index, promoOf(input as PromoConfig, id, settings))
    return { index, id, errors, warnings: [] }
  })
  const all = [...promos.values()]
  for (const [index, promo] of promos) verdicts[index]!.warnings = warningsOf(promo, all, options)
  return verdicts
}

const promoOf = (config: PromoConfig, id: string, { timeZone }: PromoSettings): Promo =>
  makePromo(config, { rank: 0, id, version: 0, state: config.state ?? 'live' }, timeZone)

/** As the shop keeps it; the config may have been saved under older rules. */
export type StoredPromo = { id: string; state: Promo['state']; config: unknown }

/** Undefined for one that is no good: it applies to nobody. */
export function soundPromo({ id, state, config }: StoredPromo, { timeZone }: PromoSettings): Promo | undefined {
  if (checkPromo(config, { timeZone }).length > 0) return undefined
  return makePromo(config as PromoConfig, { rank: 0, id, version: 0, state }, timeZone)
}

const inputSchema = v.strictObject(
  { promos: v.array(v.unknown(), 'must be a list of promo configs'), usage: v.exactOptional(usageSchema) },
  'must be an object with promos',
)

/**
 * Verdicts on a config, a list of them, or `{promos, usage?}`.
 * @throws KramError invalid `invalid_input`
 */
export function validateInput(input: unknown, options: ValidateOptions): Verdict[] {
  if (Array.isArray(input)) return validatePromos(input, options)
  if (!isObject(input) || !Object.hasOwn(input, 'promos')) return validatePromos([input], options)
  const { promos, usage = {} } = parseWith(inputSchema, input)
  return validatePromos(promos, { ...options, usage })
}
