// Every kind of action, and the schema of `actions` that follows from them.
import * as v from 'valibot'
import { isObject } from '../base/json.ts'
import type { Act, ActionDefinition } from './action.ts'
import { bonus } from './actions/bonus.ts'
import { bundle } from './actions/bundle.ts'
import { buyXGetY } from './actions/buy-x-get-y.ts'
import { cashback } from './actions/cashback.ts'
import { firstThenEachFurther } from './actions/first-then-each-further.ts'
import { fixedOff } from './actions/fixed-off.ts'
import { fixedPrice } from './actions/fixed-price.ts'
import { freeDelivery } from './actions/free-delivery.ts'
import { gift } from './actions/gift.ts'
import { percentOff } from './actions/percent-off.ts'
import { tiers } from './actions/tiers.ts'
import { unitGroups } from './actions/unit-groups.ts'
import { voucher } from './actions/voucher.ts'
import type { Pick } from './claims.ts'
import { type Filter, pickSchema } from './filter-schema.ts'
import { unknownKind } from './unknown-kind.ts'

export const actions = {
  percent_off: percentOff,
  fixed_off: fixedOff,
  fixed_price: fixedPrice,
  buy_x_get_y: buyXGetY,
  tiers,
  unit_groups: unitGroups,
  first_then_each_further: firstThenEachFurther,
  bundle,
  gift,
  free_delivery: freeDelivery,
  cashback,
  bonus,
  voucher,
} as const

export type ActionType = keyof typeof actions

/** One action as written: `{"type": "cashback", "value": 13}`; its other fields depend on the type. */
export type ActionConfig = {
  type: ActionType
  targets?: Filter | undefined
  max_minor?: number | undefined
  pick?: Pick | undefined
  [argument: string]: unknown
}

const isActionType = (type: unknown): type is ActionType => typeof type === 'string' && Object.hasOwn(actions, type)

// One definition as a definition of any kind: its methods are given only what its own schema has passed.
const definitionOf = (type: ActionType): ActionDefinition<ActionType, Record<string, never>> => actions[type] as never

function schemaOf(code: ActionType): v.GenericSchema<unknown, ActionConfig> {
  const definition = definitionOf(code)
  return v.pipe(
    v.strictObject({ type: v.literal(code), ...definition.args }, 'must be an object'),
    v.rawCheck(({ dataset, addIssue }) => {
      const fault = dataset.typed ? definition.check?.(dataset.value as never) : undefined
      if (!fault) return
      const { argument: key, message } = fault
      const input = dataset.value as Record<string, unknown>
      addIssue({ message, path: [{ type: 'object', origin: 'value', input, key, value: input[key] }] })
    }),
    v.title(code),
    v.description(definition.description),
  ) as unknown as v.GenericSchema<unknown, ActionConfig>
}

const schemas = Object.fromEntries(Object.keys(actions).map((code) => [code, schemaOf(code as ActionType)])) as Record<
  ActionType,
  v.GenericSchema<unknown, ActionConfig>
>

const unknownType = unknownKind<ActionConfig>(Object.keys(actions), 'action')

/** One entry of `actions`. */
export const actionSchema: v.GenericSchema<unknown, ActionConfig> = pickSchema<ActionConfig>((input) => {
  if (input === undefined) return v.union(Object.values(schemas))
  return isObject(input) && isActionType(input.type) ? schemas[input.type] : unknownType
})

/** An action that the schema has passed, with its arguments, ready to act. */
export const makeAct = (config: ActionConfig): Act => definitionOf(config.type).make(config as never)
