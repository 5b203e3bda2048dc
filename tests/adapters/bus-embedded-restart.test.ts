// The embedded bus over its lifetimes: stops, starts, late subscriptions, one owner at a time.
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { startChild } from '../support/child.ts'
import { openBus, recorder, standingClock, subscription } from '../support/embedded-bus.ts'
import { envelope } from '../support/envelopes.ts'
import { temporaryFolder } from '../support/folder.ts'

const events = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => envelope(`e${from + n}`))
const seenBy = (name: string, from: number, to: number) => events(from, to).map(({ id }) => `${name} ${id}`)

describe('an embedded bus', () => {
  it('delivers what was published before it was started, in order to a subscription that handles one at a time', async () => {
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`, { concurrency: 1 })
    await bus.publish(events(0, 700))
    const { seen, invoke } = recorder()
    await bus.idle()
    expect(seen).toEqual([])
    bus.start(invoke)
    await bus.idle()
    expect(seen).toEqual(seenBy('one', 0, 700))
    await bus.close()
  })

  it('does not deliver again after a restart what was handled before', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const first = openBus(path)
    await first.publish(events(0, 300))
    first.start(recorder().invoke)
    await first.idle()
    await first.publish(events(300, 310))
    await first.close()
    const second = openBus(path)
    const { seen, invoke } = recorder()
    second.start(invoke)
    await second.idle()
    const before = seen.splice(0)
    await second.publish(events(310, 320))
    await second.idle()
    expect(before.length).toBeLessThanOrEqual(10)
    expect(seen).toEqual(seenBy('one', 310, 320))
    await second.close()
  })

  it('gives a new subscription everything from the beginning, and the others nothing again', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const first = openBus(path)
    await first.publish(events(0, 600))
    first.start(recorder().invoke)
    await first.idle()
    await first.close()
    const second = openBus(path, { subscriptions: [subscription('late'), subscription('one')], concurrency: 1 })
    const { seen, invoke } = recorder()
    second.start(invoke)
    await second.publish(events(600, 610))
    await second.idle()
    expect(seen.filter((one) => one.startsWith('late'))).toEqual(seenBy('late', 0, 610))
    expect(seen.filter((one) => one.startsWith('one'))).toEqual(seenBy('one', 600, 610))
    await second.close()
  })

  it('keeps the place of a subscription that is gone for a while', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const { seen, invoke } = recorder()
    for (const [round, names] of [['one', 'two'], ['one'], ['one', 'two']].entries()) {
      const bus = openBus(path, { subscriptions: names.map((name) => subscription(name)), concurrency: 1 })
      bus.start(invoke)
      await bus.publish(events(round * 10, round * 10 + 10))
      await bus.idle()
      await bus.close()
    }
    for (const name of ['one', 'two']) expect(seen.filter((one) => one.startsWith(name))).toEqual(seenBy(name, 0, 30))
  })

  it('stops gracefully: takes nothing more, waits for what runs, and goes on from there', async () => {
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`, { concurrency: 4 })
    await bus.publish(events(0, 20))
    const begun: string[] = []
    const ended: string[] = []
    const gate = Promise.withResolvers<void>()
    bus.start(async (_name, event) => {
      begun.push(event.detail.id)
      await gate.promise
      ended.push(event.detail.id)
    })
    await expect.poll(() => begun.length).toBe(4)
    let stopped = false
    const stopping = bus.stop().then(() => {
      stopped = true
    })
    await bus.publish(events(20, 22))
    for (let n = 0; n < 20; n++) await new Promise(setImmediate)
    expect(stopped).toBe(false)
    gate.resolve()
    await stopping
    expect(ended).toEqual(['e0', 'e1', 'e2', 'e3'])
    expect(begun).toHaveLength(4)
    const { seen, invoke } = recorder()
    bus.start(invoke)
    await bus.idle()
    expect(seen).toEqual(seenBy('one', 4, 22))
    await bus.close()
  })

  it('waits for a function that never ends only as long as it is told, and delivers its event again', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const bus = openBus(path)
    await bus.publish(events(0, 3))
    const begun = Promise.withResolvers<void>()
    bus.start((_name, event) => {
      if (event.detail.id === 'e2') begun.resolve()
      return event.detail.id === 'e1' ? new Promise(() => {}) : Promise.resolve()
    })
    await begun.promise
    await bus.stop({ patienceMs: 20 })
    await bus.close()
    const again = openBus(path)
    const { seen, invoke } = recorder()
    again.start(invoke)
    await again.idle()
    expect(seen).toEqual(['one e1', 'one e2'])
    await again.close()
  })

  it('waits in close for a stop that is under way', async () => {
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`)
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    let ended = false
    bus.start(async () => {
      begun.resolve()
      await gate.promise
      ended = true
    })
    await bus.publish(events(0, 1))
    await begun.promise
    const stopping = bus.stop()
    const closing = bus.close().then(() => ended)
    for (let n = 0; n < 5; n++) await new Promise(setImmediate)
    gate.resolve()
    expect(await closing).toBe(true)
    await stopping
  })

  it('answers after close that it is closed, and closing twice is no error', async () => {
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`)
    await bus.close()
    await bus.close()
    const { accepted, rejected } = await bus.publish(events(0, 2))
    expect(accepted).toEqual([])
    expect(rejected.map(({ id, code, retryable }) => [id, code, retryable])).toEqual([
      ['e0', 'store_closed', true],
      ['e1', 'store_closed', true],
    ])
    const closed = expect.objectContaining({ kind: 'unavailable', code: 'store_closed' })
    await expect(bus.deadLetters.list({})).rejects.toEqual(closed)
    await expect(bus.deadLetters.redrive({})).rejects.toEqual(closed)
    await expect(bus.replayStatus('replay-1')).rejects.toEqual(closed)
    const range = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' }
    await expect(Array.fromAsync(bus.archive.read(range))).rejects.toEqual(closed)
    await expect(bus.replay(range)).rejects.toEqual(closed)
  })

  it('keeps retries and dead letters over a restart, with their tries', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const clock = standingClock()
    const first = openBus(path, { clock })
    await first.publish([envelope('retried'), envelope('dead')])
    first.start(async (_name, event) => {
      if (event.detail.id === 'dead') throw new KramError('invalid', 'spoiled', 'It is spoiled.')
      throw new Error('away')
    })
    await first.idle()
    await first.close()
    const second = openBus(path, { clock })
    const attempts: [string, number | undefined][] = []
    second.start(async (_name, event, { attempt }) => {
      attempts.push([event.detail.id, attempt])
    })
    await second.idle()
    expect(attempts).toEqual([])
    clock.ms += 1_000
    await second.idle()
    expect(attempts).toEqual([['retried', 2]])
    await second.deadLetters.redrive({})
    await second.idle()
    expect(attempts).toEqual([
      ['retried', 2],
      ['dead', 2],
    ])
    expect(await second.deadLetters.list({})).toEqual({ items: [] })
    await second.close()
  })

  it('goes on with a replay after a restart, where it was', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const first = openBus(path, { concurrency: 1 })
    await first.publish(events(0, 600))
    const always = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' }
    const before: string[] = []
    const enough = Promise.withResolvers<void>()
    first.start(async (_name, event) => {
      if (!event['replay-name']) return
      before.push(event.detail.id)
      if (before.length === 400) enough.resolve()
    })
    await first.idle()
    const { name } = await first.replay(always)
    await enough.promise
    await first.close()
    expect(before.length).toBeLessThan(600)
    const second = openBus(path, { concurrency: 1 })
    expect(await second.replayStatus(name)).toMatchObject({ state: 'running', total: 600 })
    const after: string[] = []
    second.start(async (_name, event) => {
      if (event['replay-name'] === name) after.push(event.detail.id)
    })
    await second.idle()
    expect(await second.replayStatus(name)).toEqual({ name, state: 'completed', total: 600, done: 600 })
    expect(after).toEqual(events(600 - after.length, 600).map(({ id }) => id))
    expect(after.length).toBeLessThan(400)
    expect(new Set([...before, ...after]).size).toBe(600)
    await second.close()
  })

  it('ends a replay as failed when its subscription is gone', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const first = openBus(path)
    await first.publish(events(0, 3))
    const { name } = await first.replay({ from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' })
    await first.close()
    const second = openBus(path, { subscriptions: [subscription('other')] })
    second.start(recorder().invoke)
    await second.idle()
    expect(await second.replayStatus(name)).toMatchObject({ state: 'failed', message: expect.stringContaining('one') })
    await second.close()
  })

  it('belongs to one at a time: a second is told, here and in another process, also after kill -9', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const inUse = expect.objectContaining({ kind: 'conflict', code: 'shop_in_use' })
    const first = openBus(path)
    expect(() => openBus(path)).toThrow(inUse)
    await first.close()
    const child = startChild('tests/support/bus-holding-child.ts', [path])
    const { stdout } = child
    if (!stdout) throw new Error('no standard output')
    await once(stdout, 'data')
    expect(() => openBus(path)).toThrow(inUse)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await openBus(path).close()
  })
})
