// Time as text: ISO 8601 instants in UTC with milliseconds, the only form in which events and items carry time.

/** `2022-04-24T19:41:07.123Z`. Sorts as text in order of time. */
export type Instant = string

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

const instantPattern = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/** Whether the text is an instant as we write them, and a day that exists. */
export const isInstant = (text: string): boolean =>
  // Every month has the days up to the 28th; which have more, Date knows.
  // biome-ignore lint/style/noRestrictedGlobals: parsing given text reads no clock
  instantPattern.test(text) && (text.slice(8, 10) <= '28' || new Date(text).toJSON() === text)

/** Milliseconds since the epoch -> instant. */
// biome-ignore lint/style/noRestrictedGlobals: formatting a given time reads no clock
export const toInstant = (ms: number): Instant => new Date(ms).toISOString()

/** Instant -> milliseconds since the epoch. */
// biome-ignore lint/style/noRestrictedGlobals: parsing given text reads no clock
export const toMs = (instant: Instant): number => Date.parse(instant)

/** The UTC day of an instant: `2022-04-24`. */
export const utcDay = (instant: Instant): string => instant.slice(0, 10)

/** The UTC day `days` before (negative: after) the given one. */
export const daysBefore = (day: string, days: number): string =>
  utcDay(toInstant(toMs(`${day}T00:00:00.000Z`) - days * dayMs))
