// The slow, obvious twin of lib/patterns: flattens the whole event, then tries every assignment of values to fields.
import type { JsonObject, JsonValue } from '../../lib/base/json.ts'

type Flat = { path: string; value: JsonValue; elements: Record<number, number> }

/** Every leaf with its path, and the element of each array on the way that it lies in. */
export function flatten(event: JsonObject): Flat[] {
  const leaves: Flat[] = []
  let arrays = 0
  const visit = (path: string[], value: JsonValue, elements: Record<number, number>): void => {
    if (Array.isArray(value)) {
      const array = arrays++
      value.forEach((element, index) => {
        const isLeaf = element === null || typeof element !== 'object'
        visit(path, element, isLeaf ? elements : { ...elements, [array]: index })
      })
    } else if (value !== null && typeof value === 'object') {
      for (const [name, inner] of Object.entries(value)) visit([...path, name], inner, elements)
    } else {
      leaves.push({ path: path.join('.'), value, elements })
    }
  }
  visit([], event, {})
  return leaves
}

type Rule = Record<string, JsonValue[]>

/** The pattern without $or: one rule for each way through the branches. A path said twice keeps the last. */
export function rulesOf(pattern: JsonObject, path: string[] = [], rules: Rule[] = [{}]): Rule[] {
  let all = rules
  for (const [name, value] of Object.entries(pattern)) {
    if (name === '$or') {
      all = (value as JsonObject[]).flatMap((branch) =>
        rulesOf(
          branch,
          path,
          all.map((rule) => ({ ...rule })),
        ),
      )
    } else if (Array.isArray(value)) {
      all = all.map((rule) => ({ ...rule, [[...path, name].join('.')]: value }))
    } else {
      all = rulesOf(value as JsonObject, [...path, name], all)
    }
  }
  return all
}

const agree = (a: Record<number, number>, b: Record<number, number>): boolean =>
  Object.entries(a).every(([array, index]) => b[Number(array)] === undefined || b[Number(array)] === index)

export function slowMatches(pattern: JsonObject, event: JsonObject): boolean {
  const leaves = flatten(event)
  const tryFields = (fields: [string, JsonValue[]][], chosen: Record<number, number>): boolean => {
    const [first, ...rest] = fields
    if (!first) return true
    const [path, values] = first
    const possible = leaves.filter((leaf) => leaf.path === path && agree(leaf.elements, chosen))
    const mayBeAbsent = values.some((value) => (value as JsonObject | null)?.exists === false)
    if (mayBeAbsent && possible.length === 0 && tryFields(rest, chosen)) return true
    return possible
      .filter((leaf) => values.some((value) => slowMatchesValue(value, leaf.value)))
      .some((leaf) => tryFields(rest, { ...chosen, ...leaf.elements }))
  }
  return rulesOf(pattern).some((rule) =>
    tryFields(
      Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)),
      {},
    ),
  )
}

export function slowMatchesValue(wanted: JsonValue, actual: JsonValue): boolean {
  if (wanted === null || typeof wanted !== 'object') {
    const [a, b] = [addressOf(wanted), addressOf(actual)]
    return wanted === actual || (a !== undefined && a === b)
  }
  const [[operator, argument] = ['', null]] = Object.entries(wanted as JsonObject)
  switch (operator) {
    case 'exists':
      return argument === true
    case 'anything-but':
      return !deniedBy(argument).some((denied) => slowMatchesValue(denied, actual))
    case 'numeric':
      return typeof actual === 'number' && holds(argument as JsonValue[], actual)
    case 'cidr':
      return inBlock(String(argument), actual)
    default:
      return typeof actual === 'string' && textPattern(operator, argument).test(actual)
  }
}

function deniedBy(argument: JsonValue): JsonValue[] {
  if (argument !== null && typeof argument === 'object' && !Array.isArray(argument)) {
    const [[operator, texts] = ['', null]] = Object.entries(argument)
    return [texts].flat().map((text) => ({ [operator]: text as string }))
  }
  return [argument].flat().map((text) => (typeof text === 'string' ? { exactly: text } : (text as JsonValue)))
}

const holds = (terms: JsonValue[], actual: number): boolean =>
  [0, 2].every((at) => {
    const bound = Number(terms[at + 1])
    return (
      { '=': actual === bound, '<': actual < bound, '<=': actual <= bound, '>': actual > bound, '>=': actual >= bound }[
        String(terms[at] ?? '=')
      ] || terms[at] === undefined
    )
  })

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
const folded = (text: string): string =>
  Array.from(text, (each) => `(?:${escaped(each.toLowerCase())}|${escaped(each.toUpperCase())})`).join('')

function textPattern(operator: string, argument: JsonValue): RegExp {
  const inner =
    argument !== null && typeof argument === 'object' ? folded(String(Object.values(argument)[0])) : undefined
  const text = inner ?? escaped(String(argument))
  const source: Record<string, string> = {
    exactly: `^${text}$`,
    prefix: `^${text}`,
    suffix: `${text}$`,
    'equals-ignore-case': `^${folded(String(argument))}$`,
    wildcard: `^${String(argument).replace(/\\[\\*]|[^*\\]+|\*/g, (part) => (part === '*' ? '.*' : escaped(part.replace(/^\\/, ''))))}$`,
  }
  return new RegExp(source[operator] ?? '(?!)', 'su')
}

/** Kind of address and its number, or undefined: read with the URL parser, which is not ours. */
function addressOf(value: JsonValue): string | undefined {
  if (typeof value !== 'string') return undefined
  if (/^\d+\.\d+\.\d+\.\d+$/.test(value) && value.length <= 15) {
    const parts = value.split('.').map(Number)
    return parts.every((part) => part < 256)
      ? `4:${parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)}`
      : undefined
  }
  if (!/^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(value) || !URL.canParse(`http://[${value}]/`)) return undefined
  const groups = new URL(`http://[${value}]/`).hostname.slice(1, -1).split('::')
  const [head = [], tail = []] = groups.map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array(8 - head.length - tail.length).fill('0')
  const number = [...head, ...zeros, ...tail].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
  return number >> 32n === 0xffffn ? `4:${number & 0xffffffffn}` : `6:${number}`
}

function inBlock(cidr: string, actual: JsonValue): boolean {
  const [text = '', bits = ''] = cidr.split('/')
  const [kind, base] = (addressOf(text) ?? '').split(':')
  const [actualKind, number] = (addressOf(actual) ?? '').split(':')
  if (kind !== actualKind || base === undefined || number === undefined) return false
  const shift = BigInt((kind === '4' ? 32 : 128) - Number(bits))
  return BigInt(base) >> shift === BigInt(number) >> shift
}
