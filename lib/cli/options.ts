// Options that several commands share, and the parsers of their values: a bad one is a wrong command line (exit 2).
import { type Command, InvalidArgumentError, Option } from 'commander'
import { languages } from '../base/languages.ts'
import { isInstant, toInstant } from '../base/time.ts'
import { vias } from '../shop/samples.ts'

/** Of a generous sample; more is a load test, which has tools of its own (bench/). */
const maxCount = 100_000

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d{1,6}$/.test(text) || value > maxCount) {
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${maxCount}.`)
  }
  return value
}

export function positiveNumber(text: string): number {
  const value = wholeNumber(text)
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.')
  return value
}

export function seedText(text: string): string {
  if (text === '' || text.length > 100) throw new InvalidArgumentError('It must have 1 to 100 characters.')
  return text
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `90s`, `15m`, `12h`, `7d` -> seconds. */
export function durationSeconds(text: string): number {
  const match = /^([1-9]\d{0,5})([smhd])$/.exec(text)
  if (!match) throw new InvalidArgumentError('It must be a duration such as 90s, 15m, 12h or 7d.')
  return Number(match[1]) * (unitSeconds[match[2] ?? ''] ?? 0)
}

/** A UTC instant, with or without milliseconds, or a day. */
function instantText(text: string): string {
  const full = /^\d{4}-\d\d-\d\d$/.test(text)
    ? `${text}T00:00:00.000Z`
    : text.replace(/(?<=T\d\d:\d\d:\d\d)Z$/, '.000Z')
  if (!isInstant(full)) {
    throw new InvalidArgumentError('It must be a UTC instant such as 2022-04-24T19:41:07Z, or a day.')
  }
  return full
}

/** An instant, or a duration before `nowMs`. */
export const instantOrAgo =
  (nowMs: number) =>
  (text: string): string =>
    /^\d+[smhd]$/.test(text) ? toInstant(nowMs - durationSeconds(text) * 1_000) : instantText(text)

export const dataOption = (): Option =>
  new Option('--data-dir <folder>', 'where the shop keeps its files').env('KRAM_DATA').default('.kram')

export const viaOption = (): Option =>
  new Option('--via <way>', 'over the bus, or into the table directly').choices(vias).default('bus')

export const jsonOption = (): Option => new Option('--json', 'print JSON, one value a line').default(false)

/** What a command is given that asks the shop. */
export type ShopOptions = { dataDir: string; json: boolean }

export const withShopOptions = (command: Command): Command => command.addOption(jsonOption()).addOption(dataOption())

export const languageOption = (): Option =>
  new Option('--lang <language>', 'of the print-out').choices(languages).default('pl')
