// What a kind of condition is: one object that names its arguments (they check, type and draw it), judges an order in
// words, and says the same to the evaluator as a rule's conditions.
import type * as v from 'valibot'
import type { JsonValue } from '../base/json.ts'
import type { Condition as RuleCondition, Test } from '../rules/types.ts'
import type { FilterNode } from './filter.ts'
import type { Order } from './order.ts'

/** What a condition is judged on. */
export type Facts = {
  readonly order: Order
  /** Positions of the lines that `product_filters` matched. */
  readonly goods: readonly number[]
  /** What a line counts: its list price, or in the promo's turn what remains of it. */
  lineMinor(line: number): number
  readonly deliveryMinor: number
  /** Whether an earlier promo took something off the line; nothing is, before the promo's turn. */
  isDiscounted(line: number): boolean
  /** As `canonicalCode` makes them. */
  readonly codes: ReadonlySet<string>
  readonly tester: boolean
  readonly nowMs: number
}

/**
 * Whether a condition is met, and why. Money is in minor units. `missing` is how much more it takes, or what must be
 * chosen; 0 or null when nothing is missing, null too when more would not help.
 */
export type Judgement = { met: boolean; wanted: JsonValue; actual: JsonValue; missing: JsonValue }

/** How a customer can meet a condition: what hints promise, and how the promise is tried on a changed cart. */
export type Mend =
  | { kind: 'sum'; goods: 'own' | 'order' }
  | { kind: 'units'; goods: 'own' | 'one_line' | FilterNode }
  | { kind: 'delivery' | 'payment' | 'channel' | 'card' | 'code' }

/** A condition with its arguments, ready to judge. */
export type Judge = {
  /** Judged when the promo's turn comes, not before. */
  late?: boolean
  judge(facts: Facts): Judgement
  /**
   * The same as conditions of lib/rules, all of which must match. `goods` are the tests of `product_filters` on a
   * `product` fact. Not asked of one that is late.
   */
  rule(goods: readonly Test[]): RuleCondition[]
  /** Without it, nothing that the customer does now meets the condition. */
  mend?: Mend
  /** The values, any one of which meets it, when the order has only one: two that share none exclude each other. */
  oneOf?: readonly string[]
  /** The range of what it counts, when two of one kind count the same: two that do not overlap exclude each other. */
  range?: { least: number; most: number }
}

type Entries = v.ObjectEntries

export type ConditionDefinition<Code extends string = string, Args extends Entries = Entries> = {
  /** Stored in configs; never renamed. */
  code: Code
  /** One sentence for the admin page: when it is met. */
  description: string
  args: Args
  /** A method, so that definitions of all kinds fit one list; it is given what `args` has passed. */
  make(args: v.InferOutput<v.StrictObjectSchema<Args, undefined>>): Judge
}

/** Declares a kind of condition; its arguments are typed by their schema. */
export const defineCondition = <const Code extends string, Args extends Entries>(
  definition: ConditionDefinition<Code, Args>,
): ConditionDefinition<Code, Args> => definition
