// What one value of a pattern's list says: each form of match expression is compiled to a test of one leaf value.
// Reasons of refusal are EventBridge's own sentences, so that they can be looked up.
import { limits } from '../base/limits.ts'
import { type AddressRange, addressDigits, addressRange, inRange } from './addresses.ts'
import { InexactNumber, isPatternObject, type PatternJson } from './numbers.ts'
import {
  endsFolded,
  equalsFolded,
  foldedCharacters,
  matchesWildcard,
  startsFolded,
  type WildcardParts,
  wildcardComplexity,
  wildcardParts,
} from './strings.ts'

/** A value of an event that is no object and no array. */
export type Leaf = null | boolean | number | string | InexactNumber

/** For looking tests up instead of trying them all: what every value that they match has in common. */
export type Hint =
  | { equals: Leaf }
  | { prefix: string }
  | { suffix: string }
  /** In upper case it is this. */
  | { folded: string }
  /** A number from here to there, both included. */
  | { from: number; to: number }

export type LeafTest = { matches(value: Leaf): boolean; hint?: Hint }

/** `{"exists": false}`: not about a value, but about there being none. */
export const absent = 'absent'

/** Makes the reason and the place of a refusal into an error. */
export type Refuse = (reason: string) => never

// Every text has an empty prefix and suffix: that tells nothing.
const affixHint = (prefix: string, suffix: string): Hint | undefined =>
  prefix !== '' ? { prefix } : suffix !== '' ? { suffix } : undefined

const ofStrings = (matches: (text: string) => boolean, hint?: Hint): LeafTest => ({
  matches: (value) => typeof value === 'string' && matches(value),
  ...(hint && { hint }),
})

const inBlock = (range: AddressRange): LeafTest =>
  ofStrings((text) => {
    const digits = addressDigits(text)
    return digits !== undefined && inRange(digits, range)
  })

const isNumeric = (value: unknown): value is number | InexactNumber =>
  typeof value === 'number' || value instanceof InexactNumber

// Operators compare binary64 numbers; one that does not fit cannot be asked for.
function comparable(value: number | InexactNumber, refuse: Refuse): number {
  if (value instanceof InexactNumber) refuse(`Cannot compare number : ${value.source.slice(0, 40)}`)
  if (!Number.isFinite(value)) refuse(`Cannot compare number : ${value}`)
  return value as number
}

function parseWildcard(text: PatternJson, refuse: Refuse): WildcardParts {
  if (typeof text !== 'string') return refuse('wildcard match pattern must be a string')
  const parts = wildcardParts(text)
  if ('refused' in parts) return refuse(parts.refused)
  if (wildcardComplexity(parts, limits.wildcardComplexity) >= limits.wildcardComplexity) {
    refuse(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a ' +
        'wildcard character',
    )
  }
  return parts
}

function exactly(value: PatternJson, refuse: Refuse): LeafTest {
  if (typeof value !== 'string') return refuse('exact match pattern must be a string')
  return { matches: (leaf) => leaf === value, hint: { equals: value } }
}

// `{"equals-ignore-case": "text"}` inside a prefix or suffix.
function foldedInside(value: { [key: string]: PatternJson }, operator: 'prefix' | 'suffix', refuse: Refuse): string {
  const [name, ...more] = Object.keys(value)
  if (name === undefined) return refuse(`${operator === 'prefix' ? 'Prefix' : 'Suffix'} expression name not found`)
  if (name !== 'equals-ignore-case') return refuse(`Unsupported ${operator} pattern: ${name}`)
  const text = value[name]
  if (typeof text !== 'string') return refuse('equals-ignore-case match pattern must be a string')
  if (more.length > 0) refuse('Only one key allowed in match expression')
  return text
}

function prefix(value: PatternJson, refuse: Refuse): LeafTest {
  if (isPatternObject(value)) {
    const characters = foldedCharacters(foldedInside(value, 'prefix', refuse))
    return ofStrings((text) => startsFolded(text, characters))
  }
  if (typeof value !== 'string') return refuse('prefix match pattern must be a string')
  return ofStrings((text) => text.startsWith(value), affixHint(value, ''))
}

function suffix(value: PatternJson, refuse: Refuse): LeafTest {
  if (isPatternObject(value)) {
    const characters = foldedCharacters(foldedInside(value, 'suffix', refuse))
    return ofStrings((text) => endsFolded(text, characters))
  }
  if (typeof value !== 'string') return refuse('suffix match pattern must be a string')
  return ofStrings((text) => text.endsWith(value), affixHint('', value))
}

