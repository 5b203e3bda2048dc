// Promotions as editors see them: the current versions, the history of one, what changed between two.
import type { JsonObject } from '../../base/json.ts'
import type { Language } from '../../base/languages.ts'
import type { Page, Table } from '../../ports/table.ts'
import type { Deps } from '../deps.ts'
import { keys, promoKey, promosKey } from '../keys.ts'
import { notFound } from '../not-found.ts'
import { allItems, type PageRequest } from '../pages.ts'
import { type PromoChange, promoChanges } from './change-words.ts'
import { type PromoVersion, promoVersionOf } from './promo-version.ts'
import { toldChanges } from './told-changes.ts'

type ReadDeps = Pick<Deps, 'table'>

type TellDeps = Pick<Deps, 'table' | 'settings'>

/** `in_words`: in the language that was asked for. */
type Changes = { changes: PromoChange[]; in_words?: string[] }

/** A version with what changed since the one before it. */
export type HistoryEntry = PromoVersion & Changes

/** The language to tell changes in, beside the places and values that are told always. */
type ToldIn = { language?: Language }

function changesOf(older: JsonObject, newer: JsonObject, { settings }: TellDeps, language?: Language): Changes {
  const changes = promoChanges(older, newer)
  return language === undefined
    ? { changes }
    : { changes, in_words: toldChanges(older, newer, { ...settings, language }) }
}

/** Current versions in order of id. */
export async function listPromos({ table }: ReadDeps, page: PageRequest = {}): Promise<Page<PromoVersion>> {
  const { items, ...rest } = await table.query({ pk: promosKey, prefix: 'promo#', ...page })
  return { items: items.map(promoVersionOf), ...rest }
}

/** Every current version. */
export async function* allPromos(table: Table): AsyncGenerator<PromoVersion> {
  for await (const item of allItems(table, { pk: promosKey, prefix: 'promo#', limit: 1_000 })) {
    yield promoVersionOf(item)
  }
}

/** @throws KramError not_found `unknown_promo` */
export async function getPromo({ table }: ReadDeps, id: string): Promise<PromoVersion> {
  const [item] = await table.get([keys.promo(id)])
  if (!item) throw notFound('promo', id)
  return promoVersionOf(item)
}

/** @throws KramError not_found `unknown_promo`, `unknown_promo_version` */
export async function getPromoVersion({ table }: ReadDeps, id: string, version: number): Promise<PromoVersion> {
  const [current, item] = await table.get([keys.promo(id), keys.promoVersion(id, version)])
  if (!current) throw notFound('promo', id)
  if (!item) throw notFound('promo_version', `${version} of ${id}`)
  return promoVersionOf(item)
}

/**
 * The versions of one promotion, newest first.
 * @throws KramError not_found `unknown_promo`; invalid `page_token`, `page_limit`
 */
export async function promoHistory(
  deps: TellDeps,
  id: string,
  { language, ...page }: PageRequest & ToldIn = {},
): Promise<Page<HistoryEntry>> {
  const { table } = deps
  const { items, ...rest } = await table.query({ pk: promoKey(id), prefix: 'v', reverse: true, ...page })
  const versions = items.map(promoVersionOf)
  const last = versions.at(-1)
  if (!last && page.after === undefined) throw notFound('promo', id)
  const [beforeLast] = last && last.version > 1 ? await table.get([keys.promoVersion(id, last.version - 1)]) : []
  const before = (i: number): JsonObject =>
    versions[i + 1]?.config ?? (beforeLast ? promoVersionOf(beforeLast).config : {})
  const entries = versions.map((version, i) => ({
    ...version,
    ...changesOf(before(i), version.config, deps, language),
  }))
  return { items: entries, ...rest }
}

export type PromoDiff = { id: string; from: number; to: number } & Changes

/**
 * What changed from one version to another, in either direction.
 * @throws KramError not_found `unknown_promo`, `unknown_promo_version`
 */
export async function diffPromo(
  deps: TellDeps,
  id: string,
  { from, to, language }: { from: number; to: number } & ToldIn,
): Promise<PromoDiff> {
  const [older, newer] = await Promise.all([getPromoVersion(deps, id, from), getPromoVersion(deps, id, to)])
  return { id, from, to, ...changesOf(older.config, newer.config, deps, language) }
}
