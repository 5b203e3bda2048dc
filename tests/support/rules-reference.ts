// The slow, obvious twin of lib/rules: tries every combination of facts, reads the rules as they are written, shares
// no code with the evaluator. No chaining by itself: `levels` says in which order rules are to be run.
import type {
  AccumulateCondition,
  Condition,
  Expression,
  Fact,
  FactCondition,
  Operators,
  Rule,
  Test,
} from '../../lib/rules/types.ts'
import { referenceSum } from './reference-sum.ts'

type Environment = Readonly<Record<string, unknown>>
type Functions = {
  predicates?: Record<string, (...args: unknown[]) => boolean>
  expressions?: Record<string, (...args: unknown[]) => unknown>
  accumulators?: Record<string, (values: readonly unknown[]) => unknown>
}

/** JSON with sorted names; equal for equal values. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).sort()
    return `{${names.map((name) => `${name}:${textOf((value as Record<string, unknown>)[name])}`).join()}}`
  }
  // Numbers that JSON does not have as what they are.
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

const same = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && textOf(a) === textOf(b)

export class Reference {
  private readonly facts: readonly Fact[]
  private readonly functions: Functions

  constructor(facts: readonly Fact[], functions: Functions = {}) {
    this.facts = facts
    this.functions = functions
  }

  /** All facts that the rule inserts. */
  run(rule: Rule): Fact[] {
    return this.solve(rule.when, {}).flatMap((environment) =>
      rule.insert.map((template) => this.fill(template, environment, true) as Fact),
    )
  }

  /** How often the conditions match. */
  rows(when: readonly Condition[], given: Environment): Environment[] {
    return this.solve(when, given)
  }

  // ------------------------------------------------------------------------------------------------- conditions

  /** The environments of all matches; as many as there are matches. */
  private solve(conditions: readonly Condition[], environment: Environment): Environment[] {
    if (conditions.length === 0) return [environment]
    const at = conditions.findIndex((_, i) => this.ready(conditions, i, environment))
    if (at < 0) throw new Error('no condition is ready')
    const others = conditions.filter((_, i) => i !== at)
    return this.match(conditions[at] as Condition, environment).flatMap((bound) => this.solve(others, bound))
  }

  // Everything that others bind and this one only asks about must be bound.
  private ready(conditions: readonly Condition[], at: number, environment: Environment): boolean {
    const condition = conditions[at] as Condition
    const others = conditions.filter((_, i) => i !== at).flatMap((other) => boundBy(other))
    const own = boundBy(condition)
    const asks = namesIn(condition).filter((name) => !own.includes(name) && !Object.hasOwn(environment, name))
    return asks.every((name) => !others.includes(name))
  }

  private match(condition: Condition, environment: Environment): Environment[] {
    if ('fact' in condition) return this.matchFact(condition, environment)
    if ('accumulate' in condition) return this.matchAccumulate(condition, environment)
    if ('all' in condition) return this.solve(condition.all, environment)
    if ('test' in condition) return this.passes(condition.test, undefined, environment) ? [environment] : []
    if ('not' in condition) return this.match(condition.not, environment).length === 0 ? [environment] : []
    if ('exists' in condition) return this.match(condition.exists, environment).length > 0 ? [environment] : []
    const visible = boundBy(condition)
    const distinct = new Map<string, Environment>()
    for (const found of condition.any.flatMap((part) => this.match(part, environment))) {
      const shown = visible.map((name) => [name, found[name]] as const)
      const key = shown.map(([, value]) => this.identity(value, condition)).join(' ')
      distinct.set(key, { ...environment, ...Object.fromEntries(shown) })
    }
    return [...distinct.values()]
  }

  private identity(value: unknown, condition: Condition): string {
    const at = this.facts.indexOf(value as Fact)
    return at >= 0 && wholeFacts(condition) ? `#${at}` : textOf(value)
  }

  private matchFact(condition: FactCondition, environment: Environment): Environment[] {
    const found: Environment[] = []
    for (const fact of this.select(condition, environment)) {
      let bound: Environment | undefined = environment
      if (condition.as !== undefined) bound = bindWhole(bound, condition.as, fact)
      for (const [name, path] of Object.entries(condition.bind ?? {})) {
        bound = bound && bind(bound, name, this.boundValue(path, fact, environment))
      }
      if (bound) found.push(bound)
    }
    return found
  }

  private select({ fact: type, where = [] }: FactCondition, environment: Environment): Fact[] {
    return this.facts.filter(
      (fact) => fact.type === type && where.every((test) => this.passes(test, fact, environment)),
    )
  }

  private boundValue(path: unknown, fact: Fact, environment: Environment): unknown {
    const isPath = typeof path === 'string' || Array.isArray(path)
    return this.value((isPath ? { path } : path) as Expression, fact, environment)
  }

  private matchAccumulate(condition: AccumulateCondition, environment: Environment): Environment[] {
    const facts = this.select(condition.from, environment)
    const by = Object.entries(condition.by ?? {})
    const groups = new Map<string, { keys: unknown[]; facts: Fact[] }>()
    if (by.length === 0) groups.set('', { keys: [], facts })
    for (const fact of by.length === 0 ? [] : facts) {
      const keys = by.map(([, path]) => this.boundValue(path, fact, environment))
      if (keys.includes(undefined)) continue
      const group = groups.get(textOf(keys)) ?? { keys, facts: [] }
      group.facts.push(fact)
      groups.set(textOf(keys), group)
    }
    return [...groups.values()].flatMap(({ keys, facts: members }) => {
      const result = this.reduce(condition, members, environment)
      if (result === undefined || !this.operatorsHold(condition.is ?? {}, result, undefined, environment)) return []
      let bound: Environment | undefined = environment
      by.forEach(([name], i) => {
        bound = bound && bind(bound, name, keys[i])
      })
      if (condition.as !== undefined) bound = bound && bind(bound, condition.as, result)
      return bound ? [bound] : []
    })
  }

  private reduce({ accumulate, of }: AccumulateCondition, facts: readonly Fact[], environment: Environment): unknown {
    const values = (of === undefined ? facts : facts.map((fact) => this.value(of, fact, environment))).filter(
      (value) => value !== undefined,
    )
    const numbers = values.filter((value): value is number => Number.isFinite(value))
    const texts = values.filter((value) => typeof value === 'string').sort()
    const sorted = [...values].sort(byValue)
    switch (accumulate) {
      case 'count':
        return facts.length
      case 'sum':
        return finite(referenceSum(numbers))
      case 'average':
        return numbers.length === 0 ? undefined : finite(referenceSum(numbers) / numbers.length)
      case 'min':
        return numbers.length > 0 ? Math.min(...numbers) : texts[0]
      case 'max':
        return numbers.length > 0 ? Math.max(...numbers) : texts.at(-1)
      case 'all':
        return sorted
      case 'distinct':
        return sorted.filter((value, i) => i === 0 || !same(value, sorted[i - 1]))
      default:
        return this.functions.accumulators?.[accumulate]?.(sorted)
    }
  }

  // ------------------------------------------------------------------------------------------------------ tests

  private passes(test: Test, fact: Fact | undefined, environment: Environment): boolean {
    if ('all' in test) return test.all.every((part) => this.passes(part, fact, environment))
    if ('any' in test) return test.any.some((part) => this.passes(part, fact, environment))
    if ('not' in test) return !this.passes(test.not, fact, environment)
    if ('predicate' in test) {
      const args = (test.args ?? []).map((arg) => this.value(arg, fact, environment))
      return this.functions.predicates?.[test.predicate]?.(...args) === true
    }
    const left = this.value('value' in test ? test.value : (test as Expression), fact, environment)
    const { path: _path, var: _var, value: _value, ...operators } = test as Record<string, unknown>
    return this.operatorsHold(operators, left, fact, environment)
  }

  private operatorsHold(
    operators: Operators,
    left: unknown,
    fact: Fact | undefined,
    environment: Environment,
  ): boolean {
    return Object.entries(operators).every(([name, right]) => this.holds(name, left, right, fact, environment))
  }

  private holds(
    name: string,
    left: unknown,
    right: unknown,
    fact: Fact | undefined,
    environment: Environment,
  ): boolean {
    if (name === 'exists') return (left !== undefined) === right
    if (name === 'ne') return !this.holds('eq', left, right, fact, environment)
    if (name === 'not_in') return !this.holds('in', left, right, fact, environment)
    const wanted = Array.isArray(right)
      ? right.map((part) => this.value(part as Expression, fact, environment))
      : this.value(right as Expression, fact, environment)
    const values = Array.isArray(left) ? left : [left]
    switch (name) {
      case 'eq':
        return same(left, wanted) || values.some((value) => same(value, wanted))
      case 'in': {
        const members = Array.isArray(wanted) ? wanted : []
        return members.some((member) => same(left, member) || values.some((value) => same(value, member)))
      }
      case 'between': {
        const [low, high] = wanted as [unknown, unknown]
        return values.some((value) => ordered(low, value) && ordered(value, high))
      }
      case 'prefix':
        return values.some((value) => typeof value === 'string' && value.startsWith(wanted as string))
      case 'lt':
        return values.some((value) => ordered(value, wanted) && !same(value, wanted))
      case 'lte':
        return values.some((value) => ordered(value, wanted))
      case 'gt':
        return values.some((value) => ordered(wanted, value) && !same(value, wanted))
      case 'gte':
        return values.some((value) => ordered(wanted, value))
      default:
        throw new Error(`no operator ${name}`)
    }
  }

  private value(expression: Expression, fact: Fact | undefined, environment: Environment): unknown {
    if (typeof expression !== 'object' || expression === null) return expression
    if ('literal' in expression) return expression.literal
    if ('var' in expression) return at(environment[expression.var], expression.path)
    if ('path' in expression) return at(fact, expression.path)
    if ('call' in expression) {
      const args = (expression.args ?? []).map((arg) => this.value(arg, fact, environment))
      return this.functions.expressions?.[expression.call]?.(...args)
    }
    const [[operation, args]] = Object.entries(expression) as [[string, Expression[]]]
    const numbers = args.map((arg) => this.value(arg, fact, environment))
    return numbers.reduce((a, b) => {
      if (typeof a !== 'number' || typeof b !== 'number' || !Number.isFinite(a) || !Number.isFinite(b)) return undefined
      const result = operation === 'add' ? a + b : operation === 'sub' ? a - b : operation === 'mul' ? a * b : a / b
      return Number.isFinite(result) ? result : undefined
    })
  }

  private fill(template: unknown, environment: Environment, top = false): unknown {
    if (typeof template !== 'object' || template === null) return template
    if (Array.isArray(template)) return template.map((part) => this.fill(part, environment) ?? null)
    const names = Object.keys(template)
    const kinds = ['path', 'var', 'literal', 'call', 'add', 'sub', 'mul', 'div']
    if (
      !top &&
      ('var' in template || 'call' in template || (names.length === 1 && kinds.includes(names[0] as string)))
    ) {
      return this.value(template as Expression, undefined, environment)
    }
    const filled = names.map((name) => [name, this.fill((template as Record<string, unknown>)[name], environment)])
    return Object.fromEntries(filled.filter(([, value]) => value !== undefined))
  }
}

