// What everything in a promo's config is called, in each language: for forms, lists and the words of changes. A table per
// language, so that one with a name missing does not compile.

import type { Language } from '../base/languages.ts'
import type { ActionType } from './actions.ts'
import type { ConditionType } from './conditions.ts'
import type { PromoConfig } from './config.ts'
import { en } from './labels/en.ts'
import { pl } from './labels/pl.ts'
import { uk } from './labels/uk.ts'

/** `help`: one sentence beneath a field. */
export type Label = { label: string; help?: string }

export const argumentNames = [
  'value',
  'of',
  'on',
  'as',
  'by',
  'attribute',
  'every',
  'filter',
  'quantity',
  'buy',
  'get',
  'percent',
  'sum',
  'price',
  'pick',
  'repeats',
  'targets',
  'max_units',
  'per_line',
  'per_order',
  'max_minor',
  'tiers',
  'from',
  'to',
  'units',
  'first_units',
  'first',
  'further',
  'parts',
  'product_type',
  'uses',
  'customer_uses',
  'budget',
  'budget_minor',
  'each_code',
  'codes',
  'weekdays',
  'type',
] as const

/** Words of the format that are chosen from. */
const valueNames = [
  ...(['draft', 'test', 'live'] as const),
  ...(['lines', 'each_unit', 'order', 'delivery'] as const),
  ...(['cheapest', 'dearest', 'percent', 'sum', 'total', 'quantity', 'list', 'remaining'] as const),
  ...(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const),
] as const

export type Labels = {
  fields: { [Field in keyof PromoConfig]-?: Label }
  conditions: Record<ConditionType, Label>
  actions: Record<ActionType, Label>
  arguments: Record<(typeof argumentNames)[number], Label>
  /** What `value` is in one kind, where it is more than a value: `percent_off` -> Percent. */
  values_of: { [Kind in ActionType | ConditionType]?: string }
  values: Record<(typeof valueNames)[number], string>
  nested: Record<'any' | 'all' | 'not', Label>
}

export const labels: Record<Language, Labels> = { pl, uk, en }
