// Contract of a bus, part four: replays.
import { expect } from 'vitest'
import type { ReplayStatus } from '../../lib/ports/bus.ts'
import type { BusContext } from './bus.ts'
import { collect, forAll, type Got, idsOf, patience } from './bus-delivery.ts'
import { always } from './bus-publish.ts'

const ofCase = (caseName: string) => ({ detail: { data: { case: [caseName] } } })

const ended = async ({ bus }: BusContext, { name }: ReplayStatus): Promise<ReplayStatus> => {
  await expect.poll(async () => (await bus.replayStatus(name)).state, patience).not.toBe('running')
  return bus.replayStatus(name)
}

/** Publishes `count` events of a case and waits until the subscriptions have them. */
async function published(context: BusContext, caseName: string, count: number): Promise<Got[][]> {
  const got = (['keeps', 'also', 'acts'] as const).map((name) => collect(context, name, caseName))
  await context.bus.publish(Array.from({ length: count }, (_, n) => forAll(caseName, `${caseName}/${n}`, { n })))
  await expect.poll(() => got.map((one) => one.length), patience).toEqual([count, count, count])
  for (const one of got) one.length = 0
  return got
}

export const replayCases: Record<string, (context: BusContext) => Promise<void>> = {
  'a replay sends the events again to every subscription that takes replays, marked as replayed': async (context) => {
    const name = context.fresh()
    const [keeps = [], also = [], acts = []] = await published(context, name, 30)
    const status = await context.bus.replay({ ...always, pattern: ofCase(name) })
    expect(status).toMatchObject({ name: expect.any(String), state: expect.stringMatching(/running|completed/) })
    expect(await ended(context, status)).toMatchObject({ name: status.name, state: 'completed' })
    expect(new Set(idsOf(keeps))).toEqual(new Set(Array.from({ length: 30 }, (_, n) => `${name}/${n}`)))
    expect(keeps).toHaveLength(30)
    expect(also).toHaveLength(30)
    expect(acts).toEqual([])
    for (const { event, delivery } of [...keeps, ...also]) {
      expect(event['replay-name']).toBe(status.name)
      expect(delivery.replay ?? true).toBe(true)
    }
  },
  'a replay can be of some subscriptions, some events and some time': async (context) => {
    const name = context.fresh()
    const [keeps = [], also = []] = await published(context, name, 10)
    const pattern = { detail: { data: { case: [name], n: [{ numeric: ['>=', 7] }] } } }
    const status = await context.bus.replay({ ...always, pattern, subscriptions: ['also'] })
    await ended(context, status)
    expect(keeps).toEqual([])
    expect(idsOf(also).sort()).toEqual([7, 8, 9].map((n) => `${name}/${n}`))
    const past = await context.bus.replay({ ...always, to: '2000-01-02T00:00:00.000Z', pattern: ofCase(name) })
    expect(await ended(context, past)).toMatchObject({ state: 'completed' })
    expect(also).toHaveLength(3)
  },
  'a replay tells how far it is where the bus can tell': async (context) => {
    const name = context.fresh()
    await published(context, name, 20)
    const { total, done, state } = await ended(context, await context.bus.replay({ ...always, pattern: ofCase(name) }))
    expect(state).toBe('completed')
    expect(done).toBe(total)
    if (total !== undefined) expect(total).toBeGreaterThanOrEqual(20)
  },
  'a replay keeps to its rate, and can be cancelled': async (context) => {
    const name = context.fresh()
    const [keeps = []] = await published(context, name, 200)
    const pattern = ofCase(name)
    const status = await context.bus.replay({ ...always, pattern, subscriptions: ['keeps'], rate: 50 })
    await expect.poll(() => keeps.length, patience).toBeGreaterThan(2)
    expect(await context.bus.cancelReplay(status.name)).toMatchObject({ name: status.name, state: 'cancelled' })
    const sent = keeps.length
    expect(sent).toBeLessThan(200)
    // What came after it shows that nothing of it comes any more.
    const again = await context.bus.replay({ ...always, pattern, subscriptions: ['keeps'] })
    expect(await ended(context, again)).toMatchObject({ state: 'completed' })
    expect(keeps.filter(({ event }) => event['replay-name'] === status.name)).toHaveLength(sent)
    expect(keeps.filter(({ event }) => event['replay-name'] === again.name)).toHaveLength(200)
    expect(await context.bus.cancelReplay(again.name)).toMatchObject({ state: 'completed' })
    expect(await context.bus.replayStatus(status.name)).toMatchObject({ state: 'cancelled' })
  },
  'a replayed event that fails is retried and dead-lettered as part of its replay': async (context) => {
    const name = context.fresh()
    await published(context, name, 1)
    const names: (string | undefined)[] = []
    let mended = false
    context.on('keeps', name, async (event) => {
      names.push(event['replay-name'])
      if (!mended) throw new Error(`in the replay of ${name}`)
    })
    const pattern = ofCase(name)
    const status = await context.bus.replay({ ...always, pattern, subscriptions: ['keeps'] })
    const letters = async () => {
      const { items } = await context.bus.deadLetters.list({ subscription: 'keeps', limit: 1_000 })
      return items.filter(({ event }) => event.data.case === name)
    }
    await expect.poll(async () => (await letters()).length, patience).toBe(1)
    mended = true
    const [letter] = await letters()
    expect(await context.bus.deadLetters.redrive({ id: letter?.id ?? '' })).toEqual({ redriven: 1 })
    await expect.poll(async () => (await letters()).length, patience).toBe(0)
    expect(names).toEqual(Array.from({ length: 5 }, () => status.name))
  },
}
