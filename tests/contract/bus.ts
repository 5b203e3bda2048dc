// The contract of lib/ports/bus.ts: one suite that every bus adapter runs.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Bus, BusEvent, Delivery, Pattern, Subscription } from '../../lib/ports/bus.ts'
import { deadLetterCases } from './bus-dead-letters.ts'
import { deliveryCases } from './bus-delivery.ts'
import { publishCases } from './bus-publish.ts'
import { replayCases } from './bus-replay.ts'
import { contractCases, type Skips } from './contract.ts'

export type Handler = (event: BusEvent, delivery: Delivery) => Promise<void>

/** A bus with the suite's subscriptions, which call what `start` is given. */
export type BusHarness = {
  bus: Bus
  start(invoke: (name: string, event: BusEvent, delivery: Delivery) => Promise<void>): Promise<void>
}

export type BusContext = {
  bus: Bus
  /** A text that no other case has, for ids and `data.case`. */
  fresh: () => string
  /** Makes a subscription of the suite call `handler` for events with this `data.case`; others of the case do nothing. */
  on: (subscription: SubscriptionName, caseName: string, handler: Handler) => void
}

const ofCase: Pattern = { detail: { data: { to: ['all'] } } }
const retry = { attempts: 3, maxAgeSeconds: 3_600 }

/** `keeps` and `also` take replays, `acts` does not; `bread` has a pattern of its own. */
export const contractSubscriptions = [
  { name: 'keeps', pattern: ofCase, takesReplays: true, retry },
  { name: 'also', pattern: ofCase, takesReplays: true, retry },
  { name: 'acts', pattern: ofCase, takesReplays: false, retry },
  { name: 'bread', pattern: { 'detail-type': ['bread_sold'] }, takesReplays: true, retry },
] as const satisfies Subscription[]

export type SubscriptionName = (typeof contractSubscriptions)[number]['name']

export type BusContractOptions = {
  skip?: Skips
  /** Why functions cannot be called in this process (EventBridge calls Lambda): the cases that need it are skipped. */
  noDelivery?: string
}

/** Runs the suite on the bus that `makeBus` gives, once for all cases; it may be shared. */
export function busContract(
  name: string,
  makeBus: (subscriptions: readonly Subscription[]) => Promise<BusHarness>,
  { skip = {}, noDelivery }: BusContractOptions = {},
): void {
  describe(`bus contract: ${name}`, () => {
    let bus: Bus | undefined
    const run = randomUUID().slice(0, 8)
    let made = 0
    const handlers = new Map<string, Handler>()

    beforeAll(async () => {
      const harness = await makeBus(contractSubscriptions)
      bus = harness.bus
      await harness.start(async (subscription, event, delivery) => {
        await handlers.get(`${subscription} ${event.detail.data.case}`)?.(event, delivery)
      })
    }, 120_000)
    afterAll(() => bus?.close())

    const context = (): BusContext => {
      if (!bus) throw new Error('the bus could not be made')
      const on: BusContext['on'] = (subscription, caseName, handler) => {
        handlers.set(`${subscription} ${caseName}`, handler)
      }
      return { bus, fresh: () => `case-${run}-${String(++made).padStart(3, '0')}`, on }
    }
    const delivered = { ...deliveryCases, ...deadLetterCases, ...replayCases }
    const undelivered = Object.keys(noDelivery === undefined ? {} : delivered).map((one) => [one, noDelivery ?? ''])
    contractCases({ ...publishCases, ...delivered })(context, { ...Object.fromEntries(undelivered), ...skip })
  })
}
