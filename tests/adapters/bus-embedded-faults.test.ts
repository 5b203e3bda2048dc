// The embedded bus when things go wrong: torn files, full disks, crowds of waiting events and of dead letters.
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { startChild } from '../support/child.ts'
import { openBus, recorder, standingClock, subscription } from '../support/embedded-bus.ts'
import { envelope } from '../support/envelopes.ts'
import { temporaryFolder } from '../support/folder.ts'
import { integrityOf } from '../support/integrity.ts'

const always = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' }

const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, n) => envelope(`e${from + n}`))

const archivedIds = async (bus: ReturnType<typeof openBus>): Promise<string[]> => {
  const ids: string[] = []
  for await (const { event } of bus.archive.read(always)) ids.push(event.id)
  return ids
}

/** A bus file as a power cut would leave it: everything still in the write-ahead log. */
async function cutOff(events: number): Promise<{ path: string; ids: string[] }> {
  const folder = temporaryFolder()
  const bus = openBus(`${folder}/bus.sqlite`)
  for (const event of numbered(events)) await bus.publish([event])
  const path = `${folder}/copy.sqlite`
  for (const end of ['', '-wal']) copyFileSync(`${folder}/bus.sqlite${end}`, path + end)
  await bus.close()
  return { path, ids: numbered(events).map(({ id }) => id) }
}

