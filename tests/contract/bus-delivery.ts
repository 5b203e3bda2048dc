// Contract of a bus, part two: who gets which event, and what happens when a function fails.
import { expect } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import type { BusEvent, Delivery } from '../../lib/ports/bus.ts'
import { envelope } from '../support/envelopes.ts'
import type { BusContext, SubscriptionName } from './bus.ts'

export const patience = { timeout: 20_000, interval: 10 }

/** An event that all of the suite's subscriptions but `bread` get. */
export const forAll = (caseName: string, id: string, data = {}) => envelope(id, { case: caseName, to: 'all', ...data })

export type Got = { event: BusEvent; delivery: Delivery }

/** Collects what a subscription gets of a case. */
export function collect({ on }: BusContext, subscription: SubscriptionName, caseName: string): Got[] {
  const got: Got[] = []
  on(subscription, caseName, async (event, delivery) => {
    got.push({ event: structuredClone(event), delivery })
  })
  return got
}

export const idsOf = (got: readonly Got[]): string[] => got.map(({ event }) => event.detail.id)

export const deliveryCases: Record<string, (context: BusContext) => Promise<void>> = {
  'a function gets the event in the shape of EventBridge': async (context) => {
    const name = context.fresh()
    const got = collect(context, 'keeps', name)
    const event = forAll(name, name, { nested: { list: [1, 'zażółć 😀', null] } })
    await context.bus.publish([event])
    await expect.poll(() => got, patience).toHaveLength(1)
    expect(got[0]?.event).toEqual({
      version: '0',
      id: expect.any(String),
      'detail-type': event.type,
      source: event.source,
      account: expect.stringMatching(/^\d{12}$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: expect.any(String),
      resources: [],
      detail: event,
    })
    expect(got[0]?.delivery.replay ?? false).toBe(false)
    expect(got[0]?.delivery.attempt ?? 1).toBe(1)
  },
  'each subscription gets what its pattern matches, once': async (context) => {
    const name = context.fresh()
    const names = ['keeps', 'also', 'acts', 'bread'] as const
    const got = names.map((subscription) => collect(context, subscription, name))
    const bread = envelope(`${name}/bread`, { case: name }, { type: 'bread_sold' })
    const both = envelope(`${name}/both`, { case: name, to: 'all' }, { type: 'bread_sold' })
    await context.bus.publish([
      forAll(name, `${name}/all`),
      bread,
      envelope(`${name}/nobody`, { case: name, to: 'nobody' }),
      both,
    ])
    await expect.poll(() => got.map((one) => idsOf(one).length), patience).toEqual([2, 2, 2, 2])
    const all = [`${name}/all`, both.id].sort()
    expect(got.map((one) => idsOf(one).sort())).toEqual([all, all, all, [both.id, bread.id]])
  },
  'each subscription gets an event of its own: what one changes, no other sees': async (context) => {
    const name = context.fresh()
    const seen: unknown[] = []
    for (const subscription of ['keeps', 'also', 'acts'] as const) {
      context.on(subscription, name, async (event) => {
        seen.push(structuredClone(event.detail.data))
        event.detail.data.changed = true
        Object.assign(event.detail.data.inner ?? {}, { changed: true })
      })
    }
    const event = forAll(name, name, { inner: {} })
    await context.bus.publish([event])
    await expect.poll(() => seen, patience).toEqual([event.data, event.data, event.data])
  },
  'what was taken once is delivered once': async (context) => {
    const name = context.fresh()
    const got = collect(context, 'keeps', name)
    await context.bus.publish([forAll(name, `${name}/1`), forAll(name, `${name}/1`)])
    await context.bus.publish([forAll(name, `${name}/1`), forAll(name, `${name}/2`)])
    await expect.poll(() => idsOf(got).includes(`${name}/2`), patience).toBe(true)
    expect(idsOf(got).sort()).toEqual([`${name}/1`, `${name}/2`])
  },
  'a function that fails is tried again, and told which attempt it is where the bus knows': async (context) => {
    const name = context.fresh()
    const attempts: (number | undefined)[] = []
    context.on('keeps', name, async (_event, { attempt }) => {
      attempts.push(attempt)
      if (attempts.length < 3) throw new Error('not yet')
    })
    await context.bus.publish([forAll(name, name)])
    await expect.poll(() => attempts, patience).toHaveLength(3)
    expect(attempts.map((attempt, n) => attempt ?? n + 1)).toEqual([1, 2, 3])
  },
  'a failing event holds up no other, nor does a failing function another function': async (context) => {
    const name = context.fresh()
    const got: string[] = []
    context.on('keeps', name, async (event) => {
      if (event.detail.data.bad) throw new Error('always')
      got.push(event.detail.id)
    })
    const others = collect(context, 'also', name)
    const events = Array.from({ length: 60 }, (_, n) => forAll(name, `${name}/${n}`, n % 20 === 3 ? { bad: true } : {}))
    await context.bus.publish(events)
    const good = events.filter(({ data }) => !data.bad).map(({ id }) => id)
    await expect.poll(() => got.toSorted(), patience).toEqual(good.sort())
    await expect.poll(() => new Set(idsOf(others)).size, patience).toBe(events.length)
  },
  'a function that throws before it awaits fails like any other': async (context) => {
    const name = context.fresh()
    context.on('keeps', name, () => {
      throw new KramError('invalid', 'thrown_at_once', 'No promise was made.')
    })
    await context.bus.publish([forAll(name, name)])
    const list = async () => (await context.bus.deadLetters.list({ code: 'thrown_at_once' })).items
    await expect.poll(async () => (await list()).length, patience).toBeGreaterThan(0)
  },
}
