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

test('a cart comes to the same as in checkout: amounts, refusals, hints, explanations', () => {
  fc.assert(
    fc.property(evaluation, ({ promos, order, now, usage = {}, tester = false }) => {
      const configs = promos as unknown as (PromoConfig & { id: string })[]
      const nowMs = Date.parse(now)
      const set = compilePromos(configs, { settings: { timeZone } })
      const own = page.previewSet(
        configs.map((config) => ({ id: config.id, version: 0, state: config.state ?? 'live', config })),
        timeZone,
      )
      for (const language of ['pl', 'en'] as const) {
        const options: AllocateOptions = { tester, language }
        const { valid_until, ...tried } = page.allocate(order, own, nowMs, usage as Usage, options)
        expect(valid_until).toBe(null)
        expect({ ...tried, valid_until: undefined }).toEqual({
          ...allocate(order, set, nowMs, usage as Usage, options),
          valid_until: undefined,
        })
      }
      const request = { nowMs, usage: usage as Usage, tester }
      expect(page.explain(order, { ...request, set: own })).toEqual(explain(order, { ...request, set }))
    }),
    { seed: 8, numRuns: 200 },
  )
})
