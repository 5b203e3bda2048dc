// Names that one object of a JSON text has twice. `JSON.parse` keeps the last without a word; who wrote both meant both.
import type { JsonValue } from './json.ts'

const [space, colon, backslash] = [32, 58, 92]

/** Whether some object of a valid JSON text, whose value that is, has a name twice. */
export const repeatsName = (text: string, value: JsonValue): boolean => namesWritten(text) > namesKept(value)

function namesKept(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0
  let names = Array.isArray(value) ? 0 : Object.keys(value).length
  for (const part of Object.values(value)) names += namesKept(part)
  return names
}

// A text is a name where a colon follows it.
function namesWritten(text: string): number {
  let names = 0
  let start = text.indexOf('"')
  while (start >= 0) {
    let next = endOfText(text, start) + 1
    while (text.charCodeAt(next) <= space) next++
    if (text.charCodeAt(next) === colon) names++
    start = text.indexOf('"', next)
  }
  return names
}

function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text.charCodeAt(before) === backslash) before--
  return (at - before) % 2 === 0
}

/** The steps to the first name of a valid JSON text that is repeated; none: no name is. */
export function pathToRepeated(text: string): (string | number)[] {
  // What is open around a token: names of an object, or undefined in a list, and the step to where it is.
  const open: { names: Set<string> | undefined; step: string | number }[] = []
  for (const [token, written] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    const inner = open.at(-1)
    if (written !== undefined && inner) {
      const name: string = JSON.parse(written)
      inner.step = name
      if (inner.names?.has(name)) return open.map(({ step }) => step)
      inner.names?.add(name)
    } else if (token === '{') open.push({ names: new Set(), step: '' })
    else if (token === '[') open.push({ names: undefined, step: 0 })
    else if (token === ']' || token === '}') open.pop()
    else if (token === ',' && typeof inner?.step === 'number') inner.step++
  }
  return []
}