describe('an embedded bus in trouble', () => {
  it('loses nothing of 100,000 events that wait while no subscription runs', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const count = 100_000
    const before = openBus(path)
    for (let n = 0; n < count; n += 10_000) expect((await before.publish(numbered(10_000, n))).rejected).toEqual([])
    await before.close()
    const names = ['one', 'two', 'three']
    const bus = openBus(path, { subscriptions: names.map((name) => subscription(name)) })
    const seen = new Map(names.map((name) => [name, new Set<string>()]))
    let deliveries = 0
    bus.start(async (name, event) => {
      deliveries++
      seen.get(name)?.add(event.detail.id)
    })
    await bus.idle()
    expect([...seen.values()].map((ids) => ids.size)).toEqual([count, count, count])
    expect(deliveries).toBe(3 * count)
    await bus.close()
  })

  it('redrives 1,000 dead letters, none of them twice, however often it is asked and across a restart', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const first = openBus(path)
    await first.publish(numbered(1_000))
    first.start(async () => {
      throw new KramError('invalid', 'spoiled', 'It is spoiled.')
    })
    await first.idle()
    const handled = new Map<string, number>()
    await first.stop()
    const half = Promise.withResolvers<void>()
    const handle = async (_name: string, event: { detail: { id: string } }) => {
      handled.set(event.detail.id, (handled.get(event.detail.id) ?? 0) + 1)
      if (handled.size === 500) half.resolve()
    }
    first.start(handle)
    const redrives = await Promise.all([first.deadLetters.redrive({}), first.deadLetters.redrive({ code: 'spoiled' })])
    expect(redrives.reduce((sum, { redriven }) => sum + redriven, 0)).toBe(1_000)
    await half.promise
    await first.close()
    const second = openBus(path)
    second.start(handle)
    await second.deadLetters.redrive({ subscription: 'one' })
    await second.idle()
    expect(handled.size).toBe(1_000)
    expect(Math.max(...handled.values())).toBe(1)
    expect(await second.deadLetters.list({})).toEqual({ items: [] })
    await second.close()
  })

  it('goes on past poisoned events, of which each becomes a dead letter with a reason', async () => {
    const clock = standingClock()
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`, { clock, concurrency: 2 })
    const handled: string[] = []
    bus.start(async (_name, event) => {
      const n = Number(event.detail.id.slice(1))
      if (n % 100 === 50) throw n % 200 === 50 ? new Error('poison') : new KramError('invalid', 'poison', 'Poison.')
      handled.push(event.detail.id)
    })
    await bus.publish(numbered(1_000))
    await bus.idle()
    expect(handled).toHaveLength(990)
    for (let n = 0; n < 4; n++) {
      clock.ms += 20_000
      await bus.idle()
    }
    const { items } = await bus.deadLetters.list({})
    expect(items.map(({ event, code, tries }) => `${event.id} ${code} ${tries}`).sort()).toEqual(
      [50, 250, 450, 650, 850]
        .map((n) => `e${n} handler_error 3`)
        .concat([150, 350, 550, 750, 950].map((n) => `e${n} poison 1`))
        .sort(),
    )
    expect(handled).toHaveLength(990)
    await bus.close()
  })

  it('serves new events while a crowd of retries is due', async () => {
    const clock = standingClock()
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`, { clock, concurrency: 2 })
    const order: string[] = []
    bus.start(async (_name, event, { attempt }) => {
      order.push(`${event.detail.data.bad ? 'bad' : 'good'} ${attempt}`)
      if (event.detail.data.bad) throw new Error('always')
    })
    await bus.publish(Array.from({ length: 200 }, (_, n) => envelope(`bad${n}`, { bad: true })))
    await bus.idle()
    order.length = 0
    clock.ms += 20_000
    await bus.publish(Array.from({ length: 20 }, (_, n) => envelope(`good${n}`)))
    await bus.idle()
    expect(order.filter((one) => one === 'bad 2')).toHaveLength(200)
    expect(order.lastIndexOf('good 1')).toBeLessThan(100)
    await bus.close()
  })

  it.each([1, 13, 24, 25, 1_000, 4_119])(
    'opens a log that was cut %i bytes before its end, with all whole events',
    async (bytes) => {
      const { path, ids } = await cutOff(20)
      truncateSync(`${path}-wal`, statSync(`${path}-wal`).size - bytes)
      const bus = openBus(path)
      const kept = await archivedIds(bus)
      expect(kept).toEqual(ids.slice(0, kept.length))
      expect(kept.length).toBe(19)
      expect(await bus.publish([envelope('new')])).toEqual({ accepted: ['new'], rejected: [] })
      const { seen, invoke } = recorder()
      bus.start(invoke)
      await bus.idle()
      expect(seen).toEqual([...kept, 'new'].map((id) => `one ${id}`))
      await bus.close()
      expect(integrityOf(path)).toBe('ok')
    },
  )

  it('opens a log that is damaged in the middle, with all that was before the damage', async () => {
    const { path, ids } = await cutOff(20)
    const wal = readFileSync(`${path}-wal`)
    wal.fill(0xff, wal.length >> 1, (wal.length >> 1) + 100)
    writeFileSync(`${path}-wal`, wal)
    const bus = openBus(path)
    const kept = await archivedIds(bus)
    expect(kept).toEqual(ids.slice(0, kept.length))
    expect(kept.length).toBeGreaterThan(3)
    expect(await bus.publish([envelope('new')])).toEqual({ accepted: ['new'], rejected: [] })
    await bus.close()
    expect(integrityOf(path)).toBe('ok')
  })

  it('says so when its file is no database, and gives the lock back', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    writeFileSync(path, 'This is no database, and it is long enough to be read as one.'.repeat(20))
    const corrupt = expect.objectContaining({ kind: 'unavailable', code: 'store_corrupt' })
    expect(() => openBus(path)).toThrow(corrupt)
    expect(() => openBus(path)).toThrow(corrupt)
  })

  it.skipIf(process.platform === 'win32')(
    'on a full disk refuses events as retryable, keeps what it accepted, and goes on when there is room',
    async () => {
      const path = `${temporaryFolder()}/bus.sqlite`
      await openBus(path).close()
      const child = startChild('tests/support/bus-full-child.ts', [path], { fileBlocks: 2_000 })
      const { stdout } = child
      if (!stdout) throw new Error('no standard output')
      let output = ''
      stdout.on('data', (data) => {
        output += data
      })
      const [code] = await once(child, 'exit')
      expect(code).toBe(0)
      const { accepted, handled, reports } = JSON.parse(output)
      expect(accepted.length).toBeGreaterThan(5)
      expect(reports).toContain('store_io')
      const bus = openBus(path)
      expect(await archivedIds(bus)).toEqual(expect.arrayContaining(accepted))
      const { seen, invoke } = recorder()
      bus.start(invoke)
      await bus.idle()
      // What was handled may come again; what was not must come. The failure that found no room is no loss.
      const all = new Set([...handled, ...seen.map((one) => one.slice('one '.length))])
      expect(accepted.filter((id: string) => !all.has(id))).toEqual([])
      expect(seen).toContain('one e0')
      await bus.close()
      expect(integrityOf(path)).toBe('ok')
      expect(existsSync(path)).toBe(true)
    },
  )

  it('in any order of publishing, failing, waiting and restarting handles each event, or keeps it as a dead letter', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 40 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: -50_000, max: 100_000 }) }),
      },
      { weight: 2, arbitrary: fc.constant({ do: 'restart' as const }) },
      { weight: 1, arbitrary: fc.constant({ do: 'redrive' as const }) },
    )
    // How an event fares with a subscription: on its nth try; after the last it is handled.
    const fates = fc.array(fc.constantFrom('ok', 'fail', 'fail fail', 'fail fail fail', 'spoil', 'fail spoil'), {
      minLength: 7,
      maxLength: 7,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 12 }),
        fates,
        fc.integer({ min: 1, max: 5 }),
        async (steps, fate, concurrency) => {
          const path = `${temporaryFolder()}/bus.sqlite`
          const clock = standingClock()
          const options = { clock, concurrency, subscriptions: [subscription('one'), subscription('two')] }
          const tries = new Map<string, number>()
          const handled = new Map<string, number>()
          const invoke = async (name: string, event: { detail: { id: string } }) => {
            const key = `${name} ${event.detail.id}`
            const outcomes = (fate[(Number(event.detail.id.slice(1)) + name.length) % fate.length] ?? 'ok').split(' ')
            const outcome = outcomes[tries.get(key) ?? 0] ?? 'ok'
            tries.set(key, (tries.get(key) ?? 0) + 1)
            if (outcome === 'fail') throw new Error('away')
            if (outcome === 'spoil') throw new KramError('invalid', 'spoiled', 'It is spoiled.')
            handled.set(key, (handled.get(key) ?? 0) + 1)
          }
          let bus = openBus(path, options)
          bus.start(invoke)
          let published = 0
          for (const one of steps) {
            if (one.do === 'publish') {
              await bus.publish(numbered(one.count, published))
              published += one.count
            } else if (one.do === 'wait') {
              clock.ms += one.ms
              await bus.idle()
            } else if (one.do === 'redrive') {
              await bus.deadLetters.redrive({})
            } else {
              await bus.close()
              bus = openBus(path, options)
              bus.start(invoke)
            }
          }
          await bus.idle()
          clock.ms += 40_000
          await bus.idle()
          clock.ms += 40_000
          await bus.idle()
          const letters = new Set<string>()
          const { items } = await bus.deadLetters.list({ limit: 1_000 })
          for (const { subscription: name, event } of items) letters.add(`${name} ${event.id}`)
          await bus.close()
          for (const name of ['one', 'two']) {
            for (const { id } of numbered(published)) {
              const key = `${name} ${id}`
              // A stop waits for what runs and stores the cursors, so that nothing is even handled twice.
              expect(`${key} ${(handled.get(key) ?? 0) + (letters.has(key) ? 1 : 0)}`).toBe(`${key} 1`)
            }
          }
        },
      ),
      { numRuns: 25, seed: 20220424 },
    )
  })
})
