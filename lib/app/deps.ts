// What use cases are given: ports and settings, never adapters.
import type { Bus } from '../ports/bus.ts'
import type { Clock, Random } from '../ports/clock.ts'
import type { Objects } from '../ports/objects.ts'
import type { Table } from '../ports/table.ts'

/** A shop has one currency (ISO 4217) and one time zone (IANA). */
export type Settings = { currency: string; timeZone: string }

export const defaultSettings: Settings = { currency: 'PLN', timeZone: 'Europe/Kyiv' }

export type Deps = { bus: Bus; table: Table; objects: Objects; clock: Clock; random: Random; settings: Settings }
