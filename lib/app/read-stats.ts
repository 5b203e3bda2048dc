// What a customer bought lately, by type of goods, from the day counters that purchases keep.
import { daysBefore } from '../base/time.ts'
import type { Table } from '../ports/table.ts'
import { keys, statsCounter } from './keys.ts'

const prefix = statsCounter('')

/** Units by type that the customer bought on the UTC day `day` and before it, `days` days in all. */
export async function unitsByType(
  table: Table,
  customerId: string,
  { day, days }: { day: string; days: number },
): Promise<Map<string, number>> {
  const wanted = Array.from({ length: days }, (_, ago) => keys.stats(customerId, daysBefore(day, ago)))
  const units = new Map<string, number>()
  for (const item of await table.get(wanted)) {
    for (const [name, value] of Object.entries(item ?? {})) {
      if (!name.startsWith(prefix)) continue
      const type = name.slice(prefix.length)
      units.set(type, (units.get(type) ?? 0) + Number(value))
    }
  }
  return units
}