function equalsIgnoreCase(value: PatternJson, refuse: Refuse): LeafTest {
  if (typeof value !== 'string') return refuse('equals-ignore-case match pattern must be a string')
  const characters = foldedCharacters(value)
  // Few characters, such as the capital ß, are not what their other spelling is in upper case.
  const sameUpperCase = characters.every(([lower, upper]) => lower.toUpperCase() === upper.toUpperCase())
  const hint = sameUpperCase ? { folded: value.toUpperCase() } : undefined
  return ofStrings((text) => equalsFolded(text, characters), hint)
}

function wildcard(value: PatternJson, refuse: Refuse): LeafTest {
  const parts = parseWildcard(value, refuse)
  return ofStrings((text) => matchesWildcard(text, parts), affixHint(parts[0] ?? '', parts[parts.length - 1] ?? ''))
}

function cidr(value: PatternJson, refuse: Refuse): LeafTest {
  if (typeof value !== 'string') return refuse('cidr match pattern must be a string')
  const range = addressRange(value)
  return 'refused' in range ? refuse(range.refused) : inBlock(range)
}

/** How a number must compare with the bound, and which numbers can. */
const comparisons = {
  '<': { holds: (leaf: number, bound: number) => leaf < bound, lower: false },
  '<=': { holds: (leaf: number, bound: number) => leaf <= bound, lower: false },
  '>': { holds: (leaf: number, bound: number) => leaf > bound, lower: true },
  '>=': { holds: (leaf: number, bound: number) => leaf >= bound, lower: true },
} as const
const isComparison = (operator: string): operator is keyof typeof comparisons => Object.hasOwn(comparisons, operator)

