// What every command shares: how it fails, and how it reads JSONL.
import { createInterface } from 'node:readline'
import { KramError } from '../base/errors.ts'

/** Prints an error for people on stderr and ends with exit code 1. */
export function fail(error: unknown): void {
  if (error instanceof KramError) {
    console.error(`kram: ${error.message} (${error.code})`)
    for (const { pointer, message } of error.detail.issues ?? []) console.error(`  ${pointer || '/'}: ${message}`)
  } else {
    console.error(error)
  }
  process.exitCode = 1
}

/** `1 product`, `13 products`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** `{code, pointer, message}` of any failure, as the JSONL commands print it. */
export function errorLine(error: unknown): { code: string; pointer: string; message: string } {
  if (!(error instanceof KramError)) return { code: 'internal', pointer: '', message: String(error) }
  const first = error.detail.issues?.[0]
  return { code: error.code, pointer: first?.pointer ?? '', message: first?.message ?? error.message }
}

/**
 * Reads lines from stdin, writes `answer`'s value as one JSON line each; empty lines are passed over. A line whose
 * answer throws gives `{"error": {code, pointer, message}}`, the next is read, and the exit code is 1 at the end.
 */
export async function answerLines(answer: (line: string) => unknown): Promise<void> {
  let out = ''
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    let value: unknown
    try {
      value = answer(line)
    } catch (error) {
      process.exitCode = 1
      value = { error: errorLine(error) }
    }
    out += `${JSON.stringify(value)}\n`
    if (out.length > 65_536) {
      process.stdout.write(out)
      out = ''
    }
  }
  process.stdout.write(out)
}
