// The rule format (JSON) and the interface of the evaluator. docs/rules.md explains both by example; the format is
// read by parse.ts, which refuses everything that is not written here.
import type { JsonValue } from '../base/json.ts'

// ---------------------------------------------------------------------------------------------------------- facts

/** A plain object with a type; attributes are JSON values. Never changed by the evaluator, nor by its callers. */
export type Fact = { readonly type: string; readonly [attribute: string]: unknown }

export type Scalar = string | number | boolean | null

// --------------------------------------------------------------------------------------------------- rule format

/** `"brand"`, `"address.city"`, or steps where a name has a dot: `["address", "post.code"]`. */
export type Path = string | readonly string[]

/**
 * What yields a value, or none: an attribute that is not there, arithmetic on what is no number, a quotient by zero.
 * `path` reads the fact under test, or the variable's value; `call` calls a function of the registry.
 */
export type Expression =
  | Scalar
  | { path: Path }
  | { var: string; path?: Path }
  | { add: readonly Expression[] }
  | { sub: readonly [Expression, Expression] }
  | { mul: readonly Expression[] }
  | { div: readonly [Expression, Expression] }
  | { call: string; args?: readonly Expression[] }
  | { literal: JsonValue }

/**
 * Several operators in one comparison must all hold. An attribute that is a list holds several values: an operator
 * holds when it holds for one of them; `ne` and `not_in` are the negations of `eq` and `in`, so they also hold for
 * an attribute that is not there. Order compares two numbers, or two strings by code unit; anything else is false.
 */
export type Operators = {
  eq?: Expression
  ne?: Expression
  in?: readonly Scalar[] | { var: string }
  not_in?: readonly Scalar[] | { var: string }
  lt?: Expression
  lte?: Expression
  gt?: Expression
  gte?: Expression
  /** Both ends included. */
  between?: readonly [Expression, Expression]
  exists?: boolean
  prefix?: string
}

export type Comparison = ({ path: Path } | { var: string; path?: Path } | { value: Expression }) & Operators

export type Test =
  | Comparison
  | { all: readonly Test[] }
  | { any: readonly Test[] }
  | { not: Test }
  | { predicate: string; args?: readonly Expression[] }

/** One match per fact of the type that passes every test. */
export type FactCondition = {
  fact: string
  where?: readonly Test[]
  /** Variable -> attribute or expression. A variable bound twice must have the same value (unification). */
  bind?: Readonly<Record<string, Path | Exclude<Expression, Scalar>>>
  /** Variable that holds the whole fact. */
  as?: string
}

/**
 * One match: the value over all facts that match `from`. On no facts count and sum are 0, all and distinct are
 * empty lists, and min, max and average do not match. With `by`: one match per group, so none on no facts.
 */
export type AccumulateCondition = {
  /** count, sum, min, max, average, all, distinct, or the name of one in the registry. */
  accumulate: string
  /** The value of each fact; without it the fact itself (for count, all, distinct and one's own). */
  of?: Expression
  from: { fact: string; where?: readonly Test[] }
  /** Variable -> attribute or expression: group by these. */
  by?: Readonly<Record<string, Path | Exclude<Expression, Scalar>>>
  /** Variable that holds the result. */
  as?: string
  /** What the result must be. */
  is?: Operators
}

export type Condition =
  | FactCondition
  | AccumulateCondition
  | { all: readonly Condition[] }
  /** One match per distinct set of values that its branches bind; binding none, one match however many hold. */
  | { any: readonly Condition[] }
  | { not: Condition }
  /** One match when there is at least one; binds nothing. */
  | { exists: Condition }
  /** A free test over bound variables. */
  | { test: Test }

/** A fact to insert. Inside it `{"var": ...}` and the other expressions stand for values, at any depth. */
export type FactTemplate = { readonly type: string; readonly [attribute: string]: JsonValue }

/** For each match of all conditions together, in whatever order, each template inserts one fact. */
export type Rule = {
  /** Unique in its rule base. */
  name: string
  when: readonly Condition[]
  insert: readonly FactTemplate[]
}

/** A question about the facts: one row (variable -> value) per match. */
export type Query = { params?: readonly string[]; when: readonly Condition[] }

// ------------------------------------------------------------------------------------------------------ compiling

/** Functions that rules may call by name. They must be pure, total and quick: the budget cannot stop them. */
export type Registry = {
  predicates?: Readonly<Record<string, (...args: unknown[]) => boolean>>
  expressions?: Readonly<Record<string, (...args: unknown[]) => unknown>>
  /** Gets the values in an order that depends on nothing but them; undefined: no match. */
  accumulators?: Readonly<Record<string, (values: readonly unknown[]) => unknown>>
}

export type CompileOptions = {
  registry?: Registry
  /**
   * The attribute that tells the time, a number; default `{fact: "now", path: "at"}`. A condition on it that has
   * lower and upper bounds only is a window: rules out of their window cost nothing.
   */
  clock?: { fact: string; path: Path }
  /**
   * Per fact type: facts whose `key` attribute is equal have equal attributes, those under `except` aside. What such
   * a fact matches is then looked up once and remembered. The key must change whenever an attribute does:
   * `"sku-1@7"`. A fact without the key is looked up each time.
   */
  memo?: Readonly<Record<string, { key: Path; except?: readonly Path[] }>>
  /** Rules are found by their conditions on facts of this type where they can be, so that `near()` is about them. */
  focus?: string
  /** 'auto' chooses by the number of rules; the others are for tests and measurements. */
  index?: 'auto' | 'always' | 'never'
}

