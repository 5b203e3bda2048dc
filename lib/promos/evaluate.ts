// Whole facts in, an allocation out: for tools and simulations (`kram promos evaluate`, POST /promos/evaluate), which
// carry their promos and prices with them.
import * as v from 'valibot'
import { type Issue, KramError } from '../base/errors.ts'
import { isObject } from '../base/json.ts'
import type { Language } from '../base/languages.ts'
import { limits } from '../base/limits.ts'
import { parseWith } from '../base/schema.ts'
import type { Instant } from '../base/time.ts'
import { readTime, startOfDay } from '../base/zones.ts'
import { allocate } from './allocate.ts'
import type { Allocation, Hint } from './allocation.ts'
import type { Request } from './decide.ts'
import { type ExplainedPromo, explain } from './explain.ts'
import { hintsForProduct } from './hints.ts'
import type { Usage } from './order.ts'
import { orderSchema, productSchema, usageSchema } from './order-schema.ts'
import { compilePromos, type PromoSet, type PromoSettings } from './promo-set.ts'

const fields = {
  promos: v.pipe(
    v.array(v.unknown(), 'must be a list of promo configs'),
    v.maxLength(limits.promos, `must have at most ${limits.promos} entries`),
  ),
  now: v.pipe(
    v.string('must be a text'),
    v.check((text) => readTime(text, 'UTC') !== undefined, 'must be an instant such as 2022-08-24T10:00:00Z'),
  ),
  usage: v.exactOptional(usageSchema),
  tester: v.exactOptional(v.boolean('must be true or false')),
}

const orderInput = v.strictObject({ ...fields, order: orderSchema }, 'must be an object with promos, order and now')
const productInput = v.strictObject(
  { ...fields, product: productSchema },
  'must be an object with promos, product and now',
)

const settingsOf = ({ timeZone }: EvaluateOptions): PromoSettings => ({ timeZone })

export type EvaluateOptions = PromoSettings & { language?: Language }

type Fields = { promos: unknown[]; now: string; usage?: Usage; tester?: boolean }

/** @throws KramError invalid `invalid_promo` */
function requestOf({ promos, now, usage = {}, tester = false }: Fields, options: EvaluateOptions): Request {
  const settings = settingsOf(options)
  return { set: compileOrThrow(promos, settings), nowMs: readNow(now, settings), usage, tester }
}

/**
 * The allocation of an order under the promos that come with it. Configs without a state are live; a time without an
 * offset is the shop's.
 * @throws KramError invalid `invalid_input`, `invalid_promo` (pointers `/promos/0/...`)
 */
export function evaluate(input: unknown, options: EvaluateOptions): Allocation {
  const { order, ...rest } = parseWith(orderInput, input)
  const { set, nowMs, usage, tester } = requestOf(rest, options)
  return allocate(order, set, nowMs, usage, { tester, language: options.language ?? 'en' })
}

/** Every promo with all its conditions, and what it gave or what stood in its way. Throws as `evaluate` does. */
export function explainInput(input: unknown, options: EvaluateOptions): { promos: ExplainedPromo[] } {
  const { order, ...rest } = parseWith(orderInput, input)
  const promos = explain(order, requestOf(rest, options))
  if (!promos) throw new KramError('invalid', 'budget_exceeded', 'Evaluating the promotions took too many steps.')
  return { promos }
}

/** What the cart (`order`) or a product's page (`product`) says. Throws as `evaluate` does. */
export function hintsInput(input: unknown, options: EvaluateOptions): { hints: Hint[]; valid_until: Instant | null } {
  const language = options.language ?? 'en'
  if (!isObject(input) || !Object.hasOwn(input, 'product')) {
    const { hints, valid_until } = evaluate(input, options)
    return { hints, valid_until }
  }
  const { product, ...rest } = parseWith(productInput, input)
  return hintsForProduct(product, { ...requestOf(rest, options), language })
}

/** A moment that the schema has passed, in milliseconds since the epoch. */
function readNow(text: string, { timeZone }: PromoSettings): number {
  const time = readTime(text, timeZone)
  return time?.ms ?? startOfDay(timeZone, text)
}

/** @throws KramError invalid `invalid_promo` when a config is no good, with pointers from `/promos` on */
function compileOrThrow(configs: readonly unknown[], settings: PromoSettings): PromoSet {
  const set = compilePromos(configs, { settings })
  const issues: Issue[] = set.leftOut.flatMap(({ index, issues }) =>
    issues.map(({ pointer, message }) => ({ pointer: `/promos/${index}${pointer}`, message })),
  )
  const [first] = issues
  if (first) {
    throw new KramError('invalid', 'invalid_promo', `A promo is not valid: ${first.pointer} ${first.message}`, {
      detail: { issues: issues.slice(0, limits.issues) },
    })
  }
  return set
}
