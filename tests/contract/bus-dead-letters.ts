// Contract of a bus, part three: dead letters - how an event becomes one, and what can be done about it.
import { expect } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { isInstant } from '../../lib/base/time.ts'
import type { DeadLetter } from '../../lib/ports/bus.ts'
import type { BusContext } from './bus.ts'
import { forAll, patience } from './bus-delivery.ts'

const lettersOf = async ({ bus }: BusContext, caseName: string): Promise<DeadLetter[]> => {
  const letters: DeadLetter[] = []
  let after: string | undefined
  do {
    const page = await bus.deadLetters.list({ limit: 1_000, ...(after === undefined ? {} : { after }) })
    letters.push(...page.items.filter(({ event }) => event.data.case === caseName))
    after = page.next
  } while (after !== undefined)
  return letters
}

const expectLetters = async (context: BusContext, caseName: string, count: number): Promise<DeadLetter[]> => {
  await expect.poll(async () => (await lettersOf(context, caseName)).length, patience).toBe(count)
  return lettersOf(context, caseName)
}

const spoiled = (code = 'spoiled') => new KramError('invalid', code, 'The message is spoiled.')

export const deadLetterCases: Record<string, (context: BusContext) => Promise<void>> = {
  'when the attempts are used up the event becomes a dead letter that says why': async (context) => {
    const name = context.fresh()
    let tries = 0
    context.on('keeps', name, async () => {
      tries++
      throw new KramError('unavailable', 'table_away', 'The table is away.')
    })
    const event = forAll(name, name)
    await context.bus.publish([event])
    const [letter] = await expectLetters(context, name, 1)
    expect(letter).toEqual({
      id: expect.any(String),
      event,
      subscription: 'keeps',
      code: 'table_away',
      message: 'The table is away.',
      retryable: true,
      tries: 4,
      firstFailedAt: expect.any(String),
      lastFailedAt: expect.any(String),
      nextTryAt: expect.any(String),
    })
    expect(tries).toBe(4)
    expect([letter?.firstFailedAt, letter?.lastFailedAt, letter?.nextTryAt].every((at) => isInstant(at ?? ''))).toBe(
      true,
    )
  },
  'an error that no retry can mend makes a dead letter at once, and none by itself again': async (context) => {
    const name = context.fresh()
    let tries = 0
    context.on('keeps', name, async () => {
      tries++
      throw spoiled()
    })
    await context.bus.publish([forAll(name, name)])
    const [letter] = await expectLetters(context, name, 1)
    expect(letter).toMatchObject({ code: 'spoiled', retryable: false, tries: 1 })
    expect(letter).not.toHaveProperty('nextTryAt')
    expect(tries).toBe(1)
  },
  'any other error is retried, and keeps its message': async (context) => {
    const name = context.fresh()
    context.on('keeps', name, async () => {
      throw new TypeError('x is not a function')
    })
    await context.bus.publish([forAll(name, name)])
    const [letter] = await expectLetters(context, name, 1)
    expect(letter).toMatchObject({ code: 'handler_error', message: 'x is not a function', retryable: true, tries: 4 })
  },
  'redrive sends the matching ones again, each to its one subscription; handled, they are gone': async (context) => {
    const name = context.fresh()
    let mended = false
    const handled: string[] = []
    for (const subscription of ['keeps', 'also'] as const) {
      context.on(subscription, name, async (event) => {
        if (!mended) throw spoiled(`${name}_${event.detail.data.n}`)
        handled.push(`${subscription} ${event.detail.id}`)
      })
    }
    await context.bus.publish([1, 2, 3].map((n) => forAll(name, `${name}/${n}`, { n })))
    const letters = await expectLetters(context, name, 6)
    mended = true
    const { deadLetters } = context.bus
    const [byId] = letters.filter(({ subscription, event }) => subscription === 'keeps' && event.id === `${name}/1`)
    expect(await deadLetters.redrive({ id: byId?.id ?? '' })).toEqual({ redriven: 1 })
    await expect.poll(() => handled, patience).toEqual([`keeps ${name}/1`])
    expect(await deadLetters.redrive({ code: `${name}_2` })).toEqual({ redriven: 2 })
    await expect.poll(() => handled, patience).toHaveLength(3)
    expect(await deadLetters.redrive({ subscription: 'also', code: `${name}_3` })).toEqual({ redriven: 1 })
    await expectLetters(context, name, 2)
    expect(handled.toSorted()).toEqual(
      [`also ${name}/2`, `also ${name}/3`, `keeps ${name}/1`, `keeps ${name}/2`].toSorted(),
    )
    await context.bus.deadLetters.redrive({ code: `${name}_1` })
    await context.bus.deadLetters.redrive({ code: `${name}_3` })
    await expectLetters(context, name, 0)
    expect(handled).toHaveLength(6)
  },
  'redriving twice at once sends once': async (context) => {
    const name = context.fresh()
    let mended = false
    const handled: string[] = []
    const opened = Promise.withResolvers<void>()
    context.on('keeps', name, async (event) => {
      if (!mended) throw spoiled(name)
      await opened.promise
      handled.push(event.detail.id)
    })
    const events = Array.from({ length: 20 }, (_, n) => forAll(name, `${name}/${n}`))
    await context.bus.publish(events)
    await expectLetters(context, name, 20)
    mended = true
    const redrive = () => context.bus.deadLetters.redrive({ code: name })
    const answers = await Promise.all([redrive(), redrive()])
    answers.push(await redrive())
    expect(answers.reduce((sum, { redriven }) => sum + redriven, 0)).toBe(20)
    opened.resolve()
    await expectLetters(context, name, 0)
    expect(handled.toSorted()).toEqual(events.map(({ id }) => id).sort())
  },
  'a dead letter that fails again stays, with all its tries and the newest reason': async (context) => {
    const name = context.fresh()
    let code = `${name}_first`
    context.on('keeps', name, async (_event, { attempt }) => {
      throw spoiled(`${code}_${attempt}`)
    })
    await context.bus.publish([forAll(name, name)])
    const [first] = await expectLetters(context, name, 1)
    expect(first).toMatchObject({ code: `${name}_first_1`, tries: 1 })
    code = `${name}_second`
    expect(await context.bus.deadLetters.redrive({ id: first?.id ?? '' })).toEqual({ redriven: 1 })
    const codes = async () => (await lettersOf(context, name)).map((letter) => [letter.code, letter.tries, letter.id])
    await expect.poll(codes, patience).toEqual([[`${name}_second_2`, 2, first?.id]])
    const [second] = await lettersOf(context, name)
    expect(second?.firstFailedAt).toBe(first?.firstFailedAt)
    expect(await context.bus.deadLetters.redrive({ id: first?.id ?? '' })).toEqual({ redriven: 1 })
  },
  'a discarded one stays readable with its reason and is never sent again': async (context) => {
    const name = context.fresh()
    let tries = 0
    context.on('keeps', name, async () => {
      tries++
      throw spoiled(name)
    })
    await context.bus.publish([forAll(name, name)])
    const [letter] = await expectLetters(context, name, 1)
    const id = letter?.id ?? ''
    for (const reason of ['', '  ', 'x'.repeat(501)]) {
      const refused = expect.objectContaining({ kind: 'invalid', code: 'discard_reason' })
      await expect(context.bus.deadLetters.discard(id, reason)).rejects.toEqual(refused)
    }
    await context.bus.deadLetters.discard(id, 'a test order')
    await context.bus.deadLetters.discard(id, 'again')
    expect(await lettersOf(context, name)).toEqual([{ ...letter, discarded: 'a test order' }])
    expect(await context.bus.deadLetters.redrive({ id })).toEqual({ redriven: 0 })
    expect(await context.bus.deadLetters.redrive({ code: name })).toEqual({ redriven: 0 })
    expect(tries).toBe(1)
  },
  'dead letters are listed by id, subscription and code, in pages that join': async (context) => {
    const name = context.fresh()
    for (const subscription of ['keeps', 'also'] as const) {
      context.on(subscription, name, async () => {
        throw spoiled(name)
      })
    }
    await context.bus.publish(Array.from({ length: 12 }, (_, n) => forAll(name, `${name}/${n}`)))
    const letters = await expectLetters(context, name, 24)
    const { list } = context.bus.deadLetters
    const [first] = letters
    expect(await list({ id: first?.id ?? '' })).toEqual({ items: [first] })
    expect((await list({ subscription: 'also', code: name })).items).toHaveLength(12)
    const ids: string[] = []
    for (let after: string | undefined, pages = 0; pages < 30; pages++) {
      const page = await list({ code: name, limit: 5, ...(after === undefined ? {} : { after }) })
      expect(page.items.length).toBeLessThanOrEqual(5)
      ids.push(...page.items.map(({ id }) => id))
      after = page.next
      if (after === undefined) break
    }
    expect(ids).toEqual(letters.map(({ id }) => id))
    const invalid = (code: string) => expect.objectContaining({ kind: 'invalid', code })
    await expect(list({ after: 'nonsense' })).rejects.toEqual(invalid('page_token'))
    await expect(list({ limit: 0 })).rejects.toEqual(invalid('page_limit'))
    await expect(list({ limit: 1_001 })).rejects.toEqual(invalid('page_limit'))
  },
}
