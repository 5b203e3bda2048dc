// The page tries promotions without the index of lib/rules: every answer must be the one that checkout gives.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewSet } from '../../admin/editor/preview-set.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import type { PromoConfig } from '../../lib/promos/config.ts'
import { explain } from '../../lib/promos/explain.ts'
import type { Usage } from '../../lib/promos/order.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'
import { evaluation } from '../support/arbitrary-promos.ts'

const timeZone = 'Europe/Kyiv'

test('a cart comes to the same as in checkout: amounts, refusals, hints, explanations', () => {
  fc.assert(
    fc.property(evaluation, ({ promos, order, now, usage = {}, tester = false }) => {
      const configs = promos as unknown as (PromoConfig & { id: string })[]
      const nowMs = Date.parse(now)
      const checkout = compilePromos(configs, { settings: { timeZone } })
      const page = previewSet(
        configs.map((config) => ({ id: config.id, version: 0, state: config.state ?? 'live', config })),
        timeZone,
      )
      for (const language of ['pl', 'en'] as const) {
        const options = { tester, language }
        expect({ ...allocate(order, page, nowMs, usage as Usage, options) }).toEqual({
          ...allocate(order, checkout, nowMs, usage as Usage, options),
        })
      }
      const request = { nowMs, usage: usage as Usage, tester }
      expect(explain(order, { ...request, set: page })).toEqual(explain(order, { ...request, set: checkout }))
    }),
    { seed: 8, numRuns: 200 },
  )
})
