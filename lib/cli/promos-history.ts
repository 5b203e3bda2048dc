// `kram promos list|history|diff`.
import type { Language } from '../base/languages.ts'
import type { PromoConfig } from '../promos/config.ts'
import { sentence } from '../promos/sentence.ts'
import { oneLine } from '../shop/print.ts'
import type { ShopOptions } from './options.ts'
import type { PromoDiff, PromoHistoryEntry, PromoSummary } from './promos-client.ts'
import { withClient } from './shop-client.ts'

type Common = ShopOptions & { lang?: Language }

export async function list({ dataDir, json, state, lang }: Common & { state?: string }): Promise<void> {
  await withClient(dataDir, async ({ promos, settings }) => {
    for await (const promo of promos.list({ config: lang !== undefined })) {
      if (state !== undefined && promo.state !== state) continue
      const { config, faults } = promo
      const told =
        lang && config && !faults ? sentence(config as PromoConfig, { ...settings, language: lang }) : undefined
      if (json) console.log(JSON.stringify(told === undefined ? promo : { ...promo, sentence: told }))
      else
        console.log(
          [promoLine(promo), ...faultLines(promo), ...(told === undefined ? [] : [`   ${told}`])]
            .map(oneLine)
            .join('\n'),
        )
    }
  })
}

const promoLine = ({ id, version, state, title }: PromoSummary): string =>
  `${id}  version ${version}, ${state}${title === undefined ? '' : `: ${title}`}`

/** Whoever lists promotions must learn which of them apply to nobody. */
const faultLines = ({ faults = [] }: PromoSummary): string[] =>
  faults.length === 0
    ? []
    : [
        '   applies to nobody until it is mended and published again: rules have changed since it was saved',
        ...faults.map(({ pointer, message }) => `   ${pointer} ${message}`),
      ]

const toldIn = (language: Language | undefined) => (language === undefined ? {} : { language })

export async function history(id: string, { dataDir, json, count, lang }: Common & { count: number }): Promise<void> {
  await withClient(dataDir, async ({ promos }) => {
    let left = count
    for await (const entry of promos.history(id, toldIn(lang))) {
      console.log(json ? JSON.stringify(entry) : entryText(entry))
      if (--left === 0) break
    }
  })
}

/** In sentences where a language was asked for. */
const toldOf = ({ changes, in_words }: Pick<PromoDiff, 'changes' | 'in_words'>): readonly string[] =>
  in_words ?? changes.map(({ text }) => text)

function entryText(entry: PromoHistoryEntry): string {
  const { version, state, saved_at, saved_by, reason } = entry
  const head = `${version}  ${saved_at}  ${saved_by}: ${reason} (${state})`
  return [head, ...toldOf(entry).map((text) => `   ${text}`)].map(oneLine).join('\n')
}

/** Without versions: what the last save changed. With one: what changed from it to now. */
export async function diff(
  id: string,
  from: number | undefined,
  to: number | undefined,
  { dataDir, json, lang }: Common,
): Promise<void> {
  await withClient(dataDir, async ({ promos }) => {
    const newest = to ?? (await promos.get(id)).version
    const versions = { from: from ?? Math.max(1, newest - 1), to: newest }
    const found = await promos.diff(id, { ...versions, ...toldIn(lang) })
    console.log(json ? JSON.stringify(found) : diffText(found))
  })
}

function diffText(diff: PromoDiff): string {
  const told = toldOf(diff).map((text) => `  ${text}`)
  return [`${diff.id}: from version ${diff.from} to ${diff.to}`, ...(told.length === 0 ? ['  nothing changed'] : told)]
    .map(oneLine)
    .join('\n')
}
