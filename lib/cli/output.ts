// What every command shares: how it fails, and how it reads JSONL.
import { once } from 'node:events'
import { KramError } from '../base/errors.ts'
import { arrivingLines, type Line, standardInput, textOf } from './lines.ts'

/** Prints an error for people on stderr and ends with exit code 1. `about`: which of several it is about. */
export function fail(error: unknown, about?: string): void {
  if (error instanceof KramError) {
    console.error(`kram: ${about === undefined ? '' : `${about}: `}${error.message} (${error.code})`)
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
 * Reads lines from stdin, writes `answer`'s value as one JSON line each; empty lines are passed over. A line that cannot be
 * read or whose answer throws gives `{"error": {code, pointer, message}}`, the next is read, and the exit code is 1 at the
 * end.
 * Answers are written as soon as what has arrived is answered, so that a program may wait for each.
 */
export async function answerLines(answer: (line: string) => unknown): Promise<void> {
  const answered = (line: Line): string => {
    try {
      return `${JSON.stringify(answer(textOf(line)))}\n`
    } catch (error) {
      process.exitCode = 1
      return `${JSON.stringify({ error: errorLine(error) })}\n`
    }
  }
  for await (const lines of arrivingLines(standardInput())) {
    const out = lines.map(answered).join('')
    if (!process.stdout.write(out)) await once(process.stdout, 'drain')
  }
}

/** What `rebuild` and `reconcile` say of events that the bus has not taken yet; undefined when there are none. */
export const waitingText = (waiting: number): string | undefined =>
  waiting === 0
    ? undefined
    : `${counted(waiting, 'event waits', 'events wait')} in the outbox: let the shop run for two minutes, and look again.`
