// Wall clocks: what a clock on the wall of a time zone shows at an instant, and back, daylight-saving days included.
// Rules are ECMA-402's (the IANA database of the runtime), asked once for each quarter of an hour and remembered.
import { dayMs, toInstant, toMs } from './time.ts'

/**
 * A reading of a wall clock, as the number of milliseconds since the epoch at which a clock on UTC shows the same.
 * Only for arithmetic within one zone.
 */
export type WallMs = number

// Every zone's offset has only ever changed on a quarter of an hour since 1970 (IANA time zone database).
const slotMs = 15 * 60_000

/** Zones come from configs, so what is remembered is bounded: forgotten when this many entries are there. */
const rememberedOffsets = 10_000

type Zone = { format: Intl.DateTimeFormat; offsets: Map<number, number> }
const zones = new Map<string, Zone | undefined>()

function zoneOf(timeZone: string): Zone | undefined {
  if (!zones.has(timeZone)) {
    if (zones.size >= 1_000) zones.clear()
    zones.set(timeZone, openZone(timeZone))
  }
  return zones.get(timeZone)
}

function openZone(timeZone: string): Zone | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    return { format, offsets: new Map() }
  } catch {
    return undefined
  }
}

/** Whether the runtime knows the zone: `Europe/Kyiv`, `UTC`. */
export const isTimeZone = (timeZone: string): boolean => zoneOf(timeZone) !== undefined

/** How far the zone's clocks are ahead of UTC at an instant (milliseconds since the epoch, 1970 to 9999). */
export function offsetMs(timeZone: string, ms: number): number {
  const zone = zoneOf(timeZone)
  if (zone === undefined) throw new RangeError('unknown time zone')
  const slot = Math.floor(ms / slotMs) * slotMs
  const known = zone.offsets.get(slot)
  if (known !== undefined) return known
  const part: Record<string, string> = {}
  for (const { type, value } of zone.format.formatToParts(slot)) part[type] = value
  const { year = '', month, day, hour, minute, second } = part
  const offset = toMs(`${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}.000Z`) - slot
  if (zone.offsets.size >= rememberedOffsets) zone.offsets.clear()
  zone.offsets.set(slot, offset)
  return offset
}

/** What the zone's clocks show at an instant. */
export const wallAt = (timeZone: string, ms: number): WallMs => ms + offsetMs(timeZone, ms)

/** Every instant at which the zone's clocks show this: none in a gap, two where they are put back, else one. */
export function instantsOf(timeZone: string, wall: WallMs): number[] {
  const before = offsetMs(timeZone, wall - dayMs)
  const after = offsetMs(timeZone, wall + dayMs)
  const instants = before === after ? [wall - before] : [wall - before, wall - after]
  return instants.filter((ms) => wallAt(timeZone, ms) === wall).sort((a, b) => a - b)
}

/**
 * The instant that a date and time written by people means. As Temporal's `compatible` and java.time do: of two the
 * earlier; one that clocks leap over is later by the length of the leap.
 */
function instantOf(timeZone: string, wall: WallMs): number {
  return instantsOf(timeZone, wall)[0] ?? wall - offsetMs(timeZone, wall - dayMs)
}

/** The first instant of a local day (`2022-08-24`): its midnight, or where clocks leap over that, the end of the leap. */
export function startOfDay(timeZone: string, day: string): number {
  const midnight = toMs(`${day}T00:00:00.000Z`)
  const [first] = instantsOf(timeZone, midnight)
  if (first !== undefined) return first
  return transitionBetween(timeZone, midnight - dayMs, midnight + dayMs)
}

/** The first instant after `fromMs` with another offset than there; a change of offset must lie between the two. */
export function transitionBetween(timeZone: string, fromMs: number, toMs: number): number {
  const before = offsetMs(timeZone, fromMs)
  let low = fromMs
  let high = toMs
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(timeZone, middle) === before) low = middle
    else high = middle
  }
  return high
}

/** The local day (`2022-08-24`) of a wall clock's reading. */
export const dayOf = (wall: WallMs): string => toInstant(wall).slice(0, 10)

/** 1 Monday ... 7 Sunday. 1970-01-01 was a Thursday. */
export const weekdayOf = (wall: WallMs): number => ((((Math.floor(wall / dayMs) + 3) % 7) + 7) % 7) + 1

/** Minutes since midnight that a wall clock shows, 0 to 1439. */
export const minuteOf = (wall: WallMs): number => Math.floor((((wall % dayMs) + dayMs) % dayMs) / 60_000)

const written = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** What people write for a moment: a bare day, or a time on some clock. */
export type WrittenTime = { day: string; ms?: number }

/**
 * Reads `2022-08-24`, `2022-08-24T10:00`, `2022-08-24T10:00:00+03:00` or with `Z`; a time without an offset is one
 * of `timeZone`. `ms` is missing for a bare day. undefined: not a date and time, or not one of 1970 to 9998.
 */
export function readTime(text: string, timeZone: string): WrittenTime | undefined {
  const match = written.exec(text)
  const day = match?.[1]
  if (!match || day === undefined || day < '1970-01-02' || day >= '9999') return undefined
  const midnight = toMs(`${day}T00:00:00.000Z`)
  // `2022-02-30` is refused by some parsers and moved to March by others: it is no day.
  if (Number.isNaN(midnight) || toInstant(midnight).slice(0, 10) !== day) return undefined
  if (match[2] === undefined) return { day }
  const [hour, minute, second] = [Number(match[2]), Number(match[3]), Number(match[4] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const wall = midnight + ((hour * 60 + minute) * 60 + second) * 1000 + Number((match[5] ?? '0').padEnd(3, '0'))
  if (match[6] === undefined) return { day, ms: instantOf(timeZone, wall) }
  if (match[6] === 'Z') return { day, ms: wall }
  const [offsetHours, offsetMinutes] = [Number(match[6].slice(1, 3)), Number(match[6].slice(4))]
  if (offsetHours > 14 || offsetMinutes > 59) return undefined
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000
  return { day, ms: match[6].startsWith('-') ? wall + offset : wall - offset }
}
