// The event bus: publish, subscriptions as data, archive, replay, dead letters. What every adapter promises.
import type { JsonObject, JsonValue } from '../base/json.ts'
import type { Instant } from '../base/time.ts'

/**
 * CloudEvents 1.0 envelope (structured mode). `id` is the idempotency key: it survives retries and replays.
 * Over EventBridge: source -> Source, type -> DetailType, the whole event -> Detail.
 */
export type Envelope = {
  specversion: '1.0'
  id: string
  /** `kram.<area>` */
  source: string
  type: string
  time: Instant
  subject?: string
  /** `urn:kram:<type>:<version>` */
  dataschema: string
  /** The id of the request or event that began the chain. */
  correlationid: string
  /** The id of the event that this one follows from. */
  causationid?: string
  /** W3C trace context. */
  traceparent?: string
  data: JsonObject
}

/** An event as a rule sees it and a function receives it: EventBridge's own shape. */
export type BusEvent = {
  version: '0'
  id: string
  'detail-type': string
  source: string
  account: string
  time: string
  region: string
  resources: string[]
  /** Only on events of a replay. */
  'replay-name'?: string
  detail: Envelope
}

export type Rejection = {
  id: string
  /** snake_case: conflict, too_large, throttled, ... */
  code: string
  retryable: boolean
  message: string
}

/** Entries fail one by one: every published id is in exactly one of the two. */
export type PublishResult = { accepted: string[]; rejected: Rejection[] }

/** An EventBridge event pattern. */
export type Pattern = { [field: string]: JsonValue }

/** A rule with its one target: data that serverless.yml holds. */
export type Subscription = {
  /** The function's name. */
  name: string
  pattern: Pattern
  /** Projections take replays, reactors never do. */
  takesReplays: boolean
  /** Tries after the first, and how long an event may wait for them. */
  retry: { attempts: number; maxAgeSeconds: number }
}

/** What the bus knows about one delivery, where it knows it. No handler may need it. */
export type Delivery = { attempt?: number; replay?: boolean }

export type DeadLetter = {
  id: string
  event: Envelope
  subscription: string
  /** Of the last error. */
  code: string
  message: string
  retryable: boolean
  /** All tries so far, those of redrives included. */
  tries: number
  firstFailedAt: Instant
  lastFailedAt: Instant
  /** When it is sent again by itself; absent when it is not. */
  nextTryAt?: Instant
  /** Why somebody set it aside. */
  discarded?: string
}

export type DeadLetterFilter = { id?: string; subscription?: string; code?: string }

/** Dead letters are kept until they were handled or discarded with a reason; none goes by itself. */
export type DeadLetters = {
  list(query: DeadLetterFilter & { limit?: number; after?: string }): Promise<{ items: DeadLetter[]; next?: string }>
  /** Sends the matching ones again now, each to its one subscription; answers how many. Idempotent. */
  redrive(filter: DeadLetterFilter): Promise<{ redriven: number }>
  /** Sets one aside for good; it stays readable. `not_found` when there is none. */
  discard(id: string, reason: string): Promise<void>
}

export type ReplayRequest = {
  /** Inclusive, by the time the bus took the event. */
  from: Instant
  /** Exclusive. */
  to: Instant
  pattern?: Pattern
  /** Only these; default: every subscription that takes replays. One that does not is refused. */
  subscriptions?: string[]
  /** Events a second at most. */
  rate?: number
}

export type ReplayStatus = {
  name: string
  state: 'running' | 'completed' | 'cancelled' | 'failed'
  /** Where the bus can tell. */
  total?: number
  done?: number
  message?: string
}

export type ArchivedEvent = { event: Envelope; takenAt: Instant }

export type Archive = {
  /** Events in the order in which the bus took them. */
  read(range: { from: Instant; to: Instant; pattern?: Pattern }): AsyncIterable<ArchivedEvent>
}

export type BusCapabilities = {
  /** The same id with other content is refused at publish (`conflict`); else the consumer finds it. */
  detectsConflicts: boolean
  replayByPattern: boolean
  replayRate: boolean
  /** Events of a replay are sent in the order in which the bus took them; functions still run side by side. */
  replayInOrder: boolean
}

export type Bus = {
  readonly capabilities: BusCapabilities
  /**
   * Durable when answered. Any number of events; the adapter batches and retries the retryable within its own
   * patience. Throws only for programmer errors; failures are in `rejected`.
   */
  publish(events: readonly Envelope[]): Promise<PublishResult>
  readonly archive: Archive
  readonly deadLetters: DeadLetters
  replay(request: ReplayRequest): Promise<ReplayStatus>
  replayStatus(name: string): Promise<ReplayStatus>
  cancelReplay(name: string): Promise<ReplayStatus>
  close(): Promise<void>
}
