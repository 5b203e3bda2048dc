// Reads conditions of the rule format and works out which variables each needs and binds.
import { pointerStep } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { accumulatorKinds } from './accumulators.ts'
import {
  type AccumulateIr,
  type AllIr,
  type AnyIr,
  type BindIr,
  type ConditionIr,
  type ExpressionIr,
  expressionNeeds,
  type FactIr,
  noVariable,
  type PatternIr,
  type TestIr,
  testNeeds,
  type VariableSet,
  variableBit,
} from './ir.ts'
import {
  asList,
  asObject,
  asText,
  type Context,
  checkDepth,
  onlyFields,
  type PlainObject,
  parsePath,
  refuse,
  registered,
  variableOf,
} from './parse-context.ts'
import { operators, parseExpression, parseOperators, parseTest, parseTests } from './parse-tests.ts'

const kinds = ['fact', 'accumulate', 'all', 'any', 'not', 'exists', 'test'] as const
type Kind = (typeof kinds)[number]
const kindRanks: ReadonlyMap<string, number> = new Map(kinds.map((kind, rank) => [kind, rank]))
const fields = {
  fact: new Set(['fact', 'where', 'bind', 'as']),
  accumulate: new Set(['accumulate', 'of', 'from', 'by', 'as', 'is']),
  all: new Set(['all']),
  any: new Set(['any']),
  not: new Set(['not']),
  exists: new Set(['exists']),
  test: new Set(['test']),
}
const fromFields = new Set(['fact', 'where'])
const underFact = { fact: true, depth: 0 }
const underNone = { fact: false, depth: 0 }

/** Where a condition stands. */
type Place = { pointer: string; index: number; depth: number }

function parseCondition(context: Context, value: unknown, place: Place): ConditionIr {
  const { pointer } = place
  checkDepth(context, place.depth, pointer)
  if (++context.conditions > limits.ruleConditions) {
    refuse(context, pointer, `there may be at most ${limits.ruleConditions} conditions`)
  }
  const object = asObject(context, value, pointer, 'a condition')
  const kind = kindOf(object)
  if (kind === undefined) return refuse(context, pointer, `a condition has one of ${kinds.join(', ')}`)
  onlyFields(context, object, pointer, fields[kind])
  switch (kind) {
    case 'fact':
      return parseFact(context, object, place)
    case 'accumulate':
      return parseAccumulate(context, object, place)
    case 'all':
      return { ...parseAll(context, object.all, { ...place, pointer: `${pointer}/all` }), pointer }
    case 'any':
      return parseAny(context, object.any, place)
    case 'test': {
      const test = parseTest(context, object.test, `${pointer}/test`, underNone)
      const needs = testNeeds(test)
      return { op: 'test', pointer, index: place.index, needs, binds: 0, mentions: needs, test }
    }
    default: {
      const part = parseCondition(context, object[kind], {
        pointer: `${pointer}/${kind}`,
        index: 0,
        depth: place.depth + 1,
      })
      const { needs, mentions } = part
      return { op: kind, pointer, index: place.index, needs, binds: 0, mentions, part }
    }
  }
}

// The first of `kinds` that it has.
function kindOf(object: PlainObject): Kind | undefined {
  let least: number = kinds.length
  for (const name in object) least = Math.min(least, kindRanks.get(name) ?? least)
  return kinds[least]
}

/** A list of conditions that must hold together. */
export function parseAll(context: Context, value: unknown, place: Place): AllIr {
  const parts = parseParts(context, value, place)
  const binds = union(parts, 'binds')
  const needs = union(parts, 'needs') & ~binds
  const { pointer, index } = place
  return { op: 'all', pointer, index, needs, binds, mentions: union(parts, 'mentions'), parts }
}

function parseAny(context: Context, value: unknown, { pointer, index, depth }: Place): AnyIr {
  const parts = parseParts(context, value, { pointer: `${pointer}/any`, index, depth })
  if (parts.length === 0) refuse(context, `${pointer}/any`, 'there must be at least one')
  const binds = parts.reduce((common, part) => common & part.binds, ~0)
  const facts = parts.reduce((common, part) => common & factVariables(part), binds)
  return {
    op: 'any',
    pointer,
    index,
    needs: union(parts, 'needs'),
    binds,
    mentions: union(parts, 'mentions'),
    parts,
    facts,
  }
}

function parseParts(context: Context, value: unknown, { pointer, depth }: Place): ConditionIr[] {
  const list = asList(context, value, pointer, { what: 'the conditions', max: limits.ruleConditions })
  return list.map((part, index) =>
    parseCondition(context, part, { pointer: `${pointer}/${index}`, index, depth: depth + 1 }),
  )
}

const union = (parts: readonly ConditionIr[], which: 'binds' | 'needs' | 'mentions'): VariableSet =>
  parts.reduce((all, part) => all | part[which], 0)

