// What changed between two configs, in the reader's language.
import { changesInWords } from '../lib/promos/changes.ts'
import type { PromoConfig } from '../lib/promos/config.ts'
import { language } from './i18n.ts'
import { shop } from './shop.ts'

/** One sentence for each change; of configs that make no sense (yet), the changed fields as JSON. */
export function changesOf(before: object, after: object): string[] {
  const { currency, time_zone: timeZone } = shop.value
  try {
    return changesInWords(before as PromoConfig, after as PromoConfig, { language: language.value, currency, timeZone })
  } catch {
    const [older, newer] = [before, after].map((config) => new Map(Object.entries(config)))
    return [...(newer ?? [])].flatMap(([field, value]) => {
      const text = JSON.stringify(value)
      return JSON.stringify(older?.get(field)) === text ? [] : [`${field}: ${text}`]
    })
  }
}
