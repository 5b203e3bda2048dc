// What a customer bought lately, by type of goods, from the day counters that purchases keep.
import { daysBefore } from '../base/time.ts'
import type { Table } from '../ports/table.ts'
import { keys, statsCounter } from './keys.ts'
import { allItems } from './pages.ts'

const prefix = statsCounter('')

/** Units by type that the customer bought on the UTC day `day` and before it, `days` days in all. */
export async function unitsByType(
  table: Table,
  customerId: string,
  { day, days }: { day: string; days: number },
): Promise<Map<string, number>> {
  const { pk, sk: to } = keys.stats(customerId, day)
  const { sk: from } = keys.stats(customerId, daysBefore(day, days - 1))
  const units = new Map<string, number>()
  for await (const item of allItems(table, { pk, from, to })) {
    for (const [name, value] of Object.entries(item)) {
      if (!name.startsWith(prefix)) continue
      const type = name.slice(prefix.length)
      units.set(type, (units.get(type) ?? 0) + Number(value))
    }
  }
  return units
}
