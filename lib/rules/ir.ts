// What a rule is after parsing: variables are numbered, paths are split, and tests that depend on variables (open) are
// told from those that do not (closed).
import type { Steps } from './values.ts'

/** A set of variables: bit i is variable i. */
export type VariableSet = number

export type Operator =
  | 'eq'
  | 'ne'
  | 'in'
  | 'not_in'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'between'
  | 'exists'
  | 'absent'
  | 'prefix'

export type ExpressionIr =
  | { op: 'const'; value: unknown }
  | { op: 'path'; steps: Steps }
  | { op: 'var'; variable: number; steps: Steps }
  | { op: 'add' | 'sub' | 'mul' | 'div' | 'list'; args: readonly ExpressionIr[] }
  | { op: 'call'; name: string; args: readonly ExpressionIr[] }

export type TestIr =
  | { op: 'all' | 'any'; pointer: string; tests: readonly TestIr[] }
  | { op: 'not'; pointer: string; test: TestIr }
  | { op: 'compare'; pointer: string; operator: Operator; left: ExpressionIr; right: ExpressionIr }
  | { op: 'predicate'; pointer: string; name: string; args: readonly ExpressionIr[] }

export type BindIr = { variable: number; value: ExpressionIr }

/** Which facts: of the type, passing both lists of tests. */
export type PatternIr = { type: string; closed: readonly TestIr[]; open: readonly TestIr[] }

/**
 * `needs`: variables that must be bound before. `binds`: what a match binds. `mentions`: all that occur inside.
 * `index` is the place among its siblings as written.
 */
type Scope = { pointer: string; index: number; needs: VariableSet; binds: VariableSet; mentions: VariableSet }

export type FactIr = Scope & { op: 'fact'; pattern: PatternIr; bind: readonly BindIr[]; as: number }
export type AccumulateIr = Scope & {
  op: 'accumulate'
  name: string
  pattern: PatternIr
  of: ExpressionIr | undefined
  by: readonly BindIr[]
  as: number
  is: readonly { operator: Operator; right: ExpressionIr }[]
}
export type AllIr = Scope & { op: 'all'; parts: readonly ConditionIr[] }
/** `facts`: those of `binds` that hold whole facts in every branch, told apart by identity. */
export type AnyIr = Scope & { op: 'any'; parts: readonly ConditionIr[]; facts: VariableSet }
export type NegationIr = Scope & { op: 'not' | 'exists'; part: ConditionIr }
export type FreeTestIr = Scope & { op: 'test'; test: TestIr }

export type ConditionIr = FactIr | AccumulateIr | AllIr | AnyIr | NegationIr | FreeTestIr

/** A template: a constant, or something to build for each match. */
export type TemplateIr =
  | { op: 'const'; value: unknown }
  | { op: 'value'; value: ExpressionIr }
  | { op: 'list'; parts: readonly TemplateIr[] }
  | { op: 'object'; parts: readonly { name: string; value: TemplateIr }[] }

export type RuleIr = {
  name: string
  variables: readonly string[]
  /** In an order in which every variable is bound before it is needed; `index` tells the order as written. */
  when: AllIr
  insert: readonly { type: string; template: TemplateIr }[]
}

export const variableBit = (variable: number): VariableSet => 1 << variable
export const noVariable = -1

/** Variables by which an expression is open. */
export function expressionNeeds(expression: ExpressionIr): VariableSet {
  if (expression.op === 'var') return variableBit(expression.variable)
  if (expression.op === 'const' || expression.op === 'path') return 0
  return expression.args.reduce((needs, arg) => needs | expressionNeeds(arg), 0)
}

export function testNeeds(test: TestIr): VariableSet {
  switch (test.op) {
    case 'not':
      return testNeeds(test.test)
    case 'compare':
      return expressionNeeds(test.left) | expressionNeeds(test.right)
    case 'predicate':
      return test.args.reduce((needs, arg) => needs | expressionNeeds(arg), 0)
    default:
      return test.tests.reduce((needs, part) => needs | testNeeds(part), 0)
  }
}

/** How many operations and calls an expression takes. */
export function expressionCost(expression: ExpressionIr): number {
  if (expression.op === 'const' || expression.op === 'path' || expression.op === 'var') return 0
  return expression.args.reduce((cost, arg) => cost + 1 + expressionCost(arg), 0)
}

/** How many comparisons, operations and calls a test takes at most. */
export function testCost(test: TestIr): number {
  switch (test.op) {
    case 'not':
      return testCost(test.test)
    case 'all':
    case 'any':
      return testsCost(test.tests)
    case 'compare':
      return 1 + expressionCost(test.left) + expressionCost(test.right)
    case 'predicate':
      return test.args.reduce((cost, arg) => cost + 1 + expressionCost(arg), 1)
  }
}

export const testsCost = (tests: readonly TestIr[]): number => tests.reduce((cost, test) => cost + testCost(test), 0)
