// Changes in words, where what was saved long ago is not what is written today.
import { expect, test } from 'vitest'
import { toldChanges } from '../../../lib/app/promos/told-changes.ts'

const options = { language: 'en', currency: 'PLN', timeZone: 'Europe/Kyiv' } as const
const now = { actions: [{ type: 'percent_off', value: 7 }] }

test('a config of another schema is told by places and values', () => {
  const once = { actions: [{ type: 'half_price' }] }
  expect(toldChanges(once, now, options)).toEqual([
    'Discount 1 (percent_off), type: half_price → percent_off',
    'Discount 1 (percent_off), value: now 7',
  ])
  expect(toldChanges({}, once, options)).toEqual(['Discount: now [{"type":"half_price"}]'])
})

test('one of today in a sentence', () => {
  expect(toldChanges({}, now, options)).toEqual(['Created: 7% off all goods.'])
  expect(toldChanges(now, now, options)).toEqual([])
})
