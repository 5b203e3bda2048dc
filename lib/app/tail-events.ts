// Pages of the log, for people who watch it: each costs a bounded time, whatever the pattern.
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { type Instant, isInstant } from '../base/time.ts'
import { compilePattern } from '../patterns/compile.ts'
import type { ArchivedEvent, Pattern } from '../ports/bus.ts'
import { toBusEvent } from '../ports/bus-event.ts'
import type { Deps } from './deps.ts'

export type TailRequest = {
  /** Inclusive. */
  from: Instant
  /** Exclusive. */
  to: Instant
  pattern?: Pattern
  limit: number
  /** The `next` of the page before; `from` then counts no more. */
  after?: string
}

/** `next` goes on behind this page, also for events that come later; `more` is false when the log ended here. */
export type EventPage = { items: ArchivedEvent[]; next: string; more: boolean }

// How far one has read: so many events of that millisecond, and all before it.
type Position = { takenAt: Instant; passed: number }

const encode = ({ takenAt, passed }: Position): string => btoa(`${takenAt} ${passed}`)

function decode(token: string): Position {
  const refused = new KramError('invalid', 'page_token', 'This page token is not one of ours.')
  let text: string
  try {
    text = atob(token)
  } catch {
    throw refused
  }
  const [takenAt = '', passed = '', ...rest] = text.split(' ')
  if (!isInstant(takenAt) || !/^\d{1,9}$/.test(passed) || rest.length > 0) throw refused
  return { takenAt, passed: Number(passed) }
}

/**
 * A page of the events that the bus took, in its order.
 * @throws KramError invalid: `invalid_pattern`, `page_token`
 */
export async function tailEvents({ bus }: Pick<Deps, 'bus'>, request: TailRequest): Promise<EventPage> {
  const { from, to, limit, after } = request
  const pattern = request.pattern && compilePattern(request.pattern)
  let position = after === undefined ? { takenAt: from, passed: 0 } : decode(after)
  const start = position
  const items: ArchivedEvent[] = []
  let scanned = 0
  let atStart = 0
  for await (const archived of bus.archive.read({ from: start.takenAt, to })) {
    if (archived.takenAt === start.takenAt && atStart < start.passed) {
      atStart++
      continue
    }
    // Only now is it known that something follows the page.
    if (items.length === limit || scanned === limits.scannedEvents) return { items, next: encode(position), more: true }
    scanned++
    const same = archived.takenAt === position.takenAt
    position = { takenAt: archived.takenAt, passed: same ? position.passed + 1 : 1 }
    if (!pattern || pattern.matches(toBusEvent(archived.event, 0))) items.push(archived)
  }
  return { items, next: encode(position), more: false }
}
