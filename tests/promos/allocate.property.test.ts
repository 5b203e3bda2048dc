import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { actions } from '../../lib/promos/actions.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import type { Allocation, LineDiscount, UnitRun } from '../../lib/promos/allocation.ts'
import { checkPromo } from '../../lib/promos/check.ts'
import { evaluate } from '../../lib/promos/evaluate.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'
import { order } from '../support/arbitrary-orders.ts'
import { action, evaluation } from '../support/arbitrary-promos.ts'
import { type SlowAllocation, slowAllocate } from '../support/slow-allocate.ts'

const settings = { timeZone: 'Europe/Kyiv' }
const numRuns = Number(process.env.RUNS ?? 500)
const seed = Number(process.env.SEED ?? 20_220_824)
const check = (property: fc.IRawProperty<unknown>) => fc.assert(property, { numRuns, seed })

const unitsOf = (runs: readonly UnitRun[]): number[] =>
  runs.flatMap(({ count, amount_minor }) => new Array(count).fill(amount_minor))
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** The parts of an answer that the twin tells too. */
function inShort(allocation: Allocation): SlowAllocation {
  const entries = (kind: string | undefined, line: number, all: readonly LineDiscount[]) =>
    all.map(({ promo, action, amount_minor, units }) => ({
      promo,
      action,
      kind: kind ?? action,
      line,
      units: unitsOf(units),
      amount: amount_minor,
    }))
  return {
    units: allocation.lines.map(({ units }) => unitsOf(units)),
    entries: allocation.lines.flatMap(({ discounts, credits }, line) => [
      ...entries('discount', line, discounts),
      ...entries(undefined, line, credits),
    ]),
    delivery_minor: allocation.delivery_minor,
    applied: allocation.applied.map(({ promo }) => promo),
    grants: allocation.applied.flatMap(({ promo, gifts, vouchers }) => [
      ...gifts.map(({ sku }) => ({ promo, type: 'gift', value: sku })),
      ...vouchers.map(({ kind }) => ({ promo, type: 'voucher', value: kind })),
    ]),
  }
}

const sorted = ({ entries, grants, ...rest }: SlowAllocation) => ({
  ...rest,
  entries: entries.map((entry) => JSON.stringify(entry)).sort(),
  grants: grants.map((grant) => JSON.stringify(grant)).sort(),
})