function at(value: unknown, path: unknown): unknown {
  const steps = path === undefined ? [] : typeof path === 'string' ? path.split('.') : (path as string[])
  return steps.reduce<unknown>((found, step) => {
    const isObject = typeof found === 'object' && found !== null && !Array.isArray(found)
    return isObject && Object.hasOwn(found, step) ? (found as Record<string, unknown>)[step] : undefined
  }, value)
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

const ordered = (a: unknown, b: unknown): boolean =>
  (typeof a === 'number' && typeof b === 'number' && a <= b) ||
  (typeof a === 'string' && typeof b === 'string' && a <= b)

// null, booleans, numbers, texts, the rest by text.
function byValue(a: unknown, b: unknown): number {
  const rank = (value: unknown): number =>
    value === null ? 0 : ['boolean', 'number', 'string', 'object'].indexOf(typeof value) + 1
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  const [x, y] = rank(a) === 2 || rank(a) === 3 ? [a as number, b as number] : [textOf(a), textOf(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

function bind(environment: Environment, name: string, value: unknown): Environment | undefined {
  if (value === undefined) return undefined
  if (!Object.hasOwn(environment, name)) return { ...environment, [name]: value }
  return same(environment[name], value) ? environment : undefined
}

// A whole fact is itself and no other, however equal.
function bindWhole(environment: Environment, name: string, fact: Fact): Environment | undefined {
  if (!Object.hasOwn(environment, name)) return { ...environment, [name]: fact }
  return environment[name] === fact ? environment : undefined
}

function boundBy(condition: Condition): string[] {
  if ('fact' in condition) return [...Object.keys(condition.bind ?? {}), ...(condition.as ? [condition.as] : [])]
  if ('accumulate' in condition) return [...Object.keys(condition.by ?? {}), ...(condition.as ? [condition.as] : [])]
  if ('all' in condition) return [...new Set(condition.all.flatMap(boundBy))]
  if (!('any' in condition)) return []
  const [first = [], ...others] = condition.any.map(boundBy)
  return [...new Set(first)].filter((name) => others.every((other) => other.includes(name)))
}

const wholeFacts = (condition: Condition): boolean => {
  if ('fact' in condition) return condition.as !== undefined
  if ('all' in condition) return condition.all.some(wholeFacts)
  return 'any' in condition && condition.any.every(wholeFacts)
}

// Every variable that occurs.
function namesIn(value: unknown, inside = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((part) => namesIn(part))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => {
    if (name === 'literal') return []
    if (name === 'var' && typeof part === 'string') return [part]
    if (name === 'as' && typeof part === 'string') return [part]
    if ((name === 'bind' || name === 'by') && inside !== 'path')
      return [...Object.keys(part as object), ...namesIn(part)]
    return namesIn(part, name)
  })
}