/** Immutable; shared by all sessions. Rules are known by their number: the position in the list compiled. */
export type RuleBase = {
  readonly size: number
  readonly names: readonly string[]
  /** Number of the rule with that name. */
  numberOf(name: string): number | undefined
  session(facts?: readonly Fact[]): Session
  /** The first moment after `at` at which some rule's window opens or closes. */
  nextChange(at: number): number | undefined
  /** @throws KramError invalid `invalid_query` */
  prepare(query: Query): PreparedQuery
  /** The rules with their index, for `loadRuleBase` (base.ts). `withRules` false: whoever loads it has the rules. */
  toBytes(options?: { withRules?: boolean }): Uint8Array
}

export type PreparedQuery = { readonly params: readonly string[]; readonly variables: readonly string[] }

// ------------------------------------------------------------------------------------------------------- sessions

export type FireOptions = {
  /**
   * Steps after which evaluation stops: selections, tests and rules looked at, facts inserted, each for as many steps as
   * it takes time. Default limits.ruleSteps.
   */
  budget?: number
}

/** A value: nothing changes it. */
export type Session = {
  readonly facts: readonly Fact[]
  insert(facts: readonly Fact[]): Session
  fire(options?: FireOptions): Outcome
}

export type Outcome = Fired | OutOfBudget

export type OutOfBudget = { readonly ok: false; readonly code: 'budget_exceeded'; readonly budget: number }

/** `remove` names facts of the session by identity. */
export type Changes = { remove?: readonly Fact[]; insert?: readonly Fact[] }

export type Fired = {
  readonly ok: true
  readonly steps: number
  /** The facts given, in the order given. */
  readonly facts: readonly Fact[]
  /** Numbers of the rules that fired, ascending. */
  readonly rules: Int32Array
  /** How often a rule fired: the number of its matches. */
  times(rule: number): number
  /**
   * The facts inserted, by rule number. Made when first asked for, with the budget that firing had once more.
   * @throws KramError limit `budget_exceeded`, as all below that works out what firing did not have to
   */
  inserted(): readonly Fact[]
  /** A string: the facts of that type, given and inserted. A query: its rows, in canonical order. */
  query(type: string): readonly Fact[]
  query(query: PreparedQuery, params?: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[]
  /**
   * The given facts that match a fact or accumulate condition (type and tests without variables), named by its
   * pointer in the rule, such as `/when/0` or `/when/1/any/0`.
   */
  matched(rule: number, pointer: string): readonly Fact[]
  /**
   * For each of these rules, the places in `facts`, ascending, of those that match its first condition that a fact of the
   * type is there; undefined where firing has not found out, and `matched` must be asked. Not to be changed.
   */
  places(type: string, rules: ArrayLike<number>): readonly (readonly number[] | undefined)[]
  /** The rules that did not fire though a fact matched one of the conditions they are found by. */
  near(): Near
  /** Bit i is set when `when[i]` is not met (i < 31). For any rule, without words. */
  unmet(rule: number): number
  /**
   * What the accumulation, or the free test on one, at `when[condition]` lacks to reach its lower bound, also inside
   * `exists` and `all` (the largest then); 0: nothing, or there is no such bound.
   */
  missing(rule: number, condition: number): number
  explain(rule: number): Explanation
  /** The outcome with these changes, at a fraction of the cost of firing afresh. */
  with(changes: Changes, options?: FireOptions): Outcome
}

/** Entry i of each is about the rule `rules[i]`. */
export type Near = {
  /** Ascending. */
  readonly rules: Int32Array
  /** As `Fired.unmet` gives it. */
  readonly unmet: Int32Array
  /** As `Fired.missing` gives it for the first condition that lacks something; 0: none does. */
  readonly missing: Float64Array
  /** One of `unmet`, for who does not need them all; those that were asked for have one budget together. */
  unmetAt(place: number): number
}

// ------------------------------------------------------------------------------------------------------ explaining

export type Explanation = {
  readonly rule: string
  readonly times: number
  /** For each match (at most 100) the facts that made it and what was bound. */
  readonly matches: readonly { readonly facts: readonly Fact[]; readonly bound: Readonly<Record<string, unknown>> }[]
  readonly conditions: readonly ConditionReport[]
}

export type ConditionReport = {
  /** In the rule: `/when/2`. */
  readonly pointer: string
  readonly met: boolean
  /** As written in the rule. */
  readonly wanted: Condition
  /** Fact condition: how many match. Accumulation: its value, undefined for none. Free test: the variables' values. */
  readonly actual: unknown
  /** For an accumulation below its lower bound: how much more it takes. */
  readonly missing?: number
  /** The facts that match. */
  readonly facts: readonly Fact[]
  /** Of a fact condition that nothing matches: each test that fails, with the values found (at most 10). */
  readonly tests?: readonly { readonly pointer: string; readonly wanted: Test; readonly actual: readonly unknown[] }[]
  /** Of all, any, not, exists. */
  readonly parts?: readonly ConditionReport[]
}
