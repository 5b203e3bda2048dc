// Sharded counters: what the shards hold together never crosses the limit, and nobody is refused who would still fit.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSqliteTable } from '../../../lib/adapters/table/sqlite.ts'
import {
  type Meter,
  meterShards,
  planMeter,
  quotaOf,
  readShards,
  shardsFor,
  totalOf,
} from '../../../lib/app/orders/meters.ts'
import { createTestShop } from '../../support/test-shop.ts'

const seed = 20221122
const pk = 'redeemed#p'

test('the parts of a limit add up to it', () => {
  const property = fc.property(fc.integer({ min: 1, max: 1_000_000 }), (limit) => {
    const parts = Array.from({ length: meterShards + 2 }, (_, i) => quotaOf(limit, i, meterShards))
    expect(parts.reduce((a, b) => a + b, 0)).toBe(limit)
    expect(Math.max(...parts.slice(0, meterShards)) - Math.min(...parts.slice(0, meterShards))).toBeLessThanOrEqual(1)
  })
  fc.assert(property, { seed })
})

test('small limits and customers have one counter, hot ones eight', () => {
  expect(shardsFor({ atMost: { uses: 100 } })).toBe(1)
  expect(shardsFor({ atMost: { uses: 10_000 } })).toBe(8)
  expect(shardsFor({ atMost: { uses: 10_000, budget_minor: 1_000 } })).toBe(1)
  expect(shardsFor({ atMost: {} })).toBe(8)
  expect(shardsFor({ atMost: {}, single: true })).toBe(1)
})

/** Takes from the meter as orders do; false when it is spent. Answers how many writes it took. */
async function take(table: ReturnType<typeof createTestShop>['table'], meter: Meter, start: number): Promise<number> {
  for (let writes = 1; ; writes++) {
    expect(writes).toBeLessThan(10)
    const plan = planMeter(meter, await readShards(table, meter.pk), start)
    if (plan.kind === 'spent') return 0
    const { ok } = await table.write(plan.kind === 'reserve' ? [plan.op] : plan.ops)
    if (ok && plan.kind === 'reserve') return writes
  }
}

test('uses and budget together: exactly what fits is given, whatever the sizes, also after a limit was changed', async () => {
  const takes = fc.array(
    fc.record({
      start: fc.nat({ max: 7 }),
      minor: fc.integer({ min: 1, max: 400_000 }),
      budget: fc.constantFrom(900_000, 1_700_000, 3_000_000, 100_000),
      back: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  const property = fc.asyncProperty(takes, async (all) => {
    const { table } = { table: createSqliteTable({ path: ':memory:' }) }
    let given = 0
    for (const { start, minor, budget, back } of all) {
      const meter = { pk, add: { uses: 1, budget_minor: minor }, atMost: { uses: 1_000, budget_minor: budget } }
      const fits = given + minor <= budget
      const taken = (await take(table, meter, start)) > 0
      expect(taken).toBe(fits)
      if (taken) given += minor
      expect(totalOf(await readShards(table, pk), 'budget_minor')).toBe(given)
      if (taken && back) {
        await table.write([{ op: 'count', key: { pk, sk: `shard#${start}` }, add: { uses: -1, budget_minor: -minor } }])
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
  const taken = await Promise.all(
    Array.from({ length: 1_000 }, async (_, start) => {
      for (let tries = 0; tries < 200; tries++) {
        const plan = planMeter(meter, await readShards(table, pk), start)
        if (plan.kind === 'spent') return 0
        const { ok } = await table.write(plan.kind === 'reserve' ? [plan.op] : plan.ops)
        if (ok && plan.kind === 'reserve') return 1
      }
      throw new Error('never got through')
    }),
  )
  expect(taken.reduce<number>((a, b) => a + b, 0)).toBe(800)
  const shards = await readShards(table, pk)
  expect([...shards.values()]).toEqual(Array.from({ length: 8 }, () => ({ uses: 100 })))
})