// Variables that hold whole facts.
function factVariables(condition: ConditionIr): VariableSet {
  if (condition.op === 'fact') return bitOf(condition.as)
  if (condition.op === 'all') return condition.parts.reduce((all, part) => all | factVariables(part), 0)
  return condition.op === 'any' ? condition.facts : 0
}

const isClosed = (test: TestIr): boolean => testNeeds(test) === 0

function parsePattern(context: Context, object: PlainObject, pointer: string): PatternIr {
  const type = asText(context, object.fact, `${pointer}/fact`, 'the type of fact')
  const tests = object.where === undefined ? [] : parseTests(context, object.where, `${pointer}/where`, underFact)
  return { type, closed: tests.filter(isClosed), open: tests.filter((test) => !isClosed(test)) }
}

const patternNeeds = (pattern: PatternIr): VariableSet =>
  pattern.open.reduce((needs, test) => needs | testNeeds(test), 0)

function parseFact(context: Context, object: PlainObject, { pointer, index }: Place): FactIr {
  const pattern = parsePattern(context, object, pointer)
  const bind = parseBindings(context, object.bind, `${pointer}/bind`)
  const as = object.as === undefined ? noVariable : variableOf(context, object.as, `${pointer}/as`)
  const binds = boundBy(bind) | bitOf(as)
  const needs = patternNeeds(pattern) | bindNeeds(bind)
  if ((needs & binds) !== 0) refuse(context, pointer, 'a variable cannot be both bound and used in one condition')
  return { op: 'fact', pointer, index, needs, binds, mentions: needs | binds, pattern, bind, as }
}

function parseBindings(context: Context, value: unknown, pointer: string): BindIr[] {
  if (value === undefined) return []
  const object = asObject(context, value, pointer, 'this')
  return Object.keys(object).map((name) => {
    const at = pointer + pointerStep(name)
    return { variable: variableOf(context, name, at), value: parseBound(context, object[name], at) }
  })
}

function parseBound(context: Context, value: unknown, pointer: string): ExpressionIr {
  if (typeof value === 'string' || Array.isArray(value)) {
    return { op: 'path', steps: parsePath(context, value, pointer) }
  }
  return parseExpression(context, asObject(context, value, pointer, 'a path or an expression'), pointer, underFact)
}

const bitOf = (as: number): VariableSet => (as === noVariable ? 0 : variableBit(as))
const boundBy = (bind: readonly BindIr[]): VariableSet =>
  bind.reduce((all, { variable }) => all | variableBit(variable), 0)
const bindNeeds = (bind: readonly BindIr[]): VariableSet =>
  bind.reduce((all, { value }) => all | expressionNeeds(value), 0)

function parseAccumulate(context: Context, object: PlainObject, { pointer, index }: Place): AccumulateIr {
  const name = accumulatorName(context, object, pointer)
  const from = asObject(context, object.from, `${pointer}/from`, 'from')
  onlyFields(context, from, `${pointer}/from`, fromFields)
  const pattern = parsePattern(context, from, `${pointer}/from`)
  const of = object.of === undefined ? undefined : parseExpression(context, object.of, `${pointer}/of`, underFact)
  const by = parseBindings(context, object.by, `${pointer}/by`)
  const as = object.as === undefined ? noVariable : variableOf(context, object.as, `${pointer}/as`)
  const is = parseIs(context, object.is, `${pointer}/is`)
  const binds = boundBy(by) | bitOf(as)
  const needs =
    patternNeeds(pattern) |
    bindNeeds(by) |
    (of === undefined ? 0 : expressionNeeds(of)) |
    is.reduce((all, { right }) => all | expressionNeeds(right), 0)
  if ((needs & binds) !== 0) refuse(context, pointer, 'a variable cannot be both bound and used in one condition')
  return { op: 'accumulate', pointer, index, needs, binds, mentions: needs | binds, name, pattern, of, by, as, is }
}

function accumulatorName(context: Context, object: PlainObject, pointer: string): string {
  const at = `${pointer}/accumulate`
  const name = asText(context, object.accumulate, at, 'the name')
  if (Object.hasOwn(accumulatorKinds, name)) {
    const { of } = accumulatorKinds[name as keyof typeof accumulatorKinds]
    if (of === 'required' && object.of === undefined) refuse(context, pointer, `${name} needs "of", the value to take`)
    if (of === 'none' && object.of !== undefined) refuse(context, `${pointer}/of`, `${name} takes no "of"`)
    return name
  }
  registered(context, 'accumulators', name, at)
  return name
}

function parseIs(context: Context, value: unknown, pointer: string): AccumulateIr['is'] {
  if (value === undefined) return []
  const object = asObject(context, value, pointer, 'is')
  onlyFields(context, object, pointer, operators)
  return parseOperators(context, object, pointer, underNone)
}
