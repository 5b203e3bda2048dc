// What use cases are given: ports and settings, never adapters.
import type { Bus } from '../ports/bus.ts'
import type { Clock, Random } from '../ports/clock.ts'
import type { Objects } from '../ports/objects.ts'
import type { Table } from '../ports/table.ts'

/** What a delivery costs, in minor units, by its method. */
export type Deliveries = { readonly [method: string]: number }

/** A shop has one currency (ISO 4217), one time zone (IANA) and one price for each way of delivery. */
export type Settings = { currency: string; timeZone: string; deliveries?: Deliveries }

const defaultDeliveries: Deliveries = { courier: 1_999, novaposhta: 1_499, pickup: 0 }

export const defaultSettings: Settings = {
  currency: 'PLN',
  timeZone: 'Europe/Kyiv',
  deliveries: defaultDeliveries,
}

export type Deps = { bus: Bus; table: Table; objects: Objects; clock: Clock; random: Random; settings: Settings }
