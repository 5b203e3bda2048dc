// What the functions behind the queue make of the platform's own messages.
import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { handler as recordDeadLetter } from '../../functions/record-dead-letter.ts'
import { handler as redriveDeadLetters } from '../../functions/redrive-dead-letters.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { KramError } from '../../lib/base/errors.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { all, minuteMs, open, type Shop } from '../support/dead-letter-shop.ts'

const payload = (name: string): { Records: { messageId: string; body: string }[] } =>
  JSON.parse(readFileSync(new URL(`../payloads/${name}.json`, import.meta.url), 'utf8'))

function provide(shop: Shop): void {
  const { table, objects, clock, random, functions } = shop
  provideDeps({ table, objects, clock, random, functions })
  onTestFinished(() =>
    provideDeps({ table: undefined, objects: undefined, clock: undefined, random: undefined, functions: undefined }),
  )
}

describe('record-dead-letter', () => {
  test("reads messages of a rule's dead-letter queue", async () => {
    const shop = open()
    provide(shop)
    expect(await recordDeadLetter(payload('dead-letter-rule'))).toEqual({ batchItemFailures: [] })
    const letters = await all(shop)
    expect(letters).toMatchObject([
      {
        subscription: 'on-new-customer',
        event: { id: 'c1f9b0de-6f0f-5f0b-9d9a-0b8d2c9a6a11', type: 'new_customer', data: { id: 'customer-1' } },
        code: 'no_permissions',
        message: expect.stringMatching(/^User: events.amazonaws.com is not authorized/),
        retryable: true,
        tries: 1,
        firstFailedAt: '2022-04-24T19:42:06.500Z',
      },
      {
        subscription: 'sweep-outbox',
        // No event of ours: what it was is in the envelope around it.
        event: { source: 'aws.events', type: 'Scheduled Event', time: '2015-10-08T16:53:06.000Z', data: {} },
        code: 'throttling',
        message: 'Rate Exceeded. (MaximumEventAgeInSeconds)',
        tries: 186,
      },
    ])
  })

  test('reads records of invocations that failed', async () => {
    const shop = open()
    provide(shop)
    expect(await recordDeadLetter(payload('dead-letter-function'))).toEqual({ batchItemFailures: [] })
    expect(await all(shop)).toMatchObject([
      { subscription: 'score-customer', code: 'crashed', retryable: true, tries: 3, event: { id: 'purchase-1' } },
      {
        subscription: 'on-new-customer',
        code: 'table_unavailable',
        message: 'The table cannot be reached (TimeoutError).',
        retryable: true,
        tries: 3,
        firstFailedAt: '2022-04-24T19:44:59.367Z',
      },
      { subscription: 'count-stock', code: 'too_old', retryable: true, tries: 1, event: { id: 'purchase-2' } },
    ])
  })

  test('both paths of one event end in one letter, and redriving calls the function with the event', async () => {
    const shop = open()
    provide(shop)
    await recordDeadLetter(payload('dead-letter-rule'))
    await recordDeadLetter(payload('dead-letter-function'))
    const mine = (await all(shop)).filter(({ subscription }) => subscription === 'on-new-customer')
    expect(mine).toMatchObject([{ code: 'table_unavailable', tries: 4, firstFailedAt: '2022-04-24T19:42:06.500Z' }])
    shop.pass(60 * minuteMs)
    // The one of 2019 failed more than 14 days ago, and is not sent again by itself.
    expect(await redriveDeadLetters({})).toEqual({ handled: 3, failed: 0, left: 0 })
    const call = shop.functions.calls.find(({ name }) => name === 'on-new-customer')
    expect(call?.event).toEqual(JSON.parse(payload('dead-letter-rule').Records[0]?.body ?? ''))
  })

  test('what was meant for no function of the shop is kept, and sent nowhere', async () => {
    const shop = open()
    provide(shop)
    const text = JSON.stringify(payload('dead-letter-rule')).replaceAll(
      'arn:aws:lambda:eu-central-1:111122223333:function:kram-dev-sweep-outbox',
      'arn:aws:sqs:eu-central-1:111122223333:kram-dev-archive',
    )
    await recordDeadLetter(JSON.parse(text))
    const [letter] = (await all(shop)).filter(({ code }) => code === 'throttling')
    expect(letter).toMatchObject({ subscription: 'kram-dev-archive', retryable: false })
    expect(letter).not.toHaveProperty('nextTryAt')
  })

  test('while the table is away every message stays in the queue; later each is recorded once', async () => {
    const shop = open()
    const table = createSqliteTable({ path: ':memory:' })
    const gone = () => Promise.reject(new KramError('unavailable', 'table_unavailable', 'Away.'))
    provide({ ...shop, table: { ...table, get: gone, write: gone } })
    const batch = payload('dead-letter-function')
    const ids = batch.Records.map(({ messageId }) => ({ itemIdentifier: messageId }))
    expect(await recordDeadLetter(batch)).toEqual({ batchItemFailures: ids })
    provide({ ...shop, table })
    expect(await recordDeadLetter(batch)).toEqual({ batchItemFailures: [] })
    expect(await recordDeadLetter(batch)).toEqual({ batchItemFailures: [] })
    expect((await all({ ...shop, table })).map(({ tries }) => tries)).toEqual([3, 3, 1])
  })

  test('one bad message among good ones is put aside, the others are recorded', async () => {
    const shop = open()
    provide(shop)
    const batch = payload('dead-letter-function')
    const bad = { ...batch.Records[0], messageId: 'bad-1', body: '{"hello":"world"}' }
    const [first, ...rest] = batch.Records
    expect(await recordDeadLetter({ Records: [first, bad, ...rest] })).toEqual({ batchItemFailures: [] })
    expect(await all(shop)).toHaveLength(3)
    expect(await Array.fromAsync(shop.objects.list('dead-letters/unreadable/'))).toEqual([
      'dead-letters/unreadable/bad-1.txt',
    ])
  })
})
