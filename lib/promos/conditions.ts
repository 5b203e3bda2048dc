// Every kind of condition, and the schema of `order_filters` that follows from them, nested any/all/not included.
import * as v from 'valibot'
import { isObject } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import type { ConditionDefinition, Judge } from './condition.ts'
import { anyLineQuantity } from './conditions/any-line-quantity.ts'
import { channel } from './conditions/channel.ts'
import { city } from './conditions/city.ts'
import { contains } from './conditions/contains.ts'
import { country } from './conditions/country.ts'
import { customerAttribute } from './conditions/customer-attribute.ts'
import { customerGroup } from './conditions/customer-group.ts'
import { daysSinceLastOrderCondition } from './conditions/days-since-last-order.ts'
import { firstOrder } from './conditions/first-order.ts'
import { lineNotDiscounted } from './conditions/line-not-discounted.ts'
import { loyaltyCard } from './conditions/loyalty-card.ts'
import { nthOrder } from './conditions/nth-order.ts'
import { orderTotal } from './conditions/order-total.ts'
import { promoCode } from './conditions/promo-code.ts'
import { selectedDelivery } from './conditions/selected-delivery.ts'
import { selectedPayment } from './conditions/selected-payment.ts'
import { tester } from './conditions/tester.ts'
import { totalQuantity } from './conditions/total-quantity.ts'
import { totalValue } from './conditions/total-value.ts'
import { totalWithDelivery } from './conditions/total-with-delivery.ts'
import { pickSchema } from './filter-schema.ts'
import { unknownKind } from './unknown-kind.ts'

export const conditions = {
  selected_delivery: selectedDelivery,
  selected_payment: selectedPayment,
  total_value: totalValue,
  total_quantity: totalQuantity,
  order_total: orderTotal,
  total_with_delivery: totalWithDelivery,
  contains,
  any_line_quantity: anyLineQuantity,
  promo_code: promoCode,
  loyalty_card: loyaltyCard,
  customer_group: customerGroup,
  customer_attribute: customerAttribute,
  first_order: firstOrder,
  nth_order: nthOrder,
  days_since_last_order: daysSinceLastOrderCondition,
  channel,
  city,
  country,
  line_not_discounted: lineNotDiscounted,
  tester,
} as const

export type ConditionType = keyof typeof conditions

const isConditionType = (type: unknown): type is ConditionType =>
  typeof type === 'string' && Object.hasOwn(conditions, type)

/** One condition as written: `{"type": "total_value", "value": 500}`; its other fields depend on the type. */
export type LeafConfig = { type: ConditionType; [argument: string]: unknown }

export type NestedConfig = { any: ConditionConfig[] } | { all: ConditionConfig[] } | { not: ConditionConfig }

export type ConditionConfig = LeafConfig | NestedConfig

const schemaOf = <Code extends ConditionType>(code: Code) =>
  v.pipe(
    v.strictObject({ type: v.literal(code), ...conditions[code].args }, 'must be an object'),
    v.title(code),
    v.description(conditions[code].description),
  )

const leafSchemas = Object.fromEntries(
  Object.values(conditions).map(({ code }) => [code, schemaOf(code)]),
) as unknown as Record<ConditionType, v.GenericSchema<unknown, LeafConfig>>

const nested = v.lazy((): v.GenericSchema<unknown, ConditionConfig> => conditionSchema)

const branches = v.pipe(
  v.array(nested, 'must be a list of conditions'),
  v.minLength(1, 'must hold at least one condition'),
  v.maxLength(limits.promoConditions, `must hold at most ${limits.promoConditions} conditions`),
)

const groups = {
  any: v.strictObject({ any: branches }),
  all: v.strictObject({ all: branches }),
  not: v.strictObject({ not: nested }),
}

const unknownType = unknownKind<LeafConfig>(Object.keys(conditions), 'condition')

/** One entry of `order_filters`. */
export const conditionSchema: v.GenericSchema<unknown, ConditionConfig> = pickSchema<ConditionConfig>((input) => {
  if (input === undefined) return v.union([...Object.values(leafSchemas), ...Object.values(groups)])
  if (!isObject(input)) return unknownType
  if (Object.hasOwn(input, 'any')) return groups.any
  if (Object.hasOwn(input, 'all')) return groups.all
  if (Object.hasOwn(input, 'not')) return groups.not
  return isConditionType(input.type) ? leafSchemas[input.type] : unknownType
})

/** A condition that the schema has passed, with its arguments, ready to judge. */
export function makeJudge(config: LeafConfig): Judge {
  // The schema of this very kind has passed the arguments; a table of kinds cannot say so in types.
  const definition: ConditionDefinition<string, Record<string, never>> = conditions[config.type] as never
  return definition.make(config as never)
}
