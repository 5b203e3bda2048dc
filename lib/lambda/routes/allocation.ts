// The answer of `allocate` as a schema, for the documentation of the routes that give it (docs/promos.md explains it).
import * as v from 'valibot'
import type { Allocation, Hint, ProductHints } from '../../promos/allocation.ts'
import type { ConditionReport } from '../../promos/promo.ts'
import type { Same } from '../route.ts'

const minor = v.pipe(v.number(), v.integer(), v.minValue(0))
const runs = v.array(v.strictObject({ count: v.number(), amount_minor: minor }))

const discount = {
  promo: v.string(),
  action: v.string(),
  stage: v.number(),
  amount_minor: minor,
  /** Every unit of the line, from the first on. */
  units: runs,
}

const line = v.strictObject({
  id: v.string(),
  sku: v.exactOptional(v.string()),
  price_minor: minor,
  quantity: v.number(),
  items_minor: minor,
  discount_minor: minor,
  total_minor: minor,
  cashback_minor: minor,
  bonus_minor: minor,
  discounts: v.array(v.strictObject(discount)),
  credits: v.array(v.strictObject({ ...discount, kind: v.picklist(['cashback', 'bonus']) })),
  units: runs,
})

const promo = { promo: v.string(), version: v.number(), title: v.exactOptional(v.string()) }

const applied = v.strictObject({
  ...promo,
  code: v.exactOptional(v.string()),
  limited: v.boolean(),
  discount_minor: minor,
  delivery_discount_minor: minor,
  cashback_minor: minor,
  bonus_minor: minor,
  budget_minor: minor,
  gifts: v.array(v.strictObject({ sku: v.string(), quantity: v.number() })),
  vouchers: v.array(v.strictObject({ kind: v.string(), product_type: v.exactOptional(v.string()) })),
})

const refused = v.strictObject({
  ...promo,
  reason: v.picklist(['conditions', 'exclusive', 'group', 'stop', 'no_effect', 'too_many_limited']),
  suppressed_by: v.exactOptional(v.string()),
  /** Each with wanted, actual and missing. */
  conditions: v.array(v.custom<ConditionReport>((report) => typeof report === 'object')),
})

const hint = {
  promo: v.string(),
  text: v.string(),
  /** Everything that must be done, exactly. */
  missing: v.array(v.custom<Hint['missing'][number]>((step) => typeof step === 'object')),
  gain_minor: minor,
}
const hints = v.array(v.strictObject(hint))
const { missing: _, ...activeHint } = hint

const holds = {
  /** Until then the answer holds, unless order or promotions change; null: for ever. */
  valid_until: v.nullable(v.string()),
  promos_version: v.number(),
}

const promosFailed = v.exactOptional(v.strictObject({ code: v.string(), message: v.string() }))

export const allocationEntries = {
  lines: v.array(line),
  items_minor: minor,
  discount_minor: minor,
  delivery_minor: minor,
  cashback_minor: minor,
  bonus_minor: minor,
  total_minor: minor,
  applied: v.array(applied),
  refused: v.array(refused),
  hints,
  ...holds,
  /** Promotions could not be applied: these are list prices. */
  promos_failed: promosFailed,
}

export const productHintsEntries = {
  /** What one unit gets as it is. */
  active: v.array(v.strictObject(activeHint)),
  hints,
  ...holds,
  /** There may be promotions that this answer does not know of. */
  promos_failed: promosFailed,
  promos_stale: v.exactOptional(v.literal(true)),
}

type OutputOf<Entries extends v.ObjectEntries> = v.InferOutput<v.StrictObjectSchema<Entries, undefined>>
true satisfies Same<OutputOf<typeof allocationEntries>, Allocation>
true satisfies Same<Omit<OutputOf<typeof productHintsEntries>, 'promos_failed' | 'promos_stale'>, ProductHints>
