// A bus that behaves as badly as buses may: the embedded one (a log that knows ids, one patience, dead letters of its
// own) or EventBridge with Lambda (nothing is known twice, three tries, a queue of failures that the shop itself keeps).
import { judge } from '../../lib/adapters/bus/embedded/backoff.ts'
import { contentHash } from '../../lib/app/content-hash.ts'
import { KramError } from '../../lib/base/errors.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import { toInstant } from '../../lib/base/time.ts'
import { invocationError, readFailure } from '../../lib/lambda/invocation-error.ts'
import type { Router } from '../../lib/patterns/compile.ts'
import type { BusEvent, DeadLetter, Delivery, Envelope, PublishResult, Subscription } from '../../lib/ports/bus.ts'
import { toBusEvent } from '../../lib/ports/bus-event.ts'
import type { Called } from '../../lib/ports/functions.ts'
import type { Fault } from './faults.ts'
import type { Outcome, World } from './world.ts'

/** `given`: it was there, and handled by whoever takes replays, before the schedule began. */
export type Taken = { seq: number; takenAtMs: number; event: BusEvent; hash: string; given: boolean }

/** A failure on its way to the function that records it. */
export type QueuedFailure = {
  id: string
  subscription: string
  event: BusEvent
  error: { errorType?: string; errorMessage?: string }
  failedAtMs: number
}

export type Handler<D> = (deps: D, event: BusEvent, delivery: Delivery) => Promise<unknown>

export type Running = { subscription: string; event: BusEvent; replay: boolean; began: number }

export type ModelBusOptions<D> = {
  world: World<D>
  kind: 'embedded' | 'eventbridge'
  subscriptions: readonly Subscription[]
  router: Router
  handlers: { [subscription: string]: Handler<D> }
  /** Subscriptions that get replays though their patterns keep them out. */
  alsoReplayed: readonly string[]
  /** Told of every invocation that may write from now on; what it answers is called when it has ended for sure. */
  onBegin: (running: Running) => () => void
  /** Told of every failure, for promises about retries. */
  onFailure: (failure: {
    subscription: string
    event: BusEvent
    error: unknown
    tries: number
    crashed: boolean
  }) => void
  /** EventBridge: a failure waits in the queue. */
  onQueued: (failure: QueuedFailure) => void
  /** A function that somebody called has ended. */
  onCalled: (name: string, event: BusEvent, ok: boolean) => void
}

type Work = {
  subscription: Subscription
  taken: Taken
  replay: string
  tries: number
  firstFailedAtMs: number
  dead: boolean
  state: 'waiting' | 'running' | 'resting'
}

const lambdaTries = 3

export type ModelBus = ReturnType<typeof createModelBus>

