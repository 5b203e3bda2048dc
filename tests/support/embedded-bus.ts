// An embedded bus for tests: a clock that stands until it is moved, short waits, and what was handled.
import { createEmbeddedBus, type EmbeddedBus, type EmbeddedBusOptions } from '../../lib/adapters/bus/embedded/bus.ts'
import type { BusEvent, Subscription } from '../../lib/ports/bus.ts'

export type TestClock = { now(): number; ms: number }

/** Stands still; tests move `ms`. */
export const standingClock = (ms = Date.parse('2022-04-24T19:41:07.123Z')): TestClock => ({
  ms,
  now() {
    return this.ms
  },
})

/** Gets every event. */
export const subscription = (name: string, rest: Partial<Subscription> = {}): Subscription => ({
  name,
  pattern: { source: ['kram.tests'] },
  takesReplays: true,
  retry: { attempts: 2, maxAgeSeconds: 3_600 },
  ...rest,
})

export const openBus = (path: string, rest: Partial<EmbeddedBusOptions> = {}): EmbeddedBus =>
  createEmbeddedBus({
    path,
    clock: standingClock(),
    random: { next: () => 0.5 },
    subscriptions: [subscription('one')],
    report: () => {},
    ...rest,
  })

/** An `invoke` that keeps `name event-id` of each delivery and does nothing else. */
export function recorder(): { seen: string[]; invoke: (name: string, event: BusEvent) => Promise<void> } {
  const seen: string[] = []
  const invoke = async (name: string, event: BusEvent) => {
    seen.push(`${name} ${event.detail.id}`)
  }
  return { seen, invoke }
}
