// PutEvents: batches within its bounds, every entry's answer looked at, what may pass sent again, the rest told.
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge'
import { limits } from '../../base/limits.ts'
import type { Bus, Envelope, PublishResult, Rejection } from '../../ports/bus.ts'
import { isPassing, nameOf, type Patience, reasonOf, startTries } from '../aws.ts'

export type PublisherOptions = { busName: string; client: EventBridgeClient; patience: Patience }

/** PutEvents requests of one `publish` under way at once. */
const requestsAtOnce = 4

/** One event on its way; `rejection` is why it is not accepted, as far as is known. */
type Entry = { id: string; request: PutEventsRequestEntry; bytes: number; rejection?: Rejection }

export function createEventBridgePublisher(options: PublisherOptions): Bus['publish'] {
  return async (events) => {
    const entries = events.map((event) => toEntry(event, options.busName))
    const batches = inBatches(entries.filter(({ rejection }) => rejection === undefined)).values()
    const sendBatches = async (): Promise<void> => {
      for (const batch of batches) await sendBatch(batch, options)
    }
    await Promise.all(Array.from({ length: requestsAtOnce }, sendBatches))
    return resultOf(entries)
  }
}

function resultOf(entries: readonly Entry[]): PublishResult {
  const result: PublishResult = { accepted: [], rejected: [] }
  for (const { id, rejection } of entries) {
    if (rejection) result.rejected.push(rejection)
    else result.accepted.push(id)
  }
  return result
}

/**
 * The size that EventBridge counts: source, detail-type and detail in UTF-8; a Time, which we leave to the service,
 * would be 14 more (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html).
 */
function toEntry(event: Envelope, EventBusName: string): Entry {
  const { id, source: Source, type: DetailType } = event
  const Detail = JSON.stringify(event)
  const bytes = Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail)
  const entry: Entry = { id, request: { EventBusName, Source, DetailType, Detail }, bytes }
  if (bytes > limits.eventBytes) {
    const message = `An event has at most ${limits.eventBytes} bytes, with its source and type.`
    entry.rejection = { id, code: 'too_large', retryable: false, message }
  }
  return entry
}

function inBatches(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const batch = batches.at(-1)
    if (batch && batch.length < limits.publishEntries && bytes + entry.bytes <= limits.eventBytes) {
      batch.push(entry)
      bytes += entry.bytes
    } else {
      batches.push([entry])
      bytes = entry.bytes
    }
  }
  return batches
}

async function sendBatch(batch: Entry[], { client, patience }: PublisherOptions): Promise<void> {
  const tries = startTries(patience)
  let remaining = batch
  for (;;) {
    await putEvents(remaining, client)
    // A refused request is nobody's fault that trying once more in a moment would mend, save by these.
    remaining = remaining.filter(({ rejection }) => rejection && passingCodes.has(rejection.code))
    if (remaining.length === 0 || !(await tries.again())) return
  }
}

/** Codes of ours for what may pass within our patience. */
const passingCodes = new Set(['throttled', 'unavailable'])

// What EventBridge says of one entry: codes of PutEventsResultEntry, and those that every AWS service has.
const codesOfService: Record<string, string> = {
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  LimitExceededException: 'throttled',
  InternalFailure: 'unavailable',
  InternalException: 'unavailable',
  InternalServerError: 'unavailable',
  ServiceUnavailable: 'unavailable',
  NotAuthorizedForSource: 'not_authorized',
  NotAuthorizedForSourceException: 'not_authorized',
  NotAuthorizedForDetailType: 'not_authorized',
  AccessDeniedException: 'not_authorized',
  MalformedDetail: 'malformed',
  InvalidArgument: 'malformed',
}

/** Codes that the same event meets again, whatever happens meanwhile. */
const finalCodes = new Set(['malformed'])

function rejectionOf(id: string, { ErrorCode = '', ErrorMessage }: PutEventsResultEntry): Rejection {
  const code = Object.hasOwn(codesOfService, ErrorCode) ? codesOfService[ErrorCode] : undefined
  const told = code ?? 'refused'
  const message = `EventBridge did not take the event: ${ErrorMessage ?? (ErrorCode || 'it gave no reason')}`
  return { id, code: told, retryable: !finalCodes.has(told), message }
}

/** Sends the entries in one request and notes for each what came of it. */
async function putEvents(entries: readonly Entry[], client: EventBridgeClient): Promise<void> {
  let answers: readonly PutEventsResultEntry[]
  try {
    const command = new PutEventsCommand({ Entries: entries.map(({ request }) => request) })
    answers = (await client.send(command)).Entries ?? []
  } catch (error) {
    const passing = isPassing(error) ? { ErrorCode: 'ServiceUnavailable' } : {}
    answers = entries.map(() => ({ ErrorCode: nameOf(error), ErrorMessage: reasonOf(error), ...passing }))
  }
  for (const [position, entry] of entries.entries()) {
    // An entry that the answer does not speak of has not been taken for certain.
    const answer = answers[position] ?? { ErrorCode: 'InternalFailure', ErrorMessage: 'there was no answer for it' }
    if (answer.EventId !== undefined && answer.ErrorCode === undefined) delete entry.rejection
    else entry.rejection = rejectionOf(entry.id, answer)
  }
}