// [">=", 1] or [">", 1, "<=", 5] or ["=", 3]; the lower bound comes first.
function numeric(value: PatternJson, refuse: Refuse): LeafTest {
  if (!Array.isArray(value)) return refuse('Value of numeric must be an array.')
  const [operator, first, ...upper] = value
  if (typeof operator !== 'string') return refuse(`Invalid member in numeric match: ${JSON.stringify(operator)}`)
  if (operator !== '=' && !isComparison(operator)) return refuse(`Unrecognized numeric range operator: ${operator}`)
  if (!isNumeric(first)) return refuse(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`)
  const bound = comparable(first, refuse)
  if (operator !== '=' && comparisons[operator].lower && upper.length > 0) {
    return between(operator, bound, upper, refuse)
  }
  if (upper.length > 0) refuse('Too many elements in numeric expression')
  if (operator === '=') return { matches: (leaf) => leaf === bound, hint: { equals: bound } }
  const { holds, lower } = comparisons[operator]
  return {
    matches: (leaf) => typeof leaf === 'number' && holds(leaf, bound),
    hint: lower ? { from: bound, to: Number.POSITIVE_INFINITY } : { from: Number.NEGATIVE_INFINITY, to: bound },
  }
}

function between(above: keyof typeof comparisons, bottom: number, upper: PatternJson[], refuse: Refuse): LeafTest {
  const [operator, second, ...more] = upper
  if (typeof operator !== 'string') return refuse(`Bad value in numeric range: ${JSON.stringify(operator)}`)
  if (!isComparison(operator) || comparisons[operator].lower) return refuse(`Bad numeric range operator: ${operator}`)
  if (!isNumeric(second)) return refuse(`Value of ${operator} must be numeric`)
  if (more.length > 0) refuse('Too many terms in numeric range expression')
  const top = comparable(second, refuse)
  if (bottom >= top) refuse('Bottom must be less than top')
  const [aboveBottom, belowTop] = [comparisons[above].holds, comparisons[operator].holds]
  return {
    matches: (leaf) => typeof leaf === 'number' && aboveBottom(leaf, bottom) && belowTop(leaf, top),
    hint: { from: bottom, to: top },
  }
}

/** What may stand inside an anything-but: makes the test that must not hold, from one text. */
const denials: Record<string, { reason: string; test: (text: string, refuse: Refuse) => LeafTest }> = {
  'equals-ignore-case': {
    reason: 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    test: equalsIgnoreCase,
  },
  prefix: { reason: 'prefix/suffix match pattern must be a string', test: nonEmpty(prefix) },
  suffix: { reason: 'prefix/suffix match pattern must be a string', test: nonEmpty(suffix) },
  wildcard: { reason: 'wildcard match pattern must be a string', test: wildcard },
}

function nonEmpty(test: (text: string, refuse: Refuse) => LeafTest): (text: string, refuse: Refuse) => LeafTest {
  return (text, refuse) => (text === '' ? refuse('Null prefix/suffix not allowed') : test(text, refuse))
}

function anythingBut(value: PatternJson, refuse: Refuse): LeafTest {
  if (isPatternObject(value)) return anythingButInside(value, refuse)
  if (Array.isArray(value)) return anythingButList(value, refuse)
  return anythingButList([stringOrNumber(value, refuse)], refuse)
}

function stringOrNumber(value: PatternJson | undefined, refuse: Refuse): string | number | InexactNumber {
  if (typeof value === 'string' || isNumeric(value)) return value
  return refuse('Value of anything-but must be an array or single string/number value.')
}

function anythingButList(values: PatternJson[], refuse: Refuse): LeafTest {
  for (const value of values) {
    if (typeof value === 'string' || isNumeric(value)) continue
    refuse('Inside anything but list, start|null|boolean is not supported.')
  }
  const strings = values.filter((value) => typeof value === 'string')
  if (values.length === 0 || (strings.length > 0 && strings.length < values.length)) {
    refuse('Inside anything but list, either all values are number or string, mixed type is not supported')
  }
  const denied = new Set<unknown>(
    strings.length > 0 ? strings : values.filter(isNumeric).map((value) => comparable(value, refuse)),
  )
  return { matches: (leaf) => !denied.has(leaf) }
}

function anythingButInside(value: { [key: string]: PatternJson }, refuse: Refuse): LeafTest {
  const [name, ...more] = Object.keys(value)
  if (name === undefined) return refuse('Anything-But expression name not found')
  const denial = Object.hasOwn(denials, name) ? denials[name] : undefined
  if (!denial) return refuse(`Unsupported anything-but pattern: ${name}`)
  if (more.length > 0) refuse('Only one key allowed in match expression')
  const inner = value[name]
  const texts = Array.isArray(inner) ? inner : [stringOrNumber(inner, refuse)]
  if (texts.length === 0) refuse('Empty arrays are not allowed')
  const tests = texts.map((text) => (typeof text === 'string' ? denial.test(text, refuse) : refuse(denial.reason)))
  return { matches: (leaf) => !tests.some((test) => test.matches(leaf)) }
}

function exists(value: PatternJson, refuse: Refuse): LeafTest | typeof absent {
  if (typeof value !== 'boolean') return refuse('exists match pattern must be either true or false.')
  return value ? { matches: () => true } : absent
}

/** Every operator by the name it has in a pattern. */
const operators: Record<string, (value: PatternJson, refuse: Refuse) => LeafTest | typeof absent> = {
  exactly,
  'equals-ignore-case': equalsIgnoreCase,
  prefix,
  suffix,
  wildcard,
  'anything-but': anythingBut,
  numeric,
  cidr,
  exists,
}

function literal(value: Leaf): LeafTest {
  if (value instanceof InexactNumber) {
    return { matches: (leaf) => leaf instanceof InexactNumber && leaf.source === value.source }
  }
  const digits = typeof value === 'string' ? addressDigits(value) : undefined
  // EventBridge turns a literal address into a range of one, so that other spellings of it match as well.
  if (digits !== undefined) return inBlock({ bottom: digits, top: digits })
  return { matches: (leaf) => leaf === value, hint: { equals: value } }
}

/** One value of a pattern's list: a literal or a match expression. */
export function compileValue(value: PatternJson, refuse: Refuse): LeafTest | typeof absent {
  if (Array.isArray(value)) return refuse('Match value must be String, number, true, false, or null')
  if (!isPatternObject(value)) return literal(value)
  const [name, ...more] = Object.keys(value)
  if (name === undefined) return refuse('Match expression name not found')
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined
  if (!operator) return refuse(`Unrecognized match type ${name.slice(0, 80)}`)
  const argument = value[name]
  if (argument === undefined) return refuse(`Unrecognized match type ${name.slice(0, 80)}`)
  const test = operator(argument, refuse)
  if (more.length > 0) refuse('Only one key allowed in match expression')
  return test
}
