// What a promotion says in one sentence, and when it is in force, in the reader's language.
import { dayMs } from '../lib/base/time.ts'
import { wallAt } from '../lib/base/zones.ts'
import type { PromoConfig } from '../lib/promos/config.ts'
import type { Filter } from '../lib/promos/filter-schema.ts'
import { sentence } from '../lib/promos/sentence.ts'
import { goodsText } from '../lib/promos/sentences/goods.ts'
import type { WindowConfig } from '../lib/promos/window.ts'
import { day, language, moment, t } from './i18n.ts'
import { type Promo, type Standing, standingOf, windowOf } from './promo-view.ts'
import { sentenceWords } from './sentence-words.ts'
import { shop } from './shop.ts'

const made = new WeakMap<object, { [language: string]: string }>()

/** The whole config in one sentence, if it still makes one; remembered, since lists ask for it at every key. */
export function sentenceOf(config: PromoConfig): string {
  const known = made.get(config) ?? {}
  made.set(config, known)
  const { currency, time_zone: timeZone } = shop.value
  try {
    known[language.value] ??= sentence(config, { language: language.value, currency, timeZone })
  } catch {
    // Saved under other rules, which knew what it says.
  }
  return known[language.value] ?? ''
}

/** Goods that a filter lets through. */
export function goodsOf(filter: Filter): string {
  const words = sentenceWords[language.value]
  return words ? goodsText(filter, { words, language: language.value, currency: shop.value.currency }).plain : ''
}

const isMidnight = (ms: number, zone: string): boolean => ((wallAt(zone, ms) % dayMs) + dayMs) % dayMs === 0

/** `1 – 30 Nov 2026`; times only where they are not midnight. */
export function whenOf(config: WindowConfig): string {
  const zone = config.time_zone ?? shop.value.time_zone
  const { startMs, finishMs } = windowOf(config, zone)
  const from = Number.isFinite(startMs) ? (isMidnight(startMs, zone) ? day(startMs, zone) : moment(startMs, zone)) : ''
  const to = Number.isFinite(finishMs)
    ? isMidnight(finishMs, zone)
      ? day(finishMs - 1, zone)
      : moment(finishMs, zone)
    : ''
  if (from && to) return from === to ? from : t('when.fromTo', { from, to })
  if (from) return t('when.from', { from })
  return to ? t('when.to', { to }) : t(config.recurrence ? 'when.recurrence' : 'when.always')
}

/** Its standing now. */
export const standing = (promo: Promo): Standing => standingOf(promo, shop.value.time_zone, Date.now())
