// What people and machines can do to the shop in a schedule.
import type { KramEvent } from '../../events/catalog.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import type { Bounds } from './oracle-orders.ts'

export type Action =
  | { do: 'record'; events: KramEvent[]; via: 'bus' | 'table'; laterEachTry: boolean; afterMs?: number }
  /** What the shop knew before the schedule began. */
  | { do: 'given'; events: KramEvent[] }
  | { do: 'inject'; event: JsonObject }
  | { do: 'save'; promo: string; config: JsonObject; reason: string }
  | { do: 'roll_back'; promo: string; reason: string }
  | { do: 'read'; customer: string }
  /** `late`: while people order. */
  | { do: 'limit'; promo: string; config: JsonObject; bounds: Bounds; late: boolean }
  | {
      do: 'order'
      order: string
      customer: string
      units: number
      codes: string[]
      shown: number
      engineFails: boolean
    }
  | { do: 'cancel'; order: string }
  | { do: 'return'; order: string; key: string; units: number }
  /** `promos`: which; undefined: all. */
  | { do: 'pause'; promos: string[] | undefined; reason: string }
  /** Of dead letters; `all`, or some that are drawn when it comes to it. */
  | { do: 'redrive'; all?: true }
  /** Of what lies aside. */
  | { do: 'discard_aside'; kind: 'unknown' | 'unsent' }
  | { do: 'look' | 'discard' | 'resend' | 'replay' | 'sweep' | 'reload' }

/** Two seconds before the day and the month end. */
