// Promotions on the shop's files, when no shop runs.
import type { Deps } from '../app/deps.ts'
import { diffPromo, getPromo, getPromoVersion, listPromos, promoHistory } from '../app/promos/read-promos.ts'
import { rollBackPromo, savePromo } from '../app/promos/save-promo.ts'
import { limits } from '../base/limits.ts'
import { historyAnswer, promoAnswer, promoSummary } from '../lambda/promo-answers.ts'
import { savedAnswer } from '../lambda/saved-promo-answer.ts'
import { faultsOf } from '../lambda/stored-promo-faults.ts'
import { allPages } from './pages.ts'
import type { PromosClient } from './promos-client.ts'

const limit = limits.pageItems

/** `by`: who is named in the history. */
export function promosOnFiles(deps: Deps, by: string): PromosClient {
  const page = (after: string | undefined) => ({ limit, ...(after !== undefined && { after }) })
  return {
    async *list({ config } = {}) {
      const shown = config ? promoAnswer : promoSummary
      for await (const promo of allPages((after) => listPromos(deps, page(after)))) {
        yield { ...shown(promo), ...faultsOf(promo, deps.settings) }
      }
    },
    async get(id, version) {
      const found = await (version === undefined ? getPromo(deps, id) : getPromoVersion(deps, id, version))
      return { ...promoAnswer(found), ...faultsOf(found, deps.settings) }
    },
    async *history(id, told = {}) {
      for await (const entry of allPages((after) => promoHistory(deps, id, { ...page(after), ...told }))) {
        yield historyAnswer(entry)
      }
    },
    diff: (id, options) => diffPromo(deps, id, options),
    save: async (saving) => await savedAnswer(deps, await savePromo(deps, { ...saving, by })),
    rollBack: async (saving) => await savedAnswer(deps, await rollBackPromo(deps, { ...saving, by })),
  }
}
