// JSON at the edge: bounded, prototype-safe, exact.
import { KramError } from './errors.ts'
import { pathToRepeated, repeatsName } from './json-names.ts'
import { limits } from './limits.ts'
import { isWithinBytes } from './text.ts'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }
export type JsonObject = { [key: string]: JsonValue }

/** Whether it has names and is no list. */
export const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One step of a JSON Pointer (RFC 6901). */
export const pointerStep = (key: string | number): string =>
  `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

const refuse = (pointer: string, code: string, message: string): never => {
  throw new KramError('invalid', code, `${pointer || 'The body'}: ${message}`, {
    detail: { issues: [{ pointer, message }] },
  })
}

/** What JSON may be: how deep, and which names it may not hold. */
export type JsonShape = { depth: number; forbidden: ReadonlySet<string> }

/** Of requests. Valibot leaves these names out of records without a word, so they are refused before. */
const requestShape: JsonShape = {
  depth: limits.jsonDepth,
  forbidden: new Set(['__proto__', 'constructor', 'prototype']),
}

/** Of a tool's lines that hold rules and facts, which no schema of records reads: any name but the one that is no data. */
export const rulesShape: JsonShape = { depth: limits.lineDepth, forbidden: new Set(['__proto__']) }

/** Of a tool's lines that hold promotions: these may lie as deep in a line as in a request of their own. */
export const promosShape: JsonShape = { ...requestShape, depth: limits.lineDepth }

/**
 * What `parseJson` refuses of a parsed value, for JSON that somebody else parsed (the Lambda runtime).
 * @throws KramError invalid: json_too_deep, json_forbidden_key
 */
export function checkJson(
  value: unknown,
  { pointer = '', shape = requestShape }: { pointer?: string; shape?: JsonShape } = {},
): void {
  if (!isSound(value, shape.depth, shape.forbidden)) checkShape(value, pointer, [], shape)
}

/** Whether `checkShape` would pass it, which is asked of everything: so without the path to each value. */
function isSound(value: unknown, depthLeft: number, forbidden: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depthLeft === 0) return false
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isSound(value[i], depthLeft - 1, forbidden)) return false
    return true
  }
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key]
    if (forbidden.has(key)) return false
    if (typeof inner === 'object' && !isSound(inner, depthLeft - 1, forbidden)) return false
  }
  return true
}

/** `path`: the steps that lead to `value`; a pointer is made of them only when there is something to refuse. */
function checkShape(value: unknown, root: string, path: (string | number)[], shape: JsonShape): void {
  if (typeof value !== 'object' || value === null) return
  const pointer = (): string => root + path.map(pointerStep).join('')
  if (path.length === shape.depth) refuse(pointer(), 'json_too_deep', tooDeep(shape))
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      path.push(i)
      checkShape(value[i], root, path, shape)
      path.pop()
    }
    return
  }
  for (const key of Object.keys(value)) {
    path.push(key)
    if (shape.forbidden.has(key)) refuse(pointer(), 'json_forbidden_key', 'this name is not allowed')
    checkShape((value as Record<string, unknown>)[key], root, path, shape)
    path.pop()
  }
}

const tooDeep = ({ depth }: JsonShape): string => `is nested deeper than ${depth} levels`

// A literal this long may hold more than a binary64 keeps; only then is the slower exact check worth its time. It stands
// after one of these: digits within a text, as of an id, seldom do.
const longNumber = /(?:^|[:,[\s])-?(?:[0-9.]{16}|[0-9.]+[eE])/

type Inexact = { holder: unknown; key: string; source: string }

/** Parses, and finds the first number that is not kept as it is written. */
function parseNumbers(text: string): { value: JsonValue; inexact: Inexact | undefined } {
  let inexact: Inexact | undefined
  function look(this: unknown, key: string, value: unknown, context?: { source?: string }): unknown {
    if (typeof value === 'number' && context?.source !== undefined && !sameNumber(context.source, value)) {
      inexact ??= { holder: this, key, source: context.source }
    }
    return value
  }
  const value = JSON.parse(text, look)
  return { value, inexact }
}

/** Where the value of that holder and key lies; undefined: nowhere under this value. */
function pointerOf(value: JsonValue, inexact: Inexact): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (value === inexact.holder) return pointerStep(inexact.key)
  for (const [step, part] of Object.entries(value)) {
    const rest = pointerOf(part, inexact)
    if (rest !== undefined) return pointerStep(step) + rest
  }
  return undefined
}

// Both as digits times a power of ten, without leading and trailing zeros.
function decimalParts(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (!match) return text
  const fraction = match[3] ?? ''
  let digits = (match[2] + fraction).replace(/^0+/, '')
  let exponent = Number(match[4] ?? 0) - fraction.length
  const trailing = /0+$/.exec(digits)?.[0].length ?? 0
  digits = digits.slice(0, digits.length - trailing)
  exponent += trailing
  return digits === '' ? '0' : `${match[1]}${digits}e${exponent}`
}

/** Whether the JSON number text is exactly what the parsed number prints as, by value: 3e2 is 300. */
export const sameNumber = (source: string, value: number): boolean =>
  decimalParts(source) === decimalParts(String(value))

/**
 * Parses JSON text of at most `maxBytes` (UTF-8) and of that shape: by default that of requests, `limits.jsonDepth` deep,
 * without `__proto__`, `constructor` and `prototype` as names. Refuses numbers that a binary64 cannot keep as written, and
 * a name that an object has twice.
 * @throws KramError invalid: body_too_large, json_malformed, json_too_deep, json_forbidden_key, json_number_inexact,
 * json_repeated_name
 */
export function parseJson(
  text: string,
  { maxBytes = limits.bodyBytes, shape = requestShape }: { maxBytes?: number; shape?: JsonShape } = {},
): JsonValue {
  if (!isWithinBytes(text, maxBytes)) {
    throw new KramError('invalid', 'body_too_large', `The body is larger than ${maxBytes} bytes.`, {
      detail: { issues: [{ pointer: '', message: `must be at most ${maxBytes} bytes` }] },
    })
  }
  let value: JsonValue
  let inexact: Inexact | undefined
  try {
    if (longNumber.test(text)) ({ value, inexact } = parseNumbers(text))
    else value = JSON.parse(text)
  } catch (error) {
    // Of the parser itself, which looks at numbers by recursion.
    if (error instanceof RangeError) return refuse('', 'json_too_deep', tooDeep(shape))
    return refuse('', 'json_malformed', `is not JSON: ${(error as Error).message.replace(/, (?:\.{3})?".*$/s, '')}`)
  }
  checkJson(value, { shape })
  if (inexact) {
    const message = `the number ${inexact.source.slice(0, 40)} has more digits than can be kept`
    refuse(pointerOf(value, inexact) ?? '', 'json_number_inexact', message)
  }
  if (repeatsName(text, value)) {
    const pointer = pathToRepeated(text).map(pointerStep).join('')
    refuse(pointer, 'json_repeated_name', 'this name is there twice: only the last would count')
  }
  return value
}