describe('allocate', () => {
  test.each(['always', 'never'] as const)('comes to what plain loops come to, index: %s', (index) => {
    check(
      fc.property(evaluation, ({ promos, order, now, usage, tester = false }) => {
        const set = compilePromos(promos, { settings, index })
        const fast = allocate(order, set, Date.parse(now), usage, { tester })
        expect(sorted(inShort(fast))).toEqual(sorted(slowAllocate({ promos, order, now, usage, tester })))
      }),
    )
  })

  test('parts add up and nothing is negative', () => {
    check(
      fc.property(evaluation, (input) => {
        const { order } = input
        const result = evaluate(input, settings)
        for (const [i, line] of result.lines.entries()) {
          const { price_minor, quantity, floor_minor = 0 } = order.lines[i]!
          expect(line.items_minor).toBe(price_minor * quantity)
          expect(line.total_minor).toBe(line.items_minor - line.discount_minor)
          expect(sum(line.discounts.map(({ amount_minor }) => amount_minor))).toBe(line.discount_minor)
          expect(sum(unitsOf(line.units))).toBe(line.total_minor)
          for (const { amount_minor, units } of [...line.discounts, ...line.credits]) {
            expect(unitsOf(units)).toHaveLength(quantity)
            expect(sum(unitsOf(units))).toBe(amount_minor)
            expect(amount_minor).toBeGreaterThan(0)
            expect(Math.min(...unitsOf(units))).toBeGreaterThanOrEqual(0)
          }
          expect(Math.min(...unitsOf(line.units))).toBeGreaterThanOrEqual(Math.min(price_minor, floor_minor))
        }
        const parts = ['items_minor', 'discount_minor', 'cashback_minor', 'bonus_minor'] as const
        for (const part of parts) expect(sum(result.lines.map((line) => line[part]))).toBe(result[part])
        expect(result.total_minor).toBe(result.items_minor - result.discount_minor + result.delivery_minor)
        expect(result.delivery_minor).toBeGreaterThanOrEqual(0)
        for (const applied of result.applied) {
          const own = (entries: LineDiscount[]) =>
            sum(entries.filter(({ promo }) => promo === applied.promo).map(({ amount_minor }) => amount_minor))
          expect(sum(result.lines.map(({ discounts }) => own(discounts)))).toBe(applied.discount_minor)
          expect(sum(result.lines.map(({ credits }) => own(credits)))).toBe(
            applied.cashback_minor + applied.bonus_minor,
          )
        }
        const delivered = sum(result.applied.map(({ delivery_discount_minor }) => delivery_discount_minor))
        expect(delivered).toBe((order.delivery?.price_minor ?? 0) - result.delivery_minor)
      }),
    )
  })

  test('each promo that the caller may know of is applied or refused, in one order', () => {
    check(
      fc.property(evaluation, (input) => {
        const result = evaluate(input, settings)
        const answered = [...result.applied, ...result.refused].map(({ promo }) => promo).sort()
        const visible = input.promos.filter(({ state }) => state !== 'test' || input.tester).map(({ id }) => id)
        expect(answered).toEqual(visible.sort())
        for (const { reason, conditions } of result.refused) {
          if (reason === 'conditions') expect(conditions.some(({ met }) => !met)).toBe(true)
        }
      }),
    )
  })

  test('a promo that cannot apply changes nothing', () => {
    check(
      fc.property(evaluation, action, fc.integer({ min: -2, max: 2 }), (input, given, priority) => {
        const condition = { type: 'customer_group', value: 'nobody' }
        const idle = {
          id: 'm',
          exclusive: true,
          priority,
          group: 'g',
          stop: true,
          order_filters: [condition],
          actions: [given],
        }
        fc.pre(checkPromo(idle, settings).length === 0)
        const { refused, ...rest } = evaluate({ ...input, promos: [...input.promos, idle] }, settings)
        const { refused: before, ...alone } = evaluate(input, settings)
        expect(rest).toEqual(alone)
        expect(refused.filter(({ promo }) => promo !== 'm')).toEqual(before)
      }),
    )
  })

  test('the order of lines decides nothing but odd minor units', () => {
    check(
      fc.property(evaluation, fc.infiniteStream(fc.nat()), (input, random) => {
        const lines = input.order.lines.map((line) => ({ line, at: random.next().value ?? 0 }))
        const shuffled = lines.sort((a, b) => a.at - b.at).map(({ line }) => line)
        const notMet = (order: typeof input.order) =>
          evaluate({ ...input, order }, settings)
            .refused.filter(({ conditions }) => conditions.some(({ met, type }) => !met && !isOfTurn(type)))
            .map(({ promo }) => promo)
        expect(notMet({ ...input.order, lines: shuffled })).toEqual(notMet(input.order))
      }),
    )
  })

  test('one action comes to the same whatever the order of lines, where prices differ', () => {
    check(
      fc.property(order, action, (order, given) => {
        const lines = order.lines.map((line, i) => ({ ...line, price_minor: line.price_minor * 10 + i }))
        const total = (lines: typeof order.lines) =>
          evaluate(
            { promos: [{ actions: [given] }], order: { ...order, lines }, now: '2022-08-24T10:00:00Z' },
            settings,
          ).total_minor
        fc.pre(checkPromo({ actions: [given] }, settings).length === 0)
        expect(total(lines.toReversed())).toBe(total(lines))
      }),
    )
  })

  test('who takes more off takes no less: the total falls, or stays, as a percentage or sum rises', () => {
    const worth = fc.record({
      type: fc.constantFrom('percent_off', 'fixed_off', 'cashback'),
      values: fc.tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 9_999 })),
      on: fc.constantFrom('lines', 'each_unit', 'order'),
      max_units: fc.constantFrom(undefined, 1, 3, { per_line: 1 }),
      max_minor: fc.constantFrom(undefined, 777),
    })
    check(
      fc.property(order, worth, (order, { values, ...rest }) => {
        const [less, more] = [Math.min(...values), Math.max(...values)].map((hundredths) => {
          const actions = [JSON.parse(JSON.stringify({ ...rest, value: hundredths / 100 }))]
          return evaluate({ promos: [{ actions }], order, now: '2022-08-24T10:00:00Z' }, settings)
        })
        expect(more!.total_minor).toBeLessThanOrEqual(less!.total_minor)
        expect(more!.cashback_minor).toBeGreaterThanOrEqual(less!.cashback_minor)
      }),
    )
  })

  test('the answer holds until valid_until', () => {
    check(
      fc.property(evaluation, fc.double({ min: 0, max: 1, noNaN: true }), (input, fraction) => {
        const now = Date.parse(input.now)
        const { valid_until, ...answer } = evaluate(input, settings)
        const until = valid_until === null ? now + 400 * 86_400_000 : Date.parse(valid_until)
        const later = new Date(now + Math.floor((until - now - 1) * fraction)).toISOString()
        const { valid_until: same, ...then } = evaluate({ ...input, now: later }, settings)
        expect(same).toBe(valid_until)
        expect(withoutTime(then)).toEqual(withoutTime(answer))
      }),
    )
  })
})

/** Conditions that are judged in the promo's turn, on what is left by then, and needs of actions. */
const isOfTurn = (type: string): boolean =>
  type === 'line_not_discounted' ||
  type === 'any' ||
  type === 'all' ||
  type === 'not' ||
  Object.hasOwn(actions, type) ||
  remainders.has(type)
const remainders = new Set(['total_value', 'order_total', 'total_with_delivery'])

/** Refusals tell the time that they were asked at. */
const withoutTime = ({ refused, ...rest }: Omit<Allocation, 'valid_until'>) => ({
  ...rest,
  refused: refused.map(({ conditions, ...refusal }) => ({
    ...refusal,
    conditions: conditions.filter(({ type }) => type !== 'window' && type !== 'days_since_last_order'),
  })),
})