export function createModelBus<D>(options: ModelBusOptions<D>) {
  const { world, kind, subscriptions, router, handlers } = options
  const log: Taken[] = []
  const byId = new Map<string, Taken>()
  const letters = new Map<string, DeadLetter & { work: Work }>()
  let replays = 0
  let queued = 0

  const busEventOf = (event: Envelope): Readonly<BusEvent> => Object.freeze(toBusEvent(event, log.length + 1))

  function keep(event: BusEvent, given: boolean): Taken {
    const taken = { seq: log.length + 1, takenAtMs: world.nowMs, event, hash: contentHash(event.detail), given }
    log.push(taken)
    if (!byId.has(event.detail.id)) byId.set(event.detail.id, taken)
    return taken
  }

  function take(event: BusEvent): void {
    const taken = keep(event, false)
    world.say(() => `bus takes ${event['detail-type']} ${event.detail.id}`)
    const names = new Set(router.route(event))
    for (const subscription of subscriptions) if (names.has(subscription.name)) begin(subscription, taken, '')
  }

  function publishOne(event: Envelope, fault: Fault | undefined): 'accepted' | 'conflict' {
    const known = kind === 'embedded' ? byId.get(event.id) : undefined
    if (known) return known.hash === contentHash(event) ? 'accepted' : 'conflict'
    take(busEventOf(event))
    if (fault === 'duplicate' && kind === 'eventbridge') take(busEventOf(event))
    return 'accepted'
  }

  /** What PutEvents answers; failures are in the answer, never thrown. */
  function publish(events: readonly Envelope[], fault?: Fault): PublishResult {
    const result: PublishResult = { accepted: [], rejected: [] }
    const away = fault === 'throw' || fault === 'throttle'
    for (const event of events) {
      const { id } = event
      const refused = away || (fault === 'partial' && world.rng.chance(0.5))
      const answer = refused ? 'refused' : publishOne(event, fault)
      if (answer === 'conflict') {
        result.rejected.push({ id, code: 'conflict', retryable: false, message: 'The id has other content.' })
      } else if (answer === 'refused' || fault === 'lost_ack') {
        result.rejected.push({ id, code: 'throttled', retryable: true, message: 'The bus did not answer.' })
      } else result.accepted.push(id)
    }
    return result
  }

  function begin(subscription: Subscription, taken: Taken, replay: string): void {
    wait(
      { subscription, taken, replay, tries: 0, firstFailedAtMs: 0, dead: false, state: 'waiting' },
      world.heldMs('delivery'),
    )
  }

  function wait(work: Work, afterMs: number): void {
    work.state = 'waiting'
    const what = (): string =>
      `deliver ${work.subscription.name} ${work.taken.event.detail.id}${work.replay && ` (${work.replay})`}`
    const background = work.dead && afterMs > 0
    world.later(what, () => work.state === 'waiting' && deliver(work, what), { afterMs, background })
  }

  function deliver(work: Work, what: () => string) {
    const fault = world.faultAt('deliver', what)
    if (fault === 'slow') {
      wait(work, 1 + world.rng.below(120_000))
      return
    }
    world.say(what)
    work.state = 'running'
    if (fault === 'throttle') {
      failed(work, new KramError('unavailable', 'throttled', 'No room.'), false)
      return
    }
    if (fault === 'duplicate') run(work, () => {})
    run(work, (outcome) => {
      if (!outcome.ok) return failed(work, outcome.error, outcome.crashed)
      if (fault === 'lost_ack' || fault === 'crash_after') {
        return failed(work, new KramError('unavailable', 'crashed', 'Nobody heard of its end.'), true)
      }
      handled(work)
    })
    if (fault === 'crash_before') world.crash(world.anyProcess())
  }

  function run(work: Work, done: (outcome: Outcome<unknown>) => void): void {
    const { subscription, taken, replay, tries } = work
    const event = replay === '' ? taken.event : { ...taken.event, 'replay-name': replay }
    const end = options.onBegin({ subscription: subscription.name, event, replay: replay !== '', began: world.step })
    const delivery = { attempt: tries + 1, replay: replay !== '' }
    world.invoke(
      async (deps) => handlers[subscription.name]?.(deps, event, delivery),
      (outcome) => {
        // What a dead process has sent may still be done.
        if (outcome.ok || !outcome.crashed) end()
        done(outcome)
      },
    )
  }

  function handled(work: Work): void {
    work.state = 'resting'
    if (letters.get(letterId(work))?.discarded === undefined) letters.delete(letterId(work))
  }

  const letterId = ({ subscription, taken, replay }: Work): string =>
    `${subscription.name}.${taken.seq}${replay === '' ? '' : `.${replay}`}`

  function failed(work: Work, error: unknown, crashed: boolean) {
    // The embedded bus dies with its handlers: it begins again where it was, and has counted nothing.
    if (crashed && kind === 'embedded') return wait(work, 0)
    work.tries++
    if (work.tries === 1) work.firstFailedAtMs = world.nowMs
    const { subscription, taken, tries } = work
    options.onFailure({ subscription: subscription.name, event: taken.event, error, tries, crashed })
    world.say(() => `failed ${subscription.name} ${taken.event.detail.id}: ${error}`)
    if (kind === 'embedded') return buried(work, error)
    if (tries < lambdaTries) return wait(work, 60_000 * tries)
    const { name: errorType, message: errorMessage } = invocationError(error)
    const event = work.replay === '' ? taken.event : { ...taken.event, 'replay-name': work.replay }
    options.onQueued({
      id: `message-${++queued}`,
      subscription: subscription.name,
      event,
      error: { errorType, errorMessage },
      failedAtMs: world.nowMs,
    })
  }

  function buried(work: Work, error: unknown) {
    const { subscription, taken, tries, firstFailedAtMs, dead } = work
    const verdict = judge(
      { error, tries, firstFailedAt: firstFailedAtMs, dead },
      subscription.retry,
      world.nowMs,
      world.rng,
    )
    const { state, dueAt, code, message, retryable } = verdict
    if (state === 'retrying') return wait(work, (dueAt ?? 0) - world.nowMs)
    work.dead = true
    const id = letterId(work)
    const discarded = letters.get(id)?.discarded
    letters.set(id, {
      ...{ id, event: taken.event.detail, subscription: subscription.name, code, message, retryable, tries, work },
      firstFailedAt: toInstant(firstFailedAtMs),
      lastFailedAt: toInstant(world.nowMs),
      ...(dueAt !== null && discarded === undefined && { nextTryAt: toInstant(dueAt) }),
      ...(discarded !== undefined && { discarded }),
    })
    work.state = 'resting'
    if (dueAt !== null && discarded === undefined) wait(work, dueAt - world.nowMs)
  }

  /** The embedded bus' own dead letters, as the port has them. */
  const deadLetters = {
    list: () => [...letters.values()].map(({ work: _work, ...letter }) => letter),
    redrive(): number {
      const waiting = [...letters.values()].filter(({ discarded }) => discarded === undefined)
      // Each is one row with one time at which it is due: asked for again, it becomes due earlier, not twice.
      for (const { work } of waiting) if (work.state !== 'running') wait(again(work), 0)
      return waiting.length
    },
    discard(id: string, reason: string): void {
      const letter = letters.get(id)
      if (!letter) throw new KramError('not_found', 'dead_letter_not_found', `There is no dead letter ${id}.`)
      letter.work.state = 'resting'
      const { nextTryAt: _next, ...rest } = letter
      letters.set(id, { ...rest, discarded: reason })
    },
  }

  // The same delivery under a new task; the old one finds that it waits no more.
  function again(work: Work): Work {
    work.state = 'resting'
    const fresh: Work = { ...work }
    const letter = letters.get(letterId(work))
    if (letter) letter.work = fresh
    return fresh
  }

  /** The function is called directly, as a redrive of EventBridge's dead letters does. */
  function call(name: string, event: BusEvent): Promise<Called> {
    return new Promise((resolve) => {
      const replay = event['replay-name'] !== undefined
      const end = options.onBegin({ subscription: name, event, replay, began: world.step })
      world.invoke(
        async (deps) => handlers[name]?.(deps, event, { replay }),
        (outcome) => {
          if (outcome.ok || !outcome.crashed) end()
          options.onCalled(name, event, outcome.ok)
          if (outcome.ok) return resolve({ ok: true })
          options.onFailure({ subscription: name, event, error: outcome.error, tries: 1, crashed: outcome.crashed })
          const { name: errorType, message: errorMessage } = invocationError(outcome.error)
          resolve({ ok: false, errorType, errorMessage })
        },
      )
    })
  }

  return {
    kind,
    log,
    publish,
    /** From somebody who does not ask the shop: anything may be in it. */
    inject: (event: JsonObject) => {
      const raw = event as unknown as BusEvent
      if (kind === 'embedded' && byId.has(raw.detail.id)) return
      take(raw)
    },
    /** From before the schedule began: nobody is called any more. */
    give: (event: Envelope): Taken => keep(busEventOf(event), true),
    has: (id: string): boolean => byId.has(id),
    deadLetters,
    call,
    readFailure,
    /** Everything in the log again, to those who take replays, in any order, `copies` times. */
    replay(copies: number): void {
      const name = `replay-${++replays}`
      for (const taken of log) {
        const names = new Set(router.route({ ...taken.event, 'replay-name': name }))
        const also = options.alsoReplayed.length > 0 ? router.route(taken.event) : []
        for (const one of also) if (options.alsoReplayed.includes(one)) names.add(one)
        for (const subscription of subscriptions) {
          if (!names.has(subscription.name)) continue
          for (let copy = 0; copy < copies; copy++) begin(subscription, taken, name)
        }
      }
    },
  }
}
