import { describe, expect, test } from 'vitest'
import { createDeadLetters, recordFailed, redriveDue } from '../../lib/app/dead-letters.ts'
import { KramError } from '../../lib/base/errors.ts'
import { toInstant, toMs } from '../../lib/base/time.ts'
import { all, busEvent, failed, minuteMs, open, start } from '../support/dead-letter-shop.ts'
import { envelope } from '../support/envelopes.ts'

describe('recording', () => {
  test('makes a letter that says what failed where, and when it is sent again', async () => {
    const shop = open()
    await recordFailed(shop, failed('e1'))
    expect(await all(shop)).toEqual([
      {
        id: expect.stringMatching(/^on-thing\.[0-9a-f]{24}$/),
        event: envelope('e1'),
        subscription: 'on-thing',
        code: 'table_unavailable',
        message: 'The table is away.',
        retryable: true,
        tries: 3,
        firstFailedAt: '2022-04-24T19:45:00.000Z',
        lastFailedAt: '2022-04-24T19:45:00.000Z',
        nextTryAt: toInstant(toMs(start) + minuteMs / 2),
      },
    ])
  })

  test('one more failure of the same event adds to its letter; the same message does not count twice', async () => {
    const shop = open()
    const first = failed('e1')
    await recordFailed(shop, first)
    await recordFailed(shop, first)
    expect((await all(shop))[0]?.tries).toBe(3)
    await recordFailed(shop, failed('e1', { code: 'timeout', tries: 1, failedAt: '2022-04-24T19:50:00.000Z' }))
    const [letter, ...others] = await all(shop)
    expect(others).toEqual([])
    expect(letter).toMatchObject({
      code: 'timeout',
      tries: 4,
      firstFailedAt: '2022-04-24T19:45:00.000Z',
      lastFailedAt: '2022-04-24T19:50:00.000Z',
    })
  })

  test('another subscription, other content under the same id, and a replay have letters of their own', async () => {
    const shop = open()
    await recordFailed(shop, failed('e1'))
    await recordFailed(shop, failed('e1', { subscription: 'other' }))
    await recordFailed(shop, failed('e1', { event: busEvent('e1', { other: true }) }))
    await recordFailed(shop, failed('e1', { event: { ...busEvent('e1'), 'replay-name': 'r' } }))
    expect(await all(shop)).toHaveLength(4)
  })

  test('what no retry can help is not sent again by itself', async () => {
    const shop = open()
    await recordFailed(shop, failed('e1', { retryable: false, code: 'invalid_event' }))
    expect((await all(shop))[0]).not.toHaveProperty('nextTryAt')
    shop.pass(20 * minuteMs)
    expect(await redriveDue(shop)).toEqual({ handled: 0, failed: 0, left: 0 })
  })

  test('a large event lies in the store of objects until it is handled', async () => {
    const shop = open()
    const event = busEvent('large', { text: 'ł'.repeat(300_000) })
    await recordFailed(shop, failed('large', { event }))
    expect((await all(shop))[0]?.event.data.text).toHaveLength(300_000)
    expect(await Array.fromAsync(shop.objects.list('dead-letters/'))).toHaveLength(1)
    shop.pass(minuteMs)
    expect(await redriveDue(shop)).toEqual({ handled: 1, failed: 0, left: 0 })
    expect(shop.functions.calls[0]?.event).toEqual(event)
    expect(await Array.fromAsync(shop.objects.list('dead-letters/'))).toEqual([])
  })

  test('many at once, the same and others, lose nothing', async () => {
    const shop = open()
    const failures = Array.from({ length: 60 }, (_, n) => failed(`e${n % 6}`, { tries: 1 }))
    await Promise.all(failures.map((each) => recordFailed(shop, each)))
    const letters = await all(shop)
    expect(letters).toHaveLength(6)
    expect(letters.map(({ tries }) => tries)).toEqual(Array(6).fill(10))
  })
})

