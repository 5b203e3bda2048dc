// Dead letters where the platform only queues them (AWS): recorded in the table, sent again by themselves with backoff,
// listed, redriven and discarded by people.
import { KramError } from '../base/errors.ts'
import type { JsonObject } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { type Instant, toInstant, toMs } from '../base/time.ts'
import type { DeadLetter, DeadLetterFilter, DeadLetters } from '../ports/bus.ts'
import type { Random } from '../ports/clock.ts'
import type { Called, Functions } from '../ports/functions.ts'
import {
  changeLetter,
  dropEvent,
  eventOf,
  type Letter,
  type LetterDeps,
  later,
  letterId,
  listIds,
  type Place,
  placeEvent,
  readLetters,
  toDeadLetter,
} from './dead-letter-items.ts'
import type { Deps } from './deps.ts'
import { lists } from './keys.ts'

/** What a failure says of itself. */
export type Failure = { code: string; message: string; retryable: boolean }

/** An event that a function could not handle, as the platform tells of it. */
export type Failed = Failure & {
  subscription: string
  /** As the bus delivered it. */
  event: JsonObject
  /** Tries that this tells of. */
  tries: number
  failedAt: Instant
  /** Names the message that tells of it, so that one delivered twice counts once. */
  toldBy: string
}

type TimedDeps = LetterDeps & Pick<Deps, 'clock' | 'random'>

/** Redriving needs the functions, and what their errors mean. */
export type RedriveDeps = TimedDeps & {
  functions: Functions
  readFailure: (error: Omit<Called & { ok: false }, 'ok'>) => Failure
}

/** Letters looked at for one page of those that match. */
const maxScanned = 2_000
const redrivesAtOnce = 5
/** Longer than a call may take: then whoever was sending a letter is taken for dead. */
const sendingMs = 5 * 60 * 1_000

const firstDelayMs = 60_000
const maxDelayMs = 60 * 60 * 1_000

/** Between half of a minute that doubles with each redrive, up to an hour, and the whole of it. */
const delayMs = (redrives: number, random: Random): number =>
  Math.round((0.5 + random.next() / 2) * Math.min(maxDelayMs, firstDelayMs * 2 ** redrives))

/** When a letter is sent again by itself: not when that cannot help, and not for longer than `limits.redriveMs`. */
function nextTry(letter: Letter, { clock, random }: TimedDeps): Instant | undefined {
  const at = clock.now() + delayMs(letter.redrives, random)
  return letter.retryable && at <= toMs(letter.first_failed_at) + limits.redriveMs ? toInstant(at) : undefined
}

function rescheduled(letter: Letter, deps: TimedDeps): Letter {
  const { next_try_at: _next, asked: _asked, sending_until: _until, ...rest } = letter
  const at = nextTry(rest, deps)
  return { ...rest, ...(at !== undefined && { next_try_at: at }) }
}

/**
 * Records a failure: a new letter, or one more of a letter that is there. One that was discarded stays so.
 * @throws KramError unavailable when table or objects are away; the message then stays in the queue
 */
export async function recordFailed(deps: TimedDeps, failed: Failed): Promise<void> {
  const { subscription, event, code, retryable, tries, failedAt, toldBy } = failed
  const id = letterId(subscription, event)
  const made = `${toldBy} ${deps.clock.now()}`
  let place: Place | undefined
  let kept: Place | undefined
  const told = { code, message: failed.message.slice(0, limits.failureChars), retryable, told_by: toldBy }
  const change = async (letter: Letter | undefined): Promise<Letter | undefined> => {
    kept = letter
    if (letter?.discarded !== undefined || letter?.told_by === toldBy) return undefined
    // There may have been one a moment ago, which was then handled and is gone.
    if (!letter) kept = place ??= await placeEvent(deps, id, made, event)
    const before = letter ?? {
      ...place,
      subscription,
      redrives: 0,
      tries: 0,
      first_failed_at: failedAt,
      last_failed_at: failedAt,
    }
    const last_failed_at = later(failedAt, before.last_failed_at)
    return rescheduled({ ...before, ...told, tries: before.tries + tries, last_failed_at }, deps)
  }
  await changeLetter(deps, id, change, made)
  if (place && place.event_object !== kept?.event_object) await dropEvent(deps, place)
}

/** `handled`: done and gone; `failed`: failed again; `left`: could not be called, or somebody else has them. */
export type RedriveResult = { handled: number; failed: number; left: number }

/** Sends what is due, each to its one function, until all are sent or the time of a run is over. On a schedule. */
export async function redriveDue(deps: RedriveDeps): Promise<RedriveResult> {
  const result: RedriveResult = { handled: 0, failed: 0, left: 0 }
  const started = deps.clock.now()
  const inTime = (): boolean => deps.clock.now() < started + limits.redriveRunMs
  const to = toInstant(started)
  let after: string | undefined
  do {
    const page = await listIds(deps, lists.deadLettersDue, {
      to,
      limit: limits.storePageItems,
      ...(after && { after }),
    })
    const ids = page.ids.values()
    const work = async (): Promise<void> => {
      for (const id of ids) if (inTime()) result[await redriveOne(deps, id)]++
    }
    await Promise.all(Array.from({ length: redrivesAtOnce }, work))
    after = page.next
  } while (after !== undefined && inTime())
  return result
}

