// Sharded counters: what the shards hold together never crosses the limit, and nobody is refused who would still fit.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSqliteTable } from '../../../lib/adapters/table/sqlite.ts'
import { readCounters } from '../../../lib/app/orders/counters.ts'
import {
  type Meter,
  planMeter,
  quotaOf,
  type Shards,
  shardKey,
  shardsFor,
  totalOf,
} from '../../../lib/app/orders/meters.ts'
import type { Table } from '../../../lib/ports/table.ts'
import { createTestShop } from '../../support/test-shop.ts'

const seed = 20221122
const pk = 'redeemed#p'

const shardsOf = async (table: Table, meter: Meter): Promise<Shards> =>
  (await readCounters(table, [meter])).get(meter.pk) ?? new Map()

/** What all shards hold, whatever limits say of how many there are. */
const everything = (table: Table): Promise<Shards> => shardsOf(table, { pk, add: {}, atMost: { uses: 1_000_000 } })

test('the parts of a limit add up to it', () => {
  const property = fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(1, 8, 64), (limit, shards) => {
    const parts = Array.from({ length: shards + 2 }, (_, i) => quotaOf(limit, i, shards))
    expect(parts.reduce((a, b) => a + b, 0)).toBe(limit)
    expect(Math.max(...parts.slice(0, shards)) - Math.min(...parts.slice(0, shards))).toBeLessThanOrEqual(1)
  })
  fc.assert(property, { seed })
})

test('a limit has as many shards as its parts are worth having', () => {
  expect(shardsFor({ atMost: { uses: 100 } })).toBe(1)
  expect(shardsFor({ atMost: { uses: 799 } })).toBe(1)
  expect(shardsFor({ atMost: { uses: 800 } })).toBe(8)
  expect(shardsFor({ atMost: { uses: 6_399 } })).toBe(8)
  expect(shardsFor({ atMost: { uses: 6_400 } })).toBe(64)
  expect(shardsFor({ atMost: { uses: 10_000, budget_minor: 1_000 } })).toBe(1)
  expect(shardsFor({ atMost: { uses: 10_000, budget_minor: 900_000 } })).toBe(8)
  expect(shardsFor({ atMost: {} })).toBe(64)
  expect(shardsFor({ atMost: {}, single: true })).toBe(1)
})

test('every shard has a partition key of its own', () => {
  const keys = Array.from({ length: 64 }, (_, shard) => shardKey({ pk }, shard).pk)
  expect(new Set(keys).size).toBe(64)
})

/** Takes from the meter as orders do, at most so often; where from, or undefined when it is spent. */
async function take(table: Table, meter: Meter, start: number, most = 10): Promise<number | undefined> {
  for (let writes = 0; writes < most; writes++) {
    const plan = planMeter(meter, await shardsOf(table, meter), start)
    if (plan.kind === 'spent') return undefined
    const { ok } = await table.write(plan.kind === 'reserve' ? [plan.op] : plan.ops)
    if (ok && plan.kind === 'reserve') return plan.shard
  }
  throw new Error('never got through')
}

test('uses and budget together: exactly what fits is given, whatever the sizes, also after a limit was changed', async () => {
  const takes = fc.array(
    fc.record({
      start: fc.nat({ max: 63 }),
      minor: fc.integer({ min: 1, max: 400_000 }),
      budget: fc.constantFrom(900_000, 1_700_000, 3_000_000, 100_000, 7_000_000),
      uses: fc.constantFrom(1_000, 6_400, 20_000, undefined),
      back: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  const property = fc.asyncProperty(takes, async (all) => {
    const table = createSqliteTable({ path: ':memory:' })
    let given = 0
    for (const { start, minor, budget, uses, back } of all) {
      const atMost = { budget_minor: budget, ...(uses !== undefined && { uses }) }
      const taken = await take(table, { pk, add: { uses: 1, budget_minor: minor }, atMost }, start)
      expect(taken !== undefined).toBe(given + minor <= budget)
      if (taken !== undefined) given += minor
      expect(totalOf(await everything(table), 'budget_minor')).toBe(given)
      if (taken !== undefined && back) {
        const add = { uses: -1, budget_minor: -minor }
        await table.write([{ op: 'count', key: shardKey({ pk }, taken), add }])
        given -= minor
      }
    }
    await table.close()
  })
  await fc.assert(property, { seed, numRuns: 60 })
})

test('many who take at once from a spread limit get exactly what there is', async () => {
  const { table } = createTestShop()
  const meter = { pk, add: { uses: 1 }, atMost: { uses: 800 } }
  const taken = await Promise.all(Array.from({ length: 1_000 }, (_, start) => take(table, meter, start, 200)))
  expect(taken.filter((shard) => shard !== undefined)).toHaveLength(800)
  const shards = await everything(table)
  expect([...shards.values()].map(({ amounts }) => amounts)).toEqual(Array.from({ length: 8 }, () => ({ uses: 100 })))
})

describe('a limit that was changed binds every shard at once', () => {
  const meterOf = (uses?: number): Meter => ({ pk, add: { uses: 1 }, atMost: uses === undefined ? {} : { uses } })
  const takeMany = async (table: Table, meter: Meter, count: number): Promise<number> => {
    let taken = 0
    for (let i = 0; i < count; i++) if ((await take(table, meter, i * 7)) !== undefined) taken++
    return taken
  }

  test.each<[string, (number | undefined)[]]>([
    ['lowered, with fewer shards', [6_400, 800, 120]],
    ['raised, with more shards', [100, 800, 6_400]],
    ['there was none', [undefined, 800]],
    ['there was none for a while', [900, undefined, 6_500, 300]],
  ])('%s', async (_name, limits) => {
    const { table } = createTestShop()
    let given = 0
    for (const uses of limits) given += await takeMany(table, meterOf(uses), 60)
    const last = limits.at(-1) ?? 0
    given += await takeMany(table, meterOf(last), last)
    expect(given).toBe(last)
    expect(totalOf(await everything(table), 'uses')).toBe(last)
  })

  test('an order that was planned under the limit of before takes nothing any more', async () => {
    const { table } = createTestShop()
    await take(table, meterOf(6_400), 0)
    const late = planMeter(meterOf(6_400), await shardsOf(table, meterOf(6_400)), 40)
    await take(table, meterOf(800), 0)
    expect(await table.write(late.kind === 'reserve' ? [late.op] : [])).toMatchObject({ ok: false })
  })

  test('what comes back to a shard that a smaller limit has no more of can be had again', async () => {
    const { table } = createTestShop()
    const shard = await take(table, meterOf(6_400), 40)
    expect(shard).toBe(40)
    expect(await takeMany(table, meterOf(120), 200)).toBe(119)
    await table.write([{ op: 'count', key: shardKey({ pk }, 40), add: { uses: -1 } }])
    expect(await takeMany(table, meterOf(120), 5)).toBe(1)
  })

  test('what an event has counted without looking at limits is noticed by the next order', async () => {
    const { table } = createTestShop()
    await take(table, meterOf(800), 0)
    // As on-order-placed counts an order that this table has not had.
    const add = { uses: 500, last: 40 }
    await table.write([{ op: 'count', key: shardKey({ pk }, 0), add, set: { parts: 'none' } }])
    await table.write([{ op: 'count', key: shardKey({ pk }, 40), add: { uses: -1 } }])
    expect(await takeMany(table, meterOf(800), 400)).toBe(300)
  })
})
