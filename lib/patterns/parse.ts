// Reads an event pattern: the tree of fields becomes alternatives ($or), each a list of fields that must all match.
import { KramError } from '../base/errors.ts'
import { pointerStep } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { absent, compileValue, type LeafTest } from './matchers.ts'
import { isPatternObject, type PatternJson } from './numbers.ts'

/** What one field of an event must be: any of the tests holds, or, with `absent`, it is not there. */
export type FieldCondition = {
  /** Names joined by dots. */
  path: string
  tests: LeafTest[]
  absent: boolean
  /** Equal for equal conditions. */
  key: string
}

/** All conditions hold, in order of their paths (which decides how `exists: false` sees arrays). */
export type Alternative = FieldCondition[]

type Fields = Map<string, FieldCondition>
type PatternObject = { [key: string]: PatternJson }

/** Names that EventBridge keeps for itself inside $or, now and for later. */
const reservedInOr = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
])

const refuseAt = (pointer: string, reason: string): never => {
  throw new KramError('invalid', 'invalid_pattern', `Event pattern is not valid. Reason: ${reason}`, {
    detail: { issues: [{ pointer, message: reason }] },
  })
}

/**
 * Alternatives of a pattern, at least one. A path that is named twice keeps what was said last, as EventBridge does
 * (`{"a": {"b": [1]}, "a.b": [2]}` asks for 2).
 * @throws KramError invalid `invalid_pattern`, with EventBridge's reason and the place in `detail.issues`
 */
export function parsePattern(pattern: unknown): Alternative[] {
  if (!isPatternObject(pattern)) return refuseAt('', 'Filter is not an object')
  if (charsOf(pattern) > limits.patternChars) refuseAt('', `longer than ${limits.patternChars} characters`)
  const alternatives = readObject(pattern, { alternatives: [new Map()], path: '', pointer: '', insideOr: false })
  return alternatives.map((fields) => [...fields.values()].sort((a, b) => (a.path < b.path ? -1 : 1)))
}

// Of the compact JSON text; infinite for what cannot be written as one.
function charsOf(pattern: PatternObject): number {
  try {
    return JSON.stringify(pattern).length
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

type Place = { alternatives: Fields[]; path: string; pointer: string; insideOr: boolean }

function readObject(object: PatternObject, place: Place): Fields[] {
  const names = Object.keys(object)
  if (names.length === 0) refuseAt(place.pointer, 'Empty objects are not allowed')
  let { alternatives } = place
  for (const name of names) {
    const value = object[name] as PatternJson
    const pointer = place.pointer + pointerStep(name)
    if (name === '$or') {
      alternatives = readOr(value, { ...place, alternatives, pointer })
      continue
    }
    if (place.insideOr && reservedInOr.has(name)) {
      refuseAt(pointer, `${name} is Ruler reserved fieldName which cannot be used inside $or.`)
    }
    const path = place.path === '' ? name : `${place.path}.${name}`
    if (path.split('.').length > limits.patternSteps) refuseAt(pointer, `more than ${limits.patternSteps} steps deep`)
    if (isPatternObject(value)) {
      alternatives = readObject(value, { ...place, alternatives, path, pointer })
    } else if (Array.isArray(value)) {
      const condition = readValues(value, path, pointer)
      for (const fields of alternatives) fields.set(path, condition)
    } else {
      refuseAt(pointer, `"${name}" must be an object or an array`)
    }
  }
  return alternatives
}

function readOr(branches: PatternJson, place: Place): Fields[] {
  const { alternatives, pointer } = place
  if (!Array.isArray(branches)) return refuseAt(pointer, 'It must be an Array followed with $or.')
  const all: Fields[] = []
  for (const [index, branch] of branches.entries()) {
    const at = pointer + pointerStep(index)
    if (!isPatternObject(branch)) return refuseAt(at, 'Only JSON object is allowed in array of $or relationship.')
    const own = alternatives.map((fields) => new Map(fields))
    all.push(...readObject(branch, { ...place, alternatives: own, pointer: at, insideOr: true }))
    if (all.length > limits.patternCombinations) {
      refuseAt(pointer, `$or makes more than ${limits.patternCombinations} rule combinations`)
    }
  }
  if (branches.length < 2) refuseAt(pointer, 'There must have at least 2 Objects in $or relationship.')
  return all
}

function readValues(values: PatternJson[], path: string, pointer: string): FieldCondition {
  if (values.length === 0) refuseAt(pointer, 'Empty arrays are not allowed')
  const tests = values.map((value, index) =>
    compileValue(value, (reason) => refuseAt(pointer + pointerStep(index), reason)),
  )
  return {
    path,
    tests: tests.filter((test) => test !== absent),
    absent: tests.includes(absent),
    key: JSON.stringify([path, values]),
  }
}
