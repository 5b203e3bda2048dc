// What changed between two saved configs in a reader's language, as the admin page and `--lang` tell it.
import type { JsonObject } from '../../base/json.ts'
import { issuesOf } from '../../base/schema.ts'
import { changesInWords } from '../../promos/changes.ts'
import { type PromoConfig, promoSchema } from '../../promos/config.ts'
import type { SentenceOptions } from '../../promos/sentence.ts'
import { promoChanges } from './change-words.ts'

// One that was saved under another schema than today's is not told in sentences.
const isToday = (config: JsonObject): boolean =>
  Object.keys(config).length === 0 || issuesOf(promoSchema, config).length === 0

/** One sentence for each change; from nothing (`{}`) one that tells the whole. */
export function toldChanges(older: JsonObject, newer: JsonObject, options: SentenceOptions): string[] {
  if (!isToday(older) || !isToday(newer)) return promoChanges(older, newer).map(({ text }) => text)
  return changesInWords(older as PromoConfig, newer as unknown as PromoConfig, options)
}
