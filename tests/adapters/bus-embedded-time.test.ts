// The embedded bus and time: backoff, ages, redrives by itself, clocks that jump.
import { describe, expect, it } from 'vitest'
import { judge, redriveDelayMs, retryDelayMs } from '../../lib/adapters/bus/embedded/backoff.ts'
import { KramError } from '../../lib/base/errors.ts'
import { openBus, standingClock, subscription } from '../support/embedded-bus.ts'
import { envelope } from '../support/envelopes.ts'
import { temporaryFolder } from '../support/folder.ts'

const hour = 60 * 60 * 1_000
const day = 24 * hour
const random = (value: number) => ({ next: () => value })
const away = new KramError('unavailable', 'away', 'The table is away.')

describe('backoff', () => {
  it('waits about 100 ms first, twice as long each time, with full jitter, at most 30 s', () => {
    expect([1, 2, 3, 4].map((tries) => retryDelayMs(tries, random(0.5)))).toEqual([100, 200, 400, 800])
    expect([1, 5, 500].map((tries) => retryDelayMs(tries, random(0)))).toEqual([0, 0, 0])
    expect([8, 9, 50, 5_000].map((tries) => retryDelayMs(tries, random(1)))).toEqual([25_600, 30_000, 30_000, 30_000])
  })

  it('waits between half and the whole of a minute for the first redrive, at most an hour', () => {
    expect([0, 1].map((redrives) => redriveDelayMs(redrives, random(0)))).toEqual([30_000, 60_000])
    expect([0, 1, 100].map((redrives) => redriveDelayMs(redrives, random(1)))).toEqual([60_000, 120_000, hour])
  })

  const retry = { attempts: 3, maxAgeSeconds: 60 }
  const failure = { error: away as unknown, tries: 1, firstFailedAt: 0, dead: false }

  it('retries up to the attempts, then makes a dead letter that is sent again by itself', () => {
    const judged = [1, 2, 3, 4].map((tries) => judge({ ...failure, tries }, retry, 1_000, random(1)))
    expect(judged.map(({ state }) => state)).toEqual(['retrying', 'retrying', 'retrying', 'dead'])
    expect(judged.at(-1)?.dueAt).toBe(61_000)
  })

  it('retries no longer than the age allows, counted from the first failure', () => {
    expect(judge({ ...failure, firstFailedAt: 0 }, retry, 59_800, random(1)).state).toBe('retrying')
    expect(judge({ ...failure, firstFailedAt: 0 }, retry, 59_801, random(1)).state).toBe('dead')
    expect(judge(failure, { attempts: 0, maxAgeSeconds: 60 }, 0, random(1)).state).toBe('dead')
  })

  it('does not try again what cannot pass', () => {
    const error = new KramError('invalid', 'spoiled', 'It is spoiled.')
    const spoiled = judge({ ...failure, error }, retry, 1_000, random(1))
    expect(spoiled).toEqual({
      state: 'dead',
      dueAt: null,
      code: 'spoiled',
      message: 'It is spoiled.',
      retryable: false,
    })
  })

  it('tells any sort of error, and not at any length', () => {
    expect(judge({ ...failure, error: 'text' }, retry, 0, random(1))).toMatchObject({
      code: 'handler_error',
      message: 'text',
    })
    const long = judge({ ...failure, error: new Error('x'.repeat(5_000)) }, retry, 0, random(1))
    expect(long.message).toHaveLength(1_000)
  })

  it('ends redrives by itself 14 days after the first failure', () => {
    const dead = { ...failure, dead: true, tries: 99 }
    expect(judge(dead, retry, 14 * day - hour, random(1)).dueAt).toBe(14 * day)
    expect(judge(dead, retry, 14 * day - hour + 1, random(1)).dueAt).toBeNull()
  })
})

