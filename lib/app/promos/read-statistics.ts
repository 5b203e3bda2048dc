// What promotions gave, by day and in all time, as count-orders has counted it.
import { KramError } from '../../base/errors.ts'
import { limits } from '../../base/limits.ts'
import { daysBefore } from '../../base/time.ts'
import type { Item, Table } from '../../ports/table.ts'
import type { PromoStatistics, StatisticsDay } from '../../shop/admin-types.ts'
import type { Deps } from '../deps.ts'
import { statisticsKey, statisticsShards, upTo } from '../keys.ts'
import { allItems } from '../pages.ts'
import type { PromoCounts } from './count-orders.ts'

type Totals = Map<string, PromoCounts>

const counted = ['redemptions', 'discount_minor', 'credit_minor'] as const

// `redemptions:summer`: what, and of which promotion. Ids may hold colons.
function addCounters(totals: Totals, item: Item): void {
  for (const [name, value] of Object.entries(item)) {
    const what = counted.find((one) => name.startsWith(`${one}:`))
    if (what === undefined) continue
    const promo = name.slice(what.length + 1)
    const counts = totals.get(promo) ?? { redemptions: 0, discount_minor: 0, credit_minor: 0 }
    counts[what] += Number(value)
    totals.set(promo, counts)
  }
}

const shards = Array.from({ length: statisticsShards }, (_, shard) => shard)

/** What every promotion ever gave, by its id. */
export async function promoTotals(table: Table): Promise<Totals> {
  const totals: Totals = new Map()
  await Promise.all(
    shards.map(async (shard) => {
      for await (const item of allItems(table, { pk: statisticsKey('all', shard), limit: 1_000 })) {
        addCounters(totals, item)
      }
    }),
  )
  return totals
}

type Range = { from: string; to: string }

function daysOf({ from, to }: Range): string[] {
  const days: string[] = []
  for (let day = to; day >= from && days.length <= limits.statisticsDays; day = daysBefore(day, 1)) days.push(day)
  if (from > to || days.length > limits.statisticsDays) {
    const message = `A range has 1 to ${limits.statisticsDays} days, and does not end before it begins.`
    throw new KramError('invalid', 'time_range', message)
  }
  return days.reverse()
}

/**
 * Every day of the range, both ends included.
 * @throws KramError invalid `time_range` for more than `limits.statisticsDays` days, or none
 */
export async function promoStatistics(
  { table, settings }: Pick<Deps, 'table' | 'settings'>,
  range: Range,
): Promise<PromoStatistics> {
  const days = new Map(daysOf(range).map((day): [string, { item: Item[]; promos: Totals }] => [day, emptyDay()]))
  const months = [...new Set([...days.keys()].map((day) => day.slice(0, 7)))]
  const queries = months.flatMap((month) => shards.map((shard) => statisticsKey(month, shard)))
  await Promise.all(
    queries.map(async (pk) => {
      for await (const item of allItems(table, { pk, from: range.from, to: upTo(range.to), limit: 1_000 })) {
        const day = days.get(item.sk.slice(0, 10))
        if (!day) continue
        if (item.sk.length === 10) day.item.push(item)
        else addCounters(day.promos, item)
      }
    }),
  )
  return {
    ...range,
    time_zone: settings.timeZone,
    currency: settings.currency,
    days: [...days].map(([day, { item, promos }]) => dayOf(day, item, promos)),
  }
}

const emptyDay = () => ({ item: [], promos: new Map() })

function dayOf(day: string, items: readonly Item[], promos: Totals): StatisticsDay {
  const sum = (name: string): number => items.reduce((total, item) => total + Number(item[name] ?? 0), 0)
  const given = [...promos]
    .filter(([, counts]) => counted.some((what) => counts[what] !== 0))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    day,
    orders: sum('orders'),
    cancelled: sum('cancelled'),
    paid_minor: sum('paid_minor'),
    discount_minor: sum('discount_minor'),
    credit_minor: sum('credit_minor'),
    promos: given.map(([promo, counts]) => ({ promo, ...counts })),
  }
}
