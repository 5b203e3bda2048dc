// Takes events into the log: checked one by one, stored in groups, each answered when it is on the disk.
import { KramError } from '../../../base/errors.ts'
import type { JsonValue } from '../../../base/json.ts'
import { limits } from '../../../base/limits.ts'
import type { Envelope, PublishResult, Rejection } from '../../../ports/bus.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { GroupCommit } from '../../group-commit.ts'
import type { Appended, Log } from './log.ts'

/** Events of one transaction at most, and their characters: other writers wait for no more than that. */
const groupEvents = 500
const groupChars = 4_000_000

type Taken = { id: string; text: string }

const rejection = (id: string, code: string, message: string, retryable = false): Rejection => ({
  id,
  code,
  retryable,
  message,
})

const deeperThan = (value: JsonValue, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => deeperThan(inner, levels - 1)))

/** The event as it will be stored, or why the bus does not take it: what no subscription could be given. */
function checked(event: Envelope): Taken | Rejection {
  const { id } = event
  if (id === '' || id.length > limits.eventIdChars || !id.isWellFormed()) {
    return rejection(id, 'invalid_event', `An event id has 1 to ${limits.eventIdChars} characters of Unicode.`)
  }
  const text = JSON.stringify(event)
  if (text.length * 3 > limits.eventBytes && Buffer.byteLength(text) > limits.eventBytes) {
    return rejection(id, 'too_large', `An event has at most ${limits.eventBytes} bytes.`)
  }
  // Two characters a level, and three levels around the data.
  const levels = limits.eventDepth - 3
  if (text.length > 2 * levels && deeperThan(event.data, levels)) {
    return rejection(id, 'invalid_event', `An event is nested at most ${limits.eventDepth} levels deep.`)
  }
  return { id, text }
}

/** Where an event stands among those that were published together. */
type Place = { at: number; event: Taken }

function grouped(places: readonly Place[]): Place[][] {
  const groups: Place[][] = []
  let chars = Number.POSITIVE_INFINITY
  for (const place of places) {
    const last = groups.at(-1)
    chars += place.event.text.length
    if (last && last.length < groupEvents && chars <= groupChars) {
      last.push(place)
    } else {
      groups.push([place])
      chars = place.event.text.length
    }
  }
  return groups
}

export type PublisherOptions = {
  log: Log
  journal: GroupCommit
  clock: Clock
  /** Called after each commit with the log's last seq. */
  onTaken: (head: number) => void
}

export function createPublisher({ log, journal, clock, onTaken }: PublisherOptions) {
  const append = async (group: readonly Place[]): Promise<(Appended | KramError)[]> => {
    try {
      const { outcomes, head } = await journal.commit(() => {
        const takenAt = clock.now()
        return { outcomes: group.map(({ event }) => log.append(event, takenAt)), head: log.head() }
      })
      onTaken(head)
      return outcomes
    } catch (error) {
      if (!(error instanceof KramError)) throw error
      return group.map(() => error)
    }
  }

  return async (events: readonly Envelope[]): Promise<PublishResult> => {
    const answers: (Taken | Rejection)[] = events.map(checked)
    const places = answers.flatMap((answer, at) => ('text' in answer ? [{ at, event: answer }] : []))
    const groups = grouped(places)
    const outcomes = (await Promise.all(groups.map(append))).flat()
    for (const [position, { at, event }] of places.entries()) {
      const outcome = outcomes[position]
      if (outcome === 'conflict') {
        answers[at] = rejection(event.id, 'conflict', 'An event with this id and other content was published before.')
      } else if (outcome instanceof KramError) {
        answers[at] = rejection(event.id, outcome.code, outcome.message, outcome.retryable)
      }
    }
    const result: PublishResult = { accepted: [], rejected: [] }
    for (const answer of answers) {
      if ('text' in answer) result.accepted.push(answer.id)
      else result.rejected.push(answer)
    }
    return result
  }
}