describe('an embedded bus in time', () => {
  it('sends retryable dead letters again by itself, with growing waits, for 14 days', async () => {
    const clock = standingClock()
    const start = clock.ms
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`, { clock })
    const triedAt: number[] = []
    let mended = false
    bus.start(async () => {
      triedAt.push(clock.ms - start)
      if (!mended) throw away
    })
    await bus.publish([envelope('a')])
    const letter = async () => (await bus.deadLetters.list({})).items[0]
    for (let waits = 0; waits < 2_000; waits++) {
      await bus.idle()
      const next = (await letter())?.nextTryAt
      if ((await letter()) && next === undefined) break
      clock.ms = next === undefined ? clock.ms + 30_000 : Date.parse(next)
    }
    const waits = triedAt.slice(3).map((at, n) => at - (triedAt[n + 2] ?? 0))
    expect(waits.slice(0, 8)).toEqual([45_000, 90_000, 180_000, 360_000, 720_000, 1_440_000, 2_700_000, 2_700_000])
    expect(triedAt.at(-1)).toBeGreaterThan(14 * day - hour)
    expect(triedAt.at(-1)).toBeLessThanOrEqual(14 * day)
    expect(await letter()).toMatchObject({ tries: triedAt.length, retryable: true, code: 'away' })
    mended = true
    clock.ms += 100 * day
    await bus.idle()
    expect(await letter()).toBeDefined()
    expect(await bus.deadLetters.redrive({ code: 'away' })).toEqual({ redriven: 1 })
    await bus.idle()
    expect(await letter()).toBeUndefined()
    await bus.close()
  })

  it.each([
    ['back by a year', -365 * day],
    ['back by ten seconds', -10_000],
    ['ahead by a year', 365 * day],
  ])('is held up by no clock that jumps %s: in the run, by no more than the longest wait', async (_name, jump) => {
    const clock = standingClock()
    const path = `${temporaryFolder()}/bus.sqlite`
    const bus = openBus(path, { clock })
    const tries: string[] = []
    bus.start(async (_subscription, event) => {
      tries.push(event.detail.id)
      if (tries.length === 1) throw away
    })
    await bus.publish([envelope('a')])
    await bus.idle()
    clock.ms += jump
    await bus.publish([envelope('b')])
    await bus.idle()
    expect(tries).toContain('b')
    clock.ms += 30_000
    await bus.idle()
    expect(tries.toSorted()).toEqual(['a', 'a', 'b'])
    await bus.close()
  })

  it('is held up by no clock that was set back while it was down', async () => {
    const clock = standingClock()
    const path = `${temporaryFolder()}/bus.sqlite`
    const first = openBus(path, { clock })
    first.start(async () => {
      throw away
    })
    await first.publish([envelope('a')])
    await first.idle()
    await first.close()
    clock.ms -= 365 * day
    const second = openBus(path, { clock })
    let handled = 0
    second.start(async () => {
      handled++
    })
    await second.idle()
    clock.ms += 30_000
    await second.idle()
    expect(handled).toBe(1)
    await second.close()
  })

  it.each([-365 * day, 0, 365 * day])(
    'does not turn in circles while it waits, the clock moved by %i ms',
    async (jump) => {
      let asked = 0
      const clock = {
        ms: standingClock().ms,
        now() {
          asked++
          return this.ms
        },
      }
      const bus = openBus(`${temporaryFolder()}/bus.sqlite`, { clock, random: random(1) })
      let away = 0
      bus.start(async () => {
        away++
        throw new Error('away')
      })
      await bus.publish(Array.from({ length: 50 }, (_, n) => envelope(`${n}`)))
      await bus.idle()
      clock.ms += jump
      await bus.idle()
      const before = asked
      const triesBefore = away
      await new Promise((resolve) => setTimeout(resolve, 300))
      // The clock stands: nothing becomes due, so that the bus looks at it a few times at most.
      expect(asked - before).toBeLessThan(50)
      expect(away).toBe(triesBefore)
      await bus.close()
    },
  )

  it('tries again by itself when the time comes, on a clock that goes', async () => {
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`, { clock: { now: Date.now }, random: random(0.1) })
    let tries = 0
    bus.start(async () => {
      if (++tries < 3) throw away
    })
    await bus.publish([envelope('a')])
    await expect.poll(() => tries, { timeout: 5_000, interval: 5 }).toBe(3)
    await bus.close()
  })

  it('counts the age of retries from the first failure, not from the time an event waited for its subscriber', async () => {
    const clock = standingClock()
    const retry = { attempts: 5, maxAgeSeconds: 60 }
    const bus = openBus(`${temporaryFolder()}/bus.sqlite`, { clock, subscriptions: [subscription('one', { retry })] })
    await bus.publish([envelope('a')])
    clock.ms += 3 * day
    let tries = 0
    bus.start(async () => {
      if (++tries < 3) throw away
    })
    for (let n = 0; n < 3; n++) {
      await bus.idle()
      clock.ms += 1_000
    }
    expect(tries).toBe(3)
    expect((await bus.deadLetters.list({})).items).toEqual([])
    await bus.close()
  })
})