describe('redriving', () => {
  test('sends what is due to its one function as the bus delivered it; handled, it is gone', async () => {
    const shop = open()
    await recordFailed(shop, failed('e1'))
    expect(await redriveDue(shop)).toEqual({ handled: 0, failed: 0, left: 0 })
    shop.pass(minuteMs / 2 + 1)
    expect(await redriveDue(shop)).toEqual({ handled: 1, failed: 0, left: 0 })
    expect(shop.functions.calls).toEqual([{ name: 'on-thing', event: busEvent('e1') }])
    expect(await all(shop)).toEqual([])
    shop.pass(60 * minuteMs)
    expect(await redriveDue(shop)).toEqual({ handled: 0, failed: 0, left: 0 })
  })

  test.each(['gone', 'damaged'])('one whose event is %s waits and is listed, and holds up no other', async (what) => {
    const shop = open()
    await recordFailed(shop, failed('large', { event: busEvent('large', { text: 'ł'.repeat(300_000) }) }))
    await recordFailed(shop, failed('e1'))
    const [key = ''] = await Array.fromAsync(shop.objects.list('dead-letters/'))
    if (what === 'gone') await shop.objects.delete(key)
    else await shop.objects.put(key, new TextEncoder().encode('{'))
    shop.pass(60 * minuteMs)
    expect(await redriveDue(shop)).toEqual({ handled: 1, failed: 0, left: 1 })
    expect(shop.functions.calls).toEqual([{ name: 'on-thing', event: busEvent('e1') }])
    const [letter, ...others] = await all(shop)
    expect(others).toEqual([])
    expect(letter).toMatchObject({ event: { type: 'lost', data: {} }, subscription: 'on-thing' })
    expect(letter?.message).toContain(`${key} is ${what}`)
  })

  test('backs off from a minute to an hour, and stops after 14 days', async () => {
    const shop = open()
    shop.functions.answer = () => ({ ok: false, errorType: 'kram.retryable.table_unavailable', errorMessage: 'Away.' })
    await recordFailed(shop, failed('e1', { failedAt: start }))
    const waits: number[] = []
    for (;;) {
      const next = (await all(shop))[0]?.nextTryAt
      if (next === undefined) break
      waits.push(toMs(next) - shop.clock.nowMs)
      shop.clock.nowMs = toMs(next) + 1
      expect(await redriveDue(shop)).toEqual({ handled: 0, failed: 1, left: 0 })
    }
    // Half of 1, 2, 4 ... 60 minutes: chance gives the lower end here.
    expect(waits.slice(0, 8).map((ms) => ms / minuteMs)).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30])
    expect(shop.clock.nowMs - toMs(start)).toBeGreaterThan(13 * 24 * 60 * minuteMs)
    expect(shop.clock.nowMs - toMs(start)).toBeLessThanOrEqual(14 * 24 * 60 * minuteMs)
    const [letter] = await all(shop)
    expect(letter).toMatchObject({ code: 'table_unavailable', retryable: true, tries: 3 + waits.length })
  })

  test('an error that no retry can help ends it', async () => {
    const shop = open()
    shop.functions.answer = () => ({ ok: false, errorType: 'kram.final.event_conflict', errorMessage: 'Used before.' })
    await recordFailed(shop, failed('e1'))
    shop.pass(minuteMs)
    expect(await redriveDue(shop)).toEqual({ handled: 0, failed: 1, left: 0 })
    const [letter] = await all(shop)
    expect(letter).toMatchObject({ code: 'event_conflict', message: 'Used before.', retryable: false, tries: 4 })
    expect(letter).not.toHaveProperty('nextTryAt')
  })

  test('a function that cannot be called is no try; the letter comes again', async () => {
    const shop = open()
    shop.functions.answer = () => Promise.reject(new KramError('unavailable', 'function_unavailable', 'Away.'))
    await recordFailed(shop, failed('e1'))
    shop.pass(minuteMs)
    expect(await redriveDue(shop)).toEqual({ handled: 0, failed: 0, left: 1 })
    expect((await all(shop))[0]?.tries).toBe(3)
    shop.functions.answer = () => ({ ok: true })
    shop.pass(6 * minuteMs)
    expect(await redriveDue(shop)).toEqual({ handled: 1, failed: 0, left: 0 })
  })

  test('two runs at once send each letter once', async () => {
    const shop = open()
    for (let n = 0; n < 40; n++) await recordFailed(shop, failed(`e${n}`))
    shop.pass(minuteMs)
    const [one, two] = await Promise.all([redriveDue(shop), redriveDue(shop)])
    expect(one.handled + two.handled).toBe(40)
    expect(shop.functions.calls.map(({ event }) => event.detail.id).sort()).toEqual(
      Array.from({ length: 40 }, (_, n) => `e${n}`).sort(),
    )
  })

  test('1,000 letters are redriven with none doubled, over as many runs as it takes', async () => {
    const shop = open()
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => recordFailed(shop, failed(`e${n}`))))
    shop.pass(minuteMs)
    // Each call takes a second, so that a run's time is over before all are sent.
    shop.functions.answer = () => {
      shop.pass(1_000)
      return { ok: true }
    }
    let runs = 0
    for (let handled = 0; handled < 1_000; runs++) handled += (await redriveDue(shop)).handled
    expect(runs).toBeGreaterThan(10)
    expect(new Set(shop.functions.calls.map(({ event }) => event.detail.id)).size).toBe(1_000)
    expect(shop.functions.calls).toHaveLength(1_000)
  })

  test('a run that died while sending is taken up by a later one', async () => {
    const shop = open()
    await recordFailed(shop, failed('e1'))
    shop.pass(minuteMs)
    shop.functions.answer = () => Promise.reject(new Error('the process died here'))
    await expect(redriveDue(shop)).rejects.toThrow('died')
    shop.functions.answer = () => ({ ok: true })
    expect(await redriveDue(shop)).toEqual({ handled: 0, failed: 0, left: 0 })
    shop.pass(5 * minuteMs + 1)
    expect(await redriveDue(shop)).toEqual({ handled: 1, failed: 0, left: 0 })
  })
})

