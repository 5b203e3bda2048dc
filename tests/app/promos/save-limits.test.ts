// No limit is saved below what orders have taken of it.
import { describe, expect, test } from 'vitest'
import { redeemedKeys } from '../../../lib/app/keys.ts'
import { shardKey } from '../../../lib/app/orders/meters.ts'
import { getPromo } from '../../../lib/app/promos/read-promos.ts'
import type { JsonObject } from '../../../lib/base/json.ts'
import type { WriteOp } from '../../../lib/ports/table.ts'
import { percentOff, save } from '../../support/promos.ts'
import { refusal } from '../../support/refusals.ts'
import { createTestShop } from '../../support/test-shop.ts'

describe('limits', () => {
  const used = async (limits: JsonObject) => {
    const shop = createTestShop()
    await save(shop, 'few', percentOff(5, { codes: ['A', 'b'], limits }))
    const count = (pk: string, add: Record<string, number>, shard = 0) =>
      ({ op: 'count', key: shardKey({ pk }, shard), add }) as const
    await shop.table.write([
      count(redeemedKeys.promo('few'), { uses: 3, budget_minor: 2_000, last: 7 }),
      count(redeemedKeys.promo('few'), { uses: 4 }, 1),
      count(redeemedKeys.code('few', 'B'), { uses: 5 }),
    ])
    return shop
  }

  test.each<[string, JsonObject, JsonObject, string]>([
    ['uses', { uses: 10 }, { uses: 6 }, '/config/limits/uses'],
    ['a budget', { budget: 100 }, { budget: 19.99 }, '/config/limits/budget'],
    ['each code', { each_code: { uses: 9 } }, { each_code: { uses: 4 } }, '/config/limits/each_code/uses'],
    ['one code', { codes: { b: { uses: 9 } } }, { codes: { b: { uses: 4 } } }, '/config/limits/codes/b/uses'],
  ])('do not go below what orders have taken: %s', async (_name, before, after, pointer) => {
    const shop = await used(before)
    const lower = percentOff(5, { codes: ['A', 'b'], limits: after })
    const error = await refusal(save(shop, 'few', lower, { expectedVersion: 1 }))
    expect(error.detail.issues).toEqual([{ pointer, message: expect.stringContaining('below what is used already') }])
    // The kill switch works all the same.
    const paused = await save(shop, 'few', { ...lower, state: 'draft' }, { expectedVersion: 1 })
    expect(paused.version).toBe(2)
  })

  test.each([
    ['uses', { uses: 8 }, { uses: 1 }, '/config/limits/uses', redeemedKeys.promo('few'), 5],
    ['a budget', { budget: 20.01 }, { budget_minor: 2 }, '/config/limits/budget', redeemedKeys.promo('few'), 5],
    [
      'a code',
      { codes: { B: { uses: 6 } } },
      { uses: 1 },
      '/config/limits/codes/B/uses',
      redeemedKeys.code('few', 'B'),
      0,
    ],
    [
      'a new code',
      { codes: { A: { uses: 1 } } },
      { uses: 1 },
      '/config/limits/codes/A/uses',
      redeemedKeys.code('few', 'A'),
      0,
    ],
  ])('what an order takes while the save is on its way counts: %s', async (_name, limits, add, pointer, pk, shard) => {
    const shop = await used({ uses: 100, budget: 100 })
    let ordered = 0
    const table = {
      ...shop.table,
      write: async (ops: readonly WriteOp[]) => {
        // Two units of what the limit would leave one of.
        for (; ordered < 2; ordered++) {
          await shop.table.write([{ op: 'count', key: shardKey({ pk }, shard), add }])
        }
        return await shop.table.write(ops)
      },
    }
    const config = percentOff(5, { codes: ['A', 'B'], limits })
    const error = await refusal(save({ ...shop, table }, 'few', config, { expectedVersion: 1 }))
    expect(error.detail.issues).toMatchObject([{ pointer }])
    expect((await getPromo(shop, 'few')).version).toBe(1)
  })

  test('of more codes than a write can check those with the least left are checked', async () => {
    const shop = createTestShop()
    const codes = Array.from({ length: 300 }, (_, i) => `C${i}`)
    await shop.table.write([
      { op: 'count', key: shardKey({ pk: redeemedKeys.code('many', 'C299') }, 0), add: { uses: 4 } },
    ])
    const checked: string[] = []
    const table = {
      ...shop.table,
      write: (ops: readonly WriteOp[]) => {
        checked.push(...ops.flatMap((op) => (op.op === 'check' ? [op.key.pk] : [])))
        return shop.table.write(ops)
      },
    }
    await save({ ...shop, table }, 'many', percentOff(5, { codes, limits: { uses: 6_400, each_code: { uses: 5 } } }))
    expect(checked).toHaveLength(96)
    expect(checked.slice(0, 2)).toEqual(['redeemed#many#shard#0', 'redeemed#many#code#C299#shard#0'])
  })

  test('an order that takes what the new limit leaves too does not disturb the save', async () => {
    const shop = await used({ uses: 100 })
    let writes = 0
    const table = {
      ...shop.table,
      write: async (ops: readonly WriteOp[]) => {
        writes++
        await shop.table.write([
          { op: 'count', key: shardKey({ pk: redeemedKeys.promo('few') }, writes % 8), add: { uses: 1 } },
        ])
        return await shop.table.write(ops)
      },
    }
    await save({ ...shop, table }, 'few', percentOff(5, { limits: { uses: 50 } }), { expectedVersion: 1 })
    expect(writes).toBe(1)
  })

  test('may go down to what orders have taken', async () => {
    const shop = await used({ uses: 10 })
    const lower = percentOff(5, { codes: ['A', 'b'], limits: { uses: 7, budget: 20 } })
    expect((await save(shop, 'few', lower, { expectedVersion: 1 })).version).toBe(2)
  })
})
