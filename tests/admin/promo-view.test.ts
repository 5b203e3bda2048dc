// What lists and the calendar show of a promotion.
import { describe, expect, test } from 'vitest'
import { barOf, overlaps } from '../../admin/list/calendar-rows.ts'
import { freeId, matchesSearch, type Promo, standingOf } from '../../admin/promo-view.ts'
import { ceilingOf } from '../../admin/results/ceiling.ts'

const zone = 'Europe/Kyiv'
const promo = (state: Promo['state'], config: object = {}): Promo => ({
  ...{ id: 'p', version: 1, state, saved_at: '', saved_by: '', reason: '', set: 1 },
  config: { actions: [{ type: 'free_delivery' }], ...config },
})
const at = (instant: string): number => Date.parse(instant)

describe('its standing', () => {
  const august = { start: '2022-08-24', finish: '2022-08-25', time_zone: zone }
  const cases: [name: string, promo: Promo, at: string, standing: string][] = [
    ['a draft whatever its time', promo('draft', august), '2030-01-01T00:00:00Z', 'draft'],
    ['live without a time', promo('live'), '2022-08-24T00:00:00Z', 'live'],
    ['scheduled to the last moment before its midnight', promo('live', august), '2022-08-23T20:59:59Z', 'scheduled'],
    ['live from its midnight on', promo('live', august), '2022-08-23T21:00:00Z', 'live'],
    ['live to the end of its last day', promo('live', august), '2022-08-25T20:59:59Z', 'live'],
    ['ended after it', promo('live', august), '2022-08-25T21:00:00Z', 'ended'],
    ['a test that is over', promo('test', august), '2022-08-26T00:00:00Z', 'ended'],
    ['faulty when rules have changed', { ...promo('live'), faults: [] }, '2022-08-24T00:00:00Z', 'faulty'],
    ['a draft though rules have changed', { ...promo('draft'), faults: [] }, '2022-08-24T00:00:00Z', 'draft'],
    ['a test before its time', promo('test', august), '2022-08-01T00:00:00Z', 'test'],
  ]
  for (const [name, entry, instant, standing] of cases) {
    test(name, () => expect(standingOf(entry, zone, at(instant))).toBe(standing))
  }
})

test('every word of a search must be somewhere: title, sentence, config', () => {
  const entry = promo('live', { title: 'Puma week', notes: 'asked by the boss' })
  expect(matchesSearch(entry, 'BOSS puma', '')).toBe(true)
  expect(matchesSearch(entry, 'puma nike', '')).toBe(false)
  expect(matchesSearch(entry, 'rabat', 'Rabat 10 %')).toBe(true)
})

test('an id is made of a title, and nobody has it', () => {
  expect(freeId('Summer sale: -20 %!', new Set())).toBe('summer-sale-20')
  expect(freeId('Żółta łódź', new Set())).toBe('zołta-łodz')
  expect(freeId('  ', new Set())).toBe('promo')
  expect(freeId('Sale', new Set(['sale', 'sale-2']))).toBe('sale-3')
})

test('a bar shows the part of the window that the calendar shows', () => {
  const span = { startMs: 0, finishMs: 1_000 }
  expect(barOf({ startMs: 250, finishMs: 500 }, span)).toEqual({ from: 25, width: 25 })
  expect(barOf({ startMs: Number.NEGATIVE_INFINITY, finishMs: Number.POSITIVE_INFINITY }, span)).toEqual({
    ...{ from: 0, width: 100 },
  })
  expect(barOf({ startMs: 1_000, finishMs: 2_000 }, span)).toBeUndefined()
})

test('overlaps count what is open in any part of a day', () => {
  const windows = [
    { startMs: 0, finishMs: 15 },
    { startMs: 12, finishMs: 30 },
  ]
  expect(overlaps(windows, [0, 10, 20, 30], 10)).toEqual([1, 2, 1, 0])
})

test('a chart ends at a round number', () => {
  expect([0, 1, 3, 7, 11, 20, 499, 501].map(ceilingOf)).toEqual([2, 2, 4, 10, 20, 20, 600, 600])
})