describe('what people do', () => {
  test('redrive sends the matching ones now, also those that nothing would send, each once', async () => {
    const shop = open()
    await recordFailed(shop, failed('e1', { retryable: false, code: 'spoiled' }))
    await recordFailed(shop, failed('e2', { retryable: false, code: 'spoiled', subscription: 'other' }))
    await recordFailed(shop, failed('e3'))
    const letters = createDeadLetters(shop)
    const answers = await Promise.all([letters.redrive({ code: 'spoiled' }), letters.redrive({ code: 'spoiled' })])
    expect(answers.reduce((sum, { redriven }) => sum + redriven, 0)).toBe(2)
    expect(await letters.redrive({ code: 'spoiled' })).toEqual({ redriven: 0 })
    expect(shop.functions.started[0]).toBe('redrive-dead-letters')
    shop.pass(1)
    expect(await redriveDue(shop)).toEqual({ handled: 2, failed: 0, left: 0 })
    expect(shop.functions.calls.map(({ name }) => name).sort()).toEqual(['on-thing', 'other'])
    expect((await all(shop)).map(({ event }) => event.id)).toEqual(['e3'])
  })

  test('one that fails again can be redriven again', async () => {
    const shop = open()
    shop.functions.answer = () => ({ ok: false, errorType: 'kram.final.spoiled' })
    await recordFailed(shop, failed('e1', { retryable: false }))
    const letters = createDeadLetters(shop)
    for (const tries of [4, 5]) {
      expect(await letters.redrive({})).toEqual({ redriven: 1 })
      shop.pass(1)
      expect(await redriveDue(shop)).toEqual({ handled: 0, failed: 1, left: 0 })
      expect((await all(shop))[0]?.tries).toBe(tries)
    }
  })

  test('a discarded one stays readable with its first reason and is never sent again', async () => {
    const shop = open()
    await recordFailed(shop, failed('e1'))
    const letters = createDeadLetters(shop)
    const [letter] = await all(shop)
    const id = letter?.id ?? ''
    await letters.discard(id, 'a test order')
    await letters.discard(id, 'again')
    await recordFailed(shop, failed('e1'))
    const { nextTryAt: _gone, ...rest } = letter ?? { nextTryAt: undefined }
    expect(await all(shop)).toEqual([{ ...rest, discarded: 'a test order' }])
    expect(await letters.redrive({ id })).toEqual({ redriven: 0 })
    shop.pass(60 * minuteMs)
    expect(await redriveDue(shop)).toEqual({ handled: 0, failed: 0, left: 0 })
    for (const reason of ['', '  ', 'x'.repeat(501)]) {
      await expect(letters.discard(id, reason)).rejects.toMatchObject({ kind: 'invalid', code: 'discard_reason' })
    }
    for (const unknown of ['', 'nobody.1']) {
      await expect(letters.discard(unknown, 'why not')).rejects.toMatchObject({ kind: 'not_found' })
    }
  })

  test('one that is discarded while it is being sent stays discarded', async () => {
    const shop = open()
    await recordFailed(shop, failed('e1'))
    const [letter] = await all(shop)
    shop.functions.answer = async () => {
      await createDeadLetters(shop).discard(letter?.id ?? '', 'meanwhile')
      return { ok: false, errorType: 'kram.retryable.x' }
    }
    shop.pass(minuteMs)
    await redriveDue(shop)
    expect((await all(shop))[0]).toMatchObject({ discarded: 'meanwhile', tries: 3 })
  })

  test('lists by id, subscription and code, in the order of the first failure, in pages that join', async () => {
    const shop = open()
    for (let n = 0; n < 12; n++) {
      const failedAt = toInstant(toMs(start) - n * 1_000)
      const subscription = n % 2 === 0 ? 'even' : 'odd'
      await recordFailed(shop, failed(`e${n}`, { failedAt, subscription, code: n < 6 ? 'early' : 'late' }))
    }
    const { list } = createDeadLetters(shop)
    const ids = (await all(shop)).map(({ event }) => event.id)
    expect(ids).toEqual(Array.from({ length: 12 }, (_, n) => `e${11 - n}`))
    const found = await list({ subscription: 'odd', code: 'late' })
    expect(found.items.map(({ event }) => event.id)).toEqual(['e11', 'e9', 'e7'])
    const paged: string[] = []
    let after: string | undefined
    do {
      const page = await list({ limit: 5, ...(after !== undefined && { after }) })
      expect(page.items.length).toBeLessThanOrEqual(5)
      paged.push(...page.items.map(({ event }) => event.id))
      after = page.next
    } while (after !== undefined)
    expect(paged).toEqual(ids)
    const [first] = await all(shop)
    expect(await list({ id: first?.id ?? '' })).toEqual({ items: [first] })
    expect(await list({ id: 'nobody.1' })).toEqual({ items: [] })
    await expect(list({ after: 'nonsense' })).rejects.toMatchObject({ code: 'page_token' })
    for (const limit of [0, 1_001]) await expect(list({ limit })).rejects.toMatchObject({ code: 'page_limit' })
  })
})