async function redriveOne(deps: RedriveDeps, id: string): Promise<keyof RedriveResult> {
  const now = deps.clock.now()
  const mine = toInstant(now + sendingMs)
  // The list lags; what counts is the letter. While it is being sent, it is due again only when that took too long.
  const letter = await changeLetter(deps, id, (stored) => {
    if (!stored || stored.discarded !== undefined) return undefined
    if (stored.next_try_at === undefined || toMs(stored.next_try_at) > now) return undefined
    return { ...stored, next_try_at: mine, sending_until: mine }
  })
  if (letter === undefined || letter === 'remove') return 'left'
  // One whose event cannot be read waits like one whose function cannot be called, and holds up no other.
  const called = await eventOf(deps, letter)
    .then((event) => deps.functions.call(letter.subscription, event))
    .catch((error: unknown) => {
      if (!(error instanceof KramError)) throw error
      return undefined
    })
  const changed = await changeLetter(deps, id, (stored) => {
    // Somebody discarded it, recorded another failure of it, or took us for dead.
    if (!stored || stored.discarded !== undefined || stored.sending_until !== mine) return undefined
    // It could not be called: nothing was tried, but it is asked for less often.
    if (!called) return rescheduled({ ...stored, redrives: stored.redrives + 1 }, deps)
    return called.ok ? 'remove' : failedAgain(stored, deps.readFailure(called), deps)
  })
  if (changed === 'remove') await dropEvent(deps, letter)
  if (!called) return 'left'
  return called.ok ? 'handled' : 'failed'
}

function failedAgain(letter: Letter, { code, message, retryable }: Failure, deps: TimedDeps): Letter {
  const last_failed_at = later(toInstant(deps.clock.now()), letter.last_failed_at)
  const told = { code, message: message.slice(0, limits.failureChars), retryable }
  const { tries, redrives } = letter
  return rescheduled({ ...letter, ...told, tries: tries + 1, redrives: redrives + 1, last_failed_at }, deps)
}

const matches = (letter: Letter, { subscription, code }: DeadLetterFilter): boolean =>
  (subscription === undefined || letter.subscription === subscription) && (code === undefined || letter.code === code)

/** Ids with their letters, all that match, in the order of their first failure. */
async function* matching(deps: LetterDeps, filter: DeadLetterFilter): AsyncIterable<[string, Letter]> {
  let after: string | undefined
  do {
    const page: { ids: string[]; next?: string } =
      filter.id === undefined
        ? await listIds(deps, lists.deadLetters, {
            limit: limits.storePageItems,
            ...(after !== undefined && { after }),
          })
        : { ids: filter.id === '' ? [] : [filter.id] }
    const letters = await readLetters(deps, page.ids)
    for (const [at, id] of page.ids.entries()) {
      const letter = letters[at]
      if (letter && matches(letter, filter)) yield [id, letter]
    }
    after = page.next
  } while (after !== undefined)
}

async function listLetters(
  deps: LetterDeps,
  { limit = limits.storePageItems, after, ...filter }: Parameters<DeadLetters['list']>[0],
): Promise<{ items: DeadLetter[]; next?: string }> {
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.storePageMost) {
    throw new KramError('invalid', 'page_limit', `A page has 1 to ${limits.storePageMost} dead letters.`)
  }
  if (filter.id !== undefined) {
    const found = await Array.fromAsync(matching(deps, filter))
    return { items: await Promise.all(found.map(([id, letter]) => toDeadLetter(deps, id, letter))) }
  }
  const items: DeadLetter[] = []
  let next = after
  let scanned = 0
  do {
    const page = await listIds(deps, lists.deadLetters, { limit: limit - items.length, ...(next && { after: next }) })
    const letters = await readLetters(deps, page.ids)
    const found = page.ids.flatMap((id, at) => {
      const letter = letters[at]
      return letter && matches(letter, filter) ? [toDeadLetter(deps, id, letter)] : []
    })
    items.push(...(await Promise.all(found)))
    scanned += page.ids.length
    next = page.next
  } while (next !== undefined && items.length < limit && scanned < maxScanned)
  return next === undefined ? { items } : { items, next }
}

async function askToSend(deps: TimedDeps, id: string): Promise<boolean> {
  const now = toInstant(deps.clock.now())
  const changed = await changeLetter(deps, id, (letter) => {
    if (!letter || letter.discarded !== undefined || letter.asked) return undefined
    if (letter.sending_until !== undefined && letter.sending_until > now) return undefined
    return { ...letter, next_try_at: now, asked: true }
  })
  return changed !== undefined
}

async function discardLetter(deps: LetterDeps, id: string, reason: string): Promise<void> {
  if (reason.trim() === '' || reason.length > limits.reasonChars) {
    const message = `A dead letter is discarded with a reason of 1 to ${limits.reasonChars} characters.`
    throw new KramError('invalid', 'discard_reason', message)
  }
  let known = false
  await changeLetter(deps, id === '' ? '-' : id, (letter) => {
    known = letter !== undefined
    if (!letter || letter.discarded !== undefined) return undefined
    const { next_try_at: _next, asked: _asked, sending_until: _until, ...rest } = letter
    return { ...rest, discarded: reason }
  })
  if (!known) throw new KramError('not_found', 'dead_letter_not_found', `There is no dead letter ${id}.`)
}

/**
 * Dead letters as the port has them. A redrive is asked for here and done by the function `redrive-dead-letters`, which
 * is started at once, and would look within a minute anyway.
 */
export const createDeadLetters = (deps: TimedDeps & { functions: Functions }): DeadLetters => ({
  list: (query) => listLetters(deps, query),
  async redrive(filter) {
    let redriven = 0
    for await (const [id] of matching(deps, filter)) if (await askToSend(deps, id)) redriven++
    // When it cannot be started, the schedule does it.
    if (redriven > 0) await deps.functions.start('redrive-dead-letters').catch(() => undefined)
    return { redriven }
  },
  discard: (id, reason) => discardLetter(deps, id, reason),
})
