// Whole facts in, an allocation out: for tools and simulations (`kram promos evaluate`, POST /promos/evaluate), which
// carry their promos and prices with them.
import * as v from 'valibot'
import { type Issue, KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { parseWith } from '../base/schema.ts'
import { readTime, startOfDay } from '../base/zones.ts'
import { allocate } from './allocate.ts'
import type { Allocation } from './allocation.ts'
import { orderSchema, usageSchema } from './order.ts'
import { compilePromos, type PromoSet, type PromoSettings } from './promo-set.ts'

const schema = v.strictObject(
  {
    promos: v.pipe(
      v.array(v.unknown(), 'must be a list of promo configs'),
      v.maxLength(limits.promos, `must have at most ${limits.promos} entries`),
    ),
    order: orderSchema,
    now: v.pipe(
      v.string('must be a text'),
      v.check((text) => readTime(text, 'UTC') !== undefined, 'must be an instant such as 2022-08-24T10:00:00Z'),
    ),
    usage: v.exactOptional(usageSchema),
    tester: v.exactOptional(v.boolean('must be true or false')),
  },
  'must be an object with promos, order and now',
)

/**
 * The allocation of an order under the promos that come with it. Configs without a state are live; a time without an
 * offset is the shop's.
 * @throws KramError invalid `invalid_input`, `invalid_promo` (pointers `/promos/0/...`)
 */
export function evaluate(input: unknown, settings: PromoSettings): Allocation {
  const { promos, order, now, usage = {}, tester = false } = parseWith(schema, input)
  return allocate(order, compileOrThrow(promos, settings), readNow(now, settings), usage, { tester })
}

/** A moment that the schema has passed, in milliseconds since the epoch. */
function readNow(text: string, { timeZone }: PromoSettings): number {
  const time = readTime(text, timeZone)
  return time?.ms ?? startOfDay(timeZone, text)
}

/** @throws KramError invalid `invalid_promo` when a config is no good, with pointers from `/promos` on */
export function compileOrThrow(configs: readonly unknown[], settings: PromoSettings): PromoSet {
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
