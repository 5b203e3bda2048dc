// What lists and the calendar show of a promotion: its standing at a moment, and when it is in force. Pure.
import type { PromoConfig } from '../lib/promos/config.ts'
import { compileWindow, type PromoWindow, type WindowConfig } from '../lib/promos/window.ts'
import type { PromoEntry } from '../lib/shop/admin-types.ts'

/**
 * `scheduled` and `ended` are live promotions whose time has not come, or is over; `faulty` ones apply to nobody, since
 * they were saved under other rules.
 */
export const standings = ['faulty', 'live', 'scheduled', 'test', 'draft', 'ended'] as const
export type Standing = (typeof standings)[number]

/** A promotion as the page keeps it: the config is always there. */
export type Promo = PromoEntry & { config: PromoConfig }

const always: PromoWindow = { startMs: Number.NEGATIVE_INFINITY, finishMs: Number.POSITIVE_INFINITY }

/** When it is in force; always, for a window that no longer reads (what is stored has been checked). */
export function windowOf(config: WindowConfig, timeZone: string): PromoWindow {
  try {
    return compileWindow(config, timeZone)
  } catch {
    return always
  }
}

export function standingOf({ state, config, faults }: Promo, timeZone: string, nowMs: number): Standing {
  if (state === 'draft') return 'draft'
  if (faults) return 'faulty'
  const { startMs, finishMs } = windowOf(config, timeZone)
  if (nowMs >= finishMs) return 'ended'
  if (state === 'test') return 'test'
  return nowMs < startMs ? 'scheduled' : 'live'
}

export const titleOf = ({ id, config }: Promo): string => config.title ?? id

/** Whether every word of the search is in id, title, notes, or anything else that the config says. */
export function matchesSearch(promo: Promo, search: string, sentence: string): boolean {
  const text = `${promo.id} ${sentence} ${JSON.stringify(promo.config)}`.toLocaleLowerCase()
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** An id that nobody has, made of a title: `Summer sale -20 %` becomes `summer-sale-20`. */
export function freeId(title: string, taken: ReadonlySet<string>): string {
  const stem =
    [...title.normalize('NFKD').toLocaleLowerCase()]
      .map((char) => (/[\p{L}\p{N}]/u.test(char) ? char : /\p{M}/u.test(char) ? '' : '-'))
      .join('')
      .replace(/-+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 50) || 'promo'
  if (!taken.has(stem)) return stem
  for (let n = 2; ; n++) if (!taken.has(`${stem}-${n}`)) return `${stem}-${n}`
}
