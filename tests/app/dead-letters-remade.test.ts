// Dead letters that are made anew just when the one before them is handled and goes.
import { expect, test } from 'vitest'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { createDeadLetters, recordFailed, redriveDue } from '../../lib/app/dead-letters.ts'
import type { Table } from '../../lib/ports/table.ts'
import { all, busEvent, failed, minuteMs, open } from '../support/dead-letter-shop.ts'

test.each([
  ['small', {}],
  ['large', { text: 'ł'.repeat(300_000) }],
])('one more failure, told while its letter is handled and goes, keeps the %s event', async (_size, data) => {
  for (const at of [1, 2, 3, 4, 5, 6]) {
    const table = createSqliteTable({ path: ':memory:' })
    const shop = open(table)
    const event = busEvent('e1', data)
    await recordFailed(shop, failed('e1', { event }))
    shop.pass(minuteMs)
    // The letter goes just before the table is asked for the nth time, and its object at once or after the recording.
    let asked = 0
    const drops: Promise<void>[] = []
    const redriveAt = async (): Promise<void> => {
      if (++asked !== at) return
      const objects = {
        ...shop.objects,
        async delete(key: string): Promise<void> {
          drops.push(recorded.then(() => shop.objects.delete(key)))
        },
      }
      await redriveDue({ ...shop, objects })
    }
    const watched: Table = {
      ...table,
      get: async (given) => redriveAt().then(() => table.get(given)),
      write: async (ops) => redriveAt().then(() => table.write(ops)),
    }
    const { promise: recorded, resolve } = Promise.withResolvers<void>()
    await recordFailed({ ...shop, table: watched }, failed('e1', { event }))
    resolve()
    await Promise.all(drops)
    const letters = await all(shop)
    expect(letters.map((letter) => letter.event)).toEqual(letters.map(() => event.detail))
    expect(letters).toHaveLength(asked < at ? letters.length : 1)
    expect(await Array.fromAsync(shop.objects.list('dead-letters/'))).toHaveLength('text' in data ? letters.length : 0)
  }
})

test('who looked at a letter that is gone changes nothing of one made since, however often that has changed', async () => {
  const shop = open()
  const event = busEvent('e1', { text: 'ł'.repeat(300_000) })
  await recordFailed(shop, failed('e1', { event }))
  const [id = ''] = (await all(shop)).map((letter) => letter.id)
  // Somebody discards the letter while it is being sent: has looked, and has not written before it is gone and made anew.
  const [looked, made] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const late: Table = {
    ...shop.table,
    async write(ops) {
      looked.resolve()
      await made.promise
      return await shop.table.write(ops)
    },
  }
  let discarded: Promise<void> | undefined
  shop.functions.answer = async () => {
    discarded = createDeadLetters({ ...shop, table: late }).discard(id, 'a test')
    await looked.promise
    return { ok: true }
  }
  shop.pass(minuteMs)
  expect(await redriveDue(shop)).toEqual({ handled: 1, failed: 0, left: 0 })
  await recordFailed(shop, failed('e1', { event }))
  expect(await createDeadLetters(shop).redrive({})).toEqual({ redriven: 1 })
  made.resolve()
  await discarded
  expect(await all(shop)).toMatchObject([{ id, event: event.detail, discarded: 'a test' }])
  expect(await Array.fromAsync(shop.objects.list('dead-letters/'))).toHaveLength(1)
})
