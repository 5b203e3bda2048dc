// Lines of a file or of standard input, as commands read JSONL.
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { utf8Of } from '../base/utf8.ts'

/** `number`: from 1, blank lines counted. */
export type Line = { number: number } & ({ text: string } | { fault: unknown })

const lineEnd = 10
/** UTF-8 has at most three bytes for each character that is counted. */
const maxBytes = 3 * limits.lineChars

const tooLong = (): KramError =>
  new KramError('invalid', 'line_too_long', `A line may have at most ${limits.lineChars} characters.`)

/** Standard input; who sits before it is told that something is waited for. */
export function standardInput(): AsyncIterable<Uint8Array> {
  if (process.stdin.isTTY) console.error('Reading from the terminal; Ctrl-D on a line of its own ends.')
  return process.stdin
}

/** The line of these bytes. */
export function lineOf(number: number, bytes: Uint8Array): Line {
  try {
    const text = utf8Of(bytes)
    return text.length > limits.lineChars ? { number, fault: tooLong() } : { number, text }
  } catch (fault) {
    return { number, fault }
  }
}

/** @throws KramError invalid `line_too_long`, `body_not_utf8` */
export function textOf(line: Line): string {
  if ('fault' in line) throw line.fault
  return line.text
}

/**
 * Lines as they arrive; blank ones are passed over. Only \n ends a line: JSON strings may hold U+2028, at which
 * node:readline would cut them. Of a line that is too long no more is kept than tells so.
 */
export async function* arrivingLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let begun: Uint8Array[] = []
  let size = 0
  let number = 0
  const ended = (rest: Uint8Array): Line[] => {
    number++
    const bytes = begun.length === 0 ? rest : Buffer.concat([...begun, rest])
    const line = size + rest.length > maxBytes ? { number, fault: tooLong() } : lineOf(number, bytes)
    begun = []
    size = 0
    return 'text' in line && line.text.trim() === '' ? [] : [line]
  }
  for await (const chunk of input) {
    const lines: Line[] = []
    let start = 0
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, start)) {
      lines.push(...ended(chunk.subarray(start, end)))
      start = end + 1
    }
    yield lines
    size += chunk.length - start
    if (size > maxBytes) begun = []
    else begun.push(chunk.subarray(start))
  }
  yield ended(new Uint8Array())
}
