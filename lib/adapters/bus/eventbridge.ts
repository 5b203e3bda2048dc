// The bus on Amazon EventBridge: PutEvents here, rules and functions as serverless.yml declares them. The log and the
// dead letters are kept beside it (S3, the table) and handed in: EventBridge has no way to read either.
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { Archive, Bus, DeadLetters } from '../../ports/bus.ts'
import type { Clock } from '../../ports/clock.ts'
import { clientOptions, type Patience } from '../aws.ts'
import { createEventBridgePublisher } from './eventbridge-publish.ts'
import { createEventBridgeReplays, type ReplayOptions } from './eventbridge-replay.ts'

export type EventBridgeBusOptions = Patience & {
  /** Name or ARN. */
  busName: string
  clock: Clock
  /** Asked for when first used: a function that only publishes opens neither the objects nor the table. */
  archive: () => Promise<Archive>
  deadLetters: () => Promise<DeadLetters>
  replays: () => ReplayOptions
  client?: EventBridgeClient
}

export function createEventBridgeBus(options: EventBridgeBusOptions): Bus {
  const { busName, clock, archive, deadLetters, replays, client: given, ...patience } = options
  const client = given ?? new EventBridgeClient(clientOptions())
  return {
    // EventBridge neither compares ids nor keeps an order, and replays whole ranges of time at its own rate.
    capabilities: { detectsConflicts: false, replayByPattern: false, replayRate: false, replayInOrder: false },
    publish: createEventBridgePublisher({ busName, client, patience }),
    archive: {
      async *read(range) {
        yield* (await archive()).read(range)
      },
    },
    deadLetters: {
      list: async (query) => (await deadLetters()).list(query),
      redrive: async (filter) => (await deadLetters()).redrive(filter),
      discard: async (id, reason) => (await deadLetters()).discard(id, reason),
    },
    ...createEventBridgeReplays({ replays, client, patience, clock }),
    close: async () => client.destroy(),
  }
}
