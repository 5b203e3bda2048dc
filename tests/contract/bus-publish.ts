// Contract of a bus, part one: what publish, the archive and refusals answer. Needs no delivery.
import { expect } from 'vitest'
import type { Envelope, Pattern } from '../../lib/ports/bus.ts'
import { envelope } from '../support/envelopes.ts'
import type { BusContext } from './bus.ts'

export const always = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' }

const patience = { timeout: 10_000, interval: 50 }
/** With a thousand events, for which an emulator takes many seconds. */
const longPatience = { timeout: 25_000, interval: 500 }

/** An event of a case, for nobody. */
const quiet = (caseName: string, id: string, data = {}) => envelope(id, { case: caseName, ...data })

/** What the archive has of a case. Archives may lag. */
const archived = async ({ bus }: BusContext, caseName: string) =>
  Array.fromAsync(bus.archive.read({ ...always, pattern: { detail: { data: { case: [caseName] } } } }))

/** In the order in which they were published, from a bus that keeps one. */
const expectArchived = (context: BusContext, caseName: string, events: Envelope[]) => {
  const { replayInOrder } = context.bus.capabilities
  const comparable = (some: Envelope[]) => (replayInOrder ? some : some.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
  const found = async () => (await archived(context, caseName)).map(({ event }) => event)
  return expect.poll(async () => comparable(await found()), patience).toEqual(comparable(events))
}

const refused = (kind: string, code?: string) => expect.objectContaining(code === undefined ? { kind } : { kind, code })

export const publishCases: Record<string, (context: BusContext) => Promise<void>> = {
  'publish answers every id, and the archive has the events as they were, in order': async (context) => {
    const name = context.fresh()
    const events = Array.from({ length: 25 }, (_, n) =>
      quiet(name, `${name}/${n}`, { n, text: 'zażółć 😀 \u0000', no: null }),
    )
    const published = context.bus.publish(events)
    const copies = structuredClone(events)
    for (const event of events) event.data.n = 'changed after the call'
    expect(await published).toEqual({ accepted: copies.map(({ id }) => id), rejected: [] })
    await expectArchived(context, name, copies)
  },
  'publish of nothing is done': async ({ bus }) => {
    expect(await bus.publish([])).toEqual({ accepted: [], rejected: [] })
  },
  'publish takes any number of events': async (context) => {
    const name = context.fresh()
    const events = Array.from({ length: 1_200 }, (_, n) => quiet(name, `${name}/${n}`))
    const { accepted, rejected } = await context.bus.publish(events)
    expect(rejected).toEqual([])
    expect(accepted).toEqual(events.map(({ id }) => id))
    await expect.poll(async () => (await archived(context, name)).length, longPatience).toBe(events.length)
  },
  'an optional field comes back, and one that is not there does not': async (context) => {
    const name = context.fresh()
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const rest = { subject: 'x', causationid: 'y', traceparent }
    const full = envelope(`${name}/full`, { case: name }, rest)
    const bare = quiet(name, `${name}/bare`)
    await context.bus.publish([full, bare])
    await expectArchived(context, name, [full, bare])
  },
  'the same id with the same content is accepted and not taken twice, whatever its time': async (context) => {
    const name = context.fresh()
    const event = quiet(name, name, { a: 1, b: [1, { c: 2 }] })
    const retried = envelope(name, { b: [1, { c: 2 }], a: 1, case: name }, { time: '2022-04-24T20:00:00.000Z' })
    expect(await context.bus.publish([event, event])).toEqual({ accepted: [name, name], rejected: [] })
    expect(await context.bus.publish([retried])).toEqual({ accepted: [name], rejected: [] })
    await expectArchived(context, name, [event])
  },
  'the same id with other content is rejected as conflict': async (context) => {
    const { bus, fresh } = context
    const name = fresh()
    const event = quiet(name, name, { a: 1 })
    await bus.publish([event])
    const others = [
      quiet(name, name, { a: 2 }),
      quiet(name, name),
      envelope(name, event.data, { type: 'other_happened' }),
    ]
    for (const other of others) {
      const { accepted, rejected } = await bus.publish([other, quiet(name, `${name}/good`)])
      expect(accepted).toEqual([`${name}/good`])
      expect(rejected).toEqual([{ id: name, code: 'conflict', retryable: false, message: expect.any(String) }])
    }
    await expectArchived(context, name, [event, quiet(name, `${name}/good`)])
  },
  'an event that is too large is rejected alone': async (context) => {
    const name = context.fresh()
    const good = [quiet(name, `${name}/1`), quiet(name, `${name}/2`)]
    const large = quiet(name, `${name}/large`, { text: 'x'.repeat(1_000_000) })
    const wide = quiet(name, `${name}/wide`, { text: '😀'.repeat(250_000) })
    const { accepted, rejected } = await context.bus.publish([...good.slice(0, 1), large, wide, ...good.slice(1)])
    expect(accepted).toEqual(good.map(({ id }) => id))
    expect(rejected.map(({ id, code, retryable }) => [id, code, retryable])).toEqual([
      [large.id, 'too_large', false],
      [wide.id, 'too_large', false],
    ])
    await expectArchived(context, name, good)
  },
  'large events go through, each and together': async (context) => {
    const name = context.fresh()
    const events = Array.from({ length: 4 }, (_, n) => quiet(name, `${name}/${n}`, { text: 'ł'.repeat(200_000) }))
    expect((await context.bus.publish(events)).rejected).toEqual([])
    await expectArchived(context, name, events)
  },
  'the archive reads from a time, included, to a time, excluded': async (context) => {
    const { bus, fresh } = context
    const name = fresh()
    await bus.publish([quiet(name, name)])
    await expectArchived(context, name, [quiet(name, name)])
    const [found] = await archived(context, name)
    const takenAt = found?.takenAt ?? ''
    const pattern = { detail: { id: [name] } }
    const read = (from: string, to: string) => Array.fromAsync(bus.archive.read({ from, to, pattern }))
    expect(await read(takenAt, always.to)).toHaveLength(1)
    expect(await read(always.from, takenAt)).toEqual([])
  },
  'ranges and patterns that are none are refused': async ({ bus }) => {
    const read = (from: string, to: string, pattern: Pattern) =>
      Array.fromAsync(bus.archive.read({ from, to, pattern }))
    const { from, to } = always
    await expect(read(to, from, { a: ['x'] })).rejects.toEqual(refused('invalid', 'time_range'))
    await expect(read(to, to, { a: ['x'] })).rejects.toEqual(refused('invalid', 'time_range'))
    await expect(read('yesterday', to, { a: ['x'] })).rejects.toEqual(refused('invalid', 'time_range'))
    await expect(read(from, to, { a: 'x' })).rejects.toEqual(refused('invalid', 'invalid_pattern'))
  },
  'a replay that cannot be is refused': async ({ bus }) => {
    const replay = (rest: object) => bus.replay({ ...always, ...rest })
    await expect(replay({ subscriptions: ['acts'] })).rejects.toEqual(refused('invalid', 'replay_refused'))
    await expect(replay({ subscriptions: ['keeps', 'nobody'] })).rejects.toEqual(refused('invalid', 'replay_refused'))
    await expect(replay({ from: always.to, to: always.from })).rejects.toEqual(refused('invalid', 'time_range'))
  },
  'status and cancelling of an unknown replay are not_found': async ({ bus }) => {
    for (const name of ['replay-999999', 'nonsense', '']) {
      await expect(bus.replayStatus(name), name).rejects.toEqual(refused('not_found'))
      await expect(bus.cancelReplay(name), name).rejects.toEqual(refused('not_found'))
    }
  },
  'discarding an unknown dead letter is not_found': async ({ bus }) => {
    for (const id of ['nobody.1', 'nonsense', '']) {
      await expect(bus.deadLetters.discard(id, 'why not'), id).rejects.toEqual(refused('not_found'))
    }
  },
  'filters of dead letters that match none list none and redrive none': async ({ bus }) => {
    for (const filter of [{ id: 'nobody.1' }, { id: 'nonsense' }, { subscription: 'nobody' }, { code: 'no_code' }]) {
      expect(await bus.deadLetters.list(filter)).toEqual({ items: [] })
      expect(await bus.deadLetters.redrive(filter)).toEqual({ redriven: 0 })
    }
  },
}
