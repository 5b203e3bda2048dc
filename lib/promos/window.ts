// When a promo is in force: a half-open span of instants, which a recurrence narrows to weekdays and hours on the
// wall clock of the promo's time zone.
import { assert } from '../base/assert.ts'
import { dayMs, toMs } from '../base/time.ts'
import {
  dayOf,
  instantsOf,
  minuteOf,
  offsetMs,
  readTime,
  startOfDay,
  transitionBetween,
  wallAt,
  weekdayOf,
} from '../base/zones.ts'

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** Hours are `HH:MM`, `24:00` allowed as the end; from 22:00 to 02:00 is the night that begins on those weekdays. */
export type RecurrenceConfig = { weekdays?: Weekday[] | undefined; from?: string | undefined; to?: string | undefined }

export type WindowConfig = {
  start?: string | undefined
  finish?: string | undefined
  time_zone?: string | undefined
  recurrence?: RecurrenceConfig | undefined
}

/** Milliseconds since the epoch; without a bound, the infinities. */
export type PromoWindow = { startMs: number; finishMs: number; recurrence?: Recurrence }

/** `days[weekday]`, 1 Monday to 7 Sunday; minutes of the day, `to` up to 1440; `to <= from`: over midnight. */
export type Recurrence = { timeZone: string; days: readonly boolean[]; from: number; to: number }

const minuteMs = 60_000

/** The minutes of `HH:MM`, or undefined. */
export function readMinutes(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match) return Number(match[1]) * 60 + Number(match[2])
  return text === '24:00' ? 1440 : undefined
}

/** Compiles a window that the schema has passed. `timeZone` is the shop's, for promos that name none. */
export function compileWindow(config: WindowConfig, timeZone: string): PromoWindow {
  const zone = config.time_zone ?? timeZone
  const startMs = config.start === undefined ? Number.NEGATIVE_INFINITY : startOf(config.start, zone)
  const finishMs = config.finish === undefined ? Number.POSITIVE_INFINITY : finishOf(config.finish, zone)
  const { recurrence } = config
  if (recurrence === undefined) return { startMs, finishMs }
  const named = recurrence.weekdays ?? weekdays
  const days = [false, ...weekdays.map((weekday) => named.includes(weekday))]
  const from = readMinutes(recurrence.from ?? '00:00')
  const to = readMinutes(recurrence.to ?? '24:00')
  assert(from !== undefined && to !== undefined, 'hours have passed the schema')
  return { startMs, finishMs, recurrence: { timeZone: zone, days, from, to } }
}

function startOf(text: string, zone: string): number {
  const time = readTime(text, zone)
  assert(time, 'times have passed the schema')
  return time.ms ?? startOfDay(zone, time.day)
}

// A bare day ends where the next one begins.
function finishOf(text: string, zone: string): number {
  const time = readTime(text, zone)
  assert(time, 'times have passed the schema')
  return time.ms ?? startOfDay(zone, dayOf(toMs(`${time.day}T00:00:00.000Z`) + dayMs))
}

/** Whether the promo is in force at an instant. */
export function isOpen(window: PromoWindow, ms: number): boolean {
  if (ms < window.startMs || ms >= window.finishMs) return false
  return window.recurrence === undefined || recursAt(window.recurrence, ms)
}

/** Whether the wall clock shows one of the weekdays and hours. */
function recursAt(recurrence: Recurrence, ms: number): boolean {
  const wall = wallAt(recurrence.timeZone, ms)
  const minute = minuteOf(wall)
  const weekday = weekdayOf(wall)
  const { days, from, to } = recurrence
  if (from < to) return days[weekday] === true && minute >= from && minute < to
  const eve = weekday === 1 ? 7 : weekday - 1
  return (days[weekday] === true && minute >= from) || (days[eve] === true && minute < to)
}

// A week and a day: every pattern of weekdays shows itself; the rest is for clocks that leap over an hour of it.
const horizonDays = 16

/** The first instant after `ms` at which the promo comes into force or goes out of it; undefined: never again. */
export function nextBoundary(window: PromoWindow, ms: number): number | undefined {
  if (ms >= window.finishMs) return undefined
  if (window.recurrence === undefined) return nextBound(window, ms)
  if (ms < window.startMs && recursAt(window.recurrence, window.startMs)) return window.startMs
  const turn = nextTurn(window.recurrence, Math.max(ms, window.startMs))
  if (turn !== undefined && turn < window.finishMs) return turn
  return isOpen(window, ms) && Number.isFinite(window.finishMs) ? window.finishMs : undefined
}

function nextBound({ startMs, finishMs }: PromoWindow, ms: number): number | undefined {
  if (ms < startMs) return startMs
  return Number.isFinite(finishMs) ? finishMs : undefined
}

// The first instant after `ms` at which the recurrence changes. Only three things can change it: the hours' ends, by
// either of two readings of a clock put back, midnights, and a leap of the clocks.
function nextTurn(recurrence: Recurrence, ms: number): number | undefined {
  const open = recursAt(recurrence, ms)
  const { timeZone, from, to } = recurrence
  const today = wallAt(timeZone, ms)
  const midnight = today - (((today % dayMs) + dayMs) % dayMs)
  for (let day = 0; day < horizonDays; day++) {
    const start = midnight + day * dayMs
    const minutes = [0, from, to % 1440]
    const candidates = minutes.flatMap((minute) => instantsOf(timeZone, start + minute * minuteMs))
    candidates.push(...leapsOn(timeZone, start))
    candidates.sort((a, b) => a - b)
    const turn = candidates.find((instant) => instant > ms && recursAt(recurrence, instant) !== open)
    if (turn !== undefined) return turn
  }
  return undefined
}

// When the clocks leap to a reading of the day that begins with this midnight.
function leapsOn(timeZone: string, midnight: number): number[] {
  const from = midnight - offsetMs(timeZone, midnight) - dayMs
  const to = from + 3 * dayMs
  if (offsetMs(timeZone, from) === offsetMs(timeZone, to)) return []
  const leap = transitionBetween(timeZone, from, to)
  const wall = wallAt(timeZone, leap)
  return wall >= midnight && wall < midnight + dayMs ? [leap] : []
}

/** The first instant from `ms` on at which the promo is in force; undefined: never. */
export function firstOpening(window: PromoWindow, ms = window.startMs): number | undefined {
  const from = Math.max(ms, window.startMs)
  if (!Number.isFinite(from)) return firstOpening(window, 0)
  if (isOpen(window, from)) return from
  const next = nextBoundary(window, from)
  return next !== undefined && isOpen(window, next) ? next : undefined
}
