// `kram promos list|history|diff`.
import { changesInWords } from '../promos/changes.ts'
import type { PromoConfig } from '../promos/config.ts'
import type { Language } from '../promos/languages.ts'
import { type SentenceOptions, sentence } from '../promos/sentence.ts'
import { oneLine } from '../shop/print.ts'
import type { PromoDiff, PromoHistoryEntry, PromoSummary } from './promos-client.ts'
import { withClient } from './shop-client.ts'

type Common = { dataDir: string; json: boolean; lang?: Language }

/** Configs that the shop keeps have passed the schema when they were saved. */
const checked = (config: object): PromoConfig => config as PromoConfig

export async function list({ dataDir, json, state, lang }: Common & { state?: string }): Promise<void> {
  await withClient(dataDir, async ({ promos, settings }) => {
    for await (const promo of promos.list({ config: lang !== undefined })) {
      if (state !== undefined && promo.state !== state) continue
      const told = lang && promo.config ? sentence(checked(promo.config), { ...settings, language: lang }) : undefined
      if (json) console.log(JSON.stringify(told === undefined ? promo : { ...promo, sentence: told }))
      else console.log([promoLine(promo), ...(told === undefined ? [] : [`   ${oneLine(told)}`])].join('\n'))
    }
  })
}

const promoLine = ({ id, version, state, title }: PromoSummary): string =>
  oneLine(`${id}  version ${version}, ${state}${title === undefined ? '' : `: ${title}`}`)

export async function history(id: string, { dataDir, json, count, lang }: Common & { count: number }): Promise<void> {
  await withClient(dataDir, async ({ promos, settings }) => {
    const tell = (entry: PromoHistoryEntry, before?: PromoHistoryEntry): void => {
      const told = lang && inWords(before?.config ?? {}, entry.config ?? {}, { ...settings, language: lang })
      console.log(json ? JSON.stringify({ ...entry, ...(told && { in_words: told }) }) : entryText(entry, told))
    }
    let left = count
    // What a version changed is known when the one before it has come.
    let waiting: PromoHistoryEntry | undefined
    for await (const entry of promos.history(id, { config: lang !== undefined })) {
      if (waiting) tell(waiting, entry)
      waiting = undefined
      if (left-- === 0) break
      if (lang === undefined) tell(entry)
      else waiting = entry
    }
    if (waiting) tell(waiting)
  })
}

const inWords = (before: object, after: object, options: SentenceOptions): string[] =>
  changesInWords(checked(before), checked(after), options)

function entryText(
  { version, state, saved_at, saved_by, reason, changes }: PromoHistoryEntry,
  told: readonly string[] = changes.map(({ text }) => text),
): string {
  const head = `${version}  ${saved_at}  ${saved_by}: ${reason} (${state})`
  return [head, ...told.map((text) => `   ${text}`)].map(oneLine).join('\n')
}

/** Without versions: what the last save changed. With one: what changed from it to now. */
export async function diff(
  id: string,
  from: number | undefined,
  to: number | undefined,
  { dataDir, json, lang }: Common,
): Promise<void> {
  await withClient(dataDir, async ({ promos, settings }) => {
    const newest = to ?? (await promos.get(id)).version
    const found = await promos.diff(id, { from: from ?? Math.max(1, newest - 1), to: newest })
    if (lang === undefined) {
      console.log(json ? JSON.stringify(found) : diffText(found))
      return
    }
    const [older, newer] = await Promise.all([promos.get(id, found.from), promos.get(id, found.to)])
    const told = inWords(older.config, newer.config, { ...settings, language: lang })
    console.log(json ? JSON.stringify({ ...found, in_words: told }) : diffText(found, told))
  })
}

function diffText({ id, from, to, changes }: PromoDiff, words: readonly string[] = changes.map(({ text }) => text)) {
  const told = words.map((text) => `  ${text}`)
  return [`${id}: from version ${from} to ${to}`, ...(told.length === 0 ? ['  nothing changed'] : told)]
    .map(oneLine)
    .join('\n')
}
