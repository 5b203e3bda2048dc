// Promotions as the commands see them, and the shop that runs behind it. promos-on-files.ts is the other one; both
// answer what the API answers.
import type * as v from 'valibot'
import type { JsonObject } from '../base/json.ts'
import type { Language } from '../base/languages.ts'
import { limits } from '../base/limits.ts'
import {
  getPromo,
  getPromoDiff,
  listPromos,
  listPromoVersions,
  postRollback,
  putPromo,
} from '../lambda/routes/promos.ts'
import type { Call } from './http-client.ts'
import { allPages } from './pages.ts'

type AnswerOf<R extends { answer: { schema: v.GenericSchema } }> = v.InferOutput<R['answer']['schema']>

export type PromoSummary = AnswerOf<typeof listPromos>['items'][number]
export type Promo = AnswerOf<typeof getPromo>
/** With what is probably not meant about it. */
export type SavedPromo = AnswerOf<typeof putPromo>
export type PromoHistoryEntry = AnswerOf<typeof listPromoVersions>['items'][number]
export type PromoDiff = AnswerOf<typeof getPromoDiff>

type Saving = { id: string; expectedVersion: number; reason: string }

/** `config`: it comes with each. */
type Wanted = { config?: boolean }

/** What changed is told `in_words` of it too. */
type ToldIn = { language?: Language }

export type PromosClient = {
  /** In order of id. */
  list(options?: Wanted): AsyncIterable<PromoSummary>
  /** The current version, or the one asked for. @throws KramError not_found: unknown_promo, unknown_promo_version */
  get(id: string, version?: number): Promise<Promo>
  /** Newest first. */
  history(id: string, options?: ToldIn): AsyncIterable<PromoHistoryEntry>
  diff(id: string, options: { from: number; to: number } & ToldIn): Promise<PromoDiff>
  save(saving: Saving & { config: JsonObject }): Promise<SavedPromo>
  rollBack(saving: Saving & { to: number }): Promise<SavedPromo>
}

const limit = limits.pageItems
export const promosOverHttp = (call: Call): PromosClient => ({
  list: ({ config } = {}) =>
    allPages((after) => call(listPromos, { query: { limit, after, include: config ? 'config' : undefined } })),
  get: (id, version) => call(getPromo, { params: { id }, query: { version } }),
  history: (id, { language } = {}) =>
    allPages((after) => call(listPromoVersions, { params: { id }, query: { limit, after, language } })),
  diff: (id, query) => call(getPromoDiff, { params: { id }, query }),
  save: ({ id, config, expectedVersion, reason }) =>
    call(putPromo, { params: { id }, body: { config, expected_version: expectedVersion, reason } }),
  rollBack: ({ id, to, expectedVersion, reason }) =>
    call(postRollback, { params: { id }, body: { to, expected_version: expectedVersion, reason } }),
})
