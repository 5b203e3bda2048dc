// The page tries promotions without the indexes that checkout has: every answer must be the one that checkout gives.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type AllocateOptions, allocate } from '../../lib/promos/allocate.ts'
import type { PromoConfig } from '../../lib/promos/config.ts'
import { explain } from '../../lib/promos/explain.ts'
import type { Usage } from '../../lib/promos/order.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'
import { evaluation } from '../support/arbitrary-promos.ts'
import { buildPageEngine } from '../support/page-engine.ts'

const timeZone = 'Europe/Kyiv'
let page: Awaited<ReturnType<typeof buildPageEngine>>

beforeAll(async () => {
  page = await buildPageEngine()
}, 60_000)

const versionsOf = (configs: readonly (PromoConfig & { id: string })[]) =>
  configs.map((config) => ({ id: config.id, version: 0, state: config.state ?? ('live' as const), config }))

const byId = (a: { promo: string }, b: { promo: string }): number => (a.promo < b.promo ? -1 : 1)

test('a cart comes to the same as in checkout: amounts, refusals, explanations, and the hints of each promotion', () => {
  fc.assert(
    fc.property(evaluation, ({ promos, order, now, usage: used = {}, tester = false }) => {
      const configs = promos as unknown as (PromoConfig & { id: string })[]
      const usage = used as Usage
      const nowMs = Date.parse(now)
      const settings = { timeZone }
      const set = compilePromos(configs, { settings })
      const own = page.previewSet(versionsOf(configs), timeZone)
      const {
        hints: _,
        refused: none,
        valid_until: never,
        ...tried
      } = page.allocate(order, own, nowMs, usage, { tester })
      const { hints: __, refused: ____, valid_until: ___, ...expected } = allocate(order, set, nowMs, usage, { tester })
      expect([never, none]).toEqual([null, []])
      expect(tried).toEqual(expected)
      const request = { nowMs, usage, tester }
      const explained = explain(order, { ...request, set })?.map((promo) => ({ ...promo, lines: [] }))
      const shown = page.explain(order, { ...request, set: own })?.map((promo) => ({ ...promo, lines: [] }))
      expect(shown?.toSorted(byId)).toEqual(explained?.toSorted(byId))
      // A preview of hints is of one promotion.
      for (const config of configs) {
        const alone = compilePromos([config], { settings })
        const previewed = page.previewSet(versionsOf([config]), timeZone)
        for (const language of ['pl', 'en'] as const) {
          const options: AllocateOptions = { tester, language }
          const { hints } = page.allocate(order, previewed, nowMs, usage, options)
          expect(hints).toEqual(allocate(order, alone, nowMs, usage, options).hints)
        }
      }
    }),
    { seed: 8, numRuns: 200 },
  )
})
