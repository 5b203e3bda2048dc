// Versions of promotions: appended, never overwritten, told of on the bus; of two editors one is told.
import { describe, expect, test } from 'vitest'
import { keys } from '../../../lib/app/keys.ts'
import { pausePromos } from '../../../lib/app/promos/pause-promos.ts'
import { promoItem } from '../../../lib/app/promos/promo-version.ts'
import { diffPromo, getPromo, getPromoVersion, listPromos, promoHistory } from '../../../lib/app/promos/read-promos.ts'
import { rollBackPromo, type SaveRequest } from '../../../lib/app/promos/save-promo.ts'
import { warningsOfSaved } from '../../../lib/app/promos/warn-saved.ts'
import { KramError } from '../../../lib/base/errors.ts'
import type { JsonObject } from '../../../lib/base/json.ts'
import { faultyShop } from '../../support/faulty.ts'
import { percentOff, save, saveUnderOtherRules, talk } from '../../support/promos.ts'
import { refusal } from '../../support/refusals.ts'
import { createTestShop, itemsOf } from '../../support/test-shop.ts'

const setNumber = async ({ table }: ReturnType<typeof createTestShop>) => (await table.get([keys.promoSet]))[0]?.number

describe('a save', () => {
  test('appends a version, makes it current, raises the number of the set and tells the bus, in one write', async () => {
    const shop = createTestShop()
    const first = await save(shop, 'puma', talk)
    expect(first).toEqual({
      id: 'puma',
      version: 1,
      state: 'live',
      config: { id: 'puma', ...talk },
      savedAt: '2022-12-31T12:00:00.000Z',
      savedBy: 'olha',
      reason: 'the autumn sale',
      set: 1,
    })
    const second = await save(shop, 'puma', { ...talk, state: 'test' }, { expectedVersion: 1, by: 'taras' })
    expect(second).toMatchObject({ version: 2, state: 'test', savedBy: 'taras', set: 2 })

    expect(await getPromoVersion(shop, 'puma', 1)).toEqual(first)
    expect(await getPromo(shop, 'puma')).toEqual(second)
    expect(await setNumber(shop)).toBe(2)
    expect((await itemsOf(shop.table, 'promo#')).map(({ pk, sk }) => [pk, sk])).toEqual([
      ['promo#puma', 'v000001'],
      ['promo#puma', 'v000002'],
    ])
    const outbox = await itemsOf(shop.table, 'outbox#')
    expect(outbox.map(({ event }) => event)).toMatchObject([
      { type: 'promo_changed', id: 'promo_changed#puma#1', data: { id: 'puma', version: 1, state: 'live', set: 1 } },
      { type: 'promo_changed', id: 'promo_changed#puma#2', data: { id: 'puma', version: 2, state: 'test', set: 2 } },
    ])
  })

  test('without a state is a draft', async () => {
    const shop = createTestShop()
    expect(await save(shop, 'puma', { actions: [{ type: 'cashback', value: 13 }] })).toMatchObject({ state: 'draft' })
  })

  test('gives back a config as it was written, names in their order', async () => {
    const shop = createTestShop()
    const config = { notes: 'b', actions: [{ value: 5, type: 'cashback' }], title: 'A', id: 'z' }
    await save(shop, 'z', config)
    expect(JSON.stringify((await getPromo(shop, 'z')).config)).toBe(JSON.stringify(config))
  })

  test('of what makes no sense is refused with places and sentences, and nothing is written', async () => {
    const shop = createTestShop()
    const config = {
      id: 'other',
      start: '2022-08-25',
      finish: '2022-08-24',
      actions: [{ type: 'cashback', value: 13 }],
    }
    const error = await refusal(save(shop, 'puma', config))
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_promo' })
    expect(error.detail.issues).toEqual([
      { pointer: '/config/id', message: 'differs from the id that it is saved under' },
      { pointer: '/config/finish', message: expect.stringContaining('never opens') },
    ])
    expect(await Array.fromAsync(shop.table.scan())).toEqual([])
  })

  test('made again word for word is answered as the first time', async () => {
    const shop = createTestShop()
    const first = await save(shop, 'puma', talk)
    expect(await save(shop, 'puma', structuredClone(talk))).toEqual(first)
    expect(await setNumber(shop)).toBe(1)
  })
})

describe('what was saved under other rules', () => {
  const draft = { expectedVersion: 1 }

  test('can be paused as it is, though it could not be saved today; nothing is to be said of it', async () => {
    const shop = createTestShop()
    const config = await saveUnderOtherRules(shop, 'old')
    const paused = await save(shop, 'old', { ...config, state: 'draft' }, draft)
    expect(paused).toMatchObject({ version: 2, state: 'draft' })
    expect(await getPromo(shop, 'old')).toEqual(paused)
    expect(await warningsOfSaved(shop, paused)).toEqual([])
  })

  test('by the list of those to pause, too', async () => {
    const shop = createTestShop()
    await saveUnderOtherRules(shop, 'old')
    await save(shop, 'new', percentOff(5))
    const answer = await pausePromos(shop, { promos: undefined, reason: 'all of them', by: 'olha' })
    expect(answer).toMatchObject({ paused: [{ id: 'new' }, { id: 'old' }], failed: [] })
  })

  test.each<[string, JsonObject, Partial<SaveRequest>, string]>([
    ['live again', {}, draft, 'invalid_promo'],
    ['a draft of something else', { state: 'draft', title: 'New' }, draft, 'invalid_promo'],
    ['a draft of what somebody else has changed', { state: 'draft' }, { expectedVersion: 0 }, 'promo_version_conflict'],
  ])('is refused as %s', async (_name, more, request, code) => {
    const shop = createTestShop()
    const config = await saveUnderOtherRules(shop, 'old')
    expect(await refusal(save(shop, 'old', { ...config, ...more }, request))).toMatchObject({ code })
    expect(await getPromo(shop, 'old')).toMatchObject({ version: 1, config })
  })

  test('is refused as a new promotion, also as a draft', async () => {
    const config = { state: 'draft', actions: [{ type: 'no_longer', value: 1 }] }
    expect(await refusal(save(createTestShop(), 'old', config))).toMatchObject({ code: 'invalid_promo' })
  })
})

describe('two editors', () => {
  test('of one version: the second is told who was there first, and nothing of hers is stored', async () => {
    const shop = createTestShop()
    await save(shop, 'puma', talk)
    await save(shop, 'puma', percentOff(5), { expectedVersion: 1, by: 'taras', reason: 'half of it' })
    const error = await refusal(save(shop, 'puma', percentOff(9), { expectedVersion: 1 }))
    expect(error).toMatchObject({ kind: 'conflict', code: 'promo_version_conflict', detail: { currentVersion: 2 } })
    expect(error.message).toMatch(/version 2, saved by taras at 2022-12-31T12:00:00.000Z \(half of it\)/)
    expect((await getPromo(shop, 'puma')).config).toMatchObject(percentOff(5))
  })

  test('who both make the same new promotion: one is told', async () => {
    const shop = createTestShop()
    await save(shop, 'puma', talk, { by: 'taras' })
    expect(await refusal(save(shop, 'puma', talk))).toMatchObject({ detail: { currentVersion: 1 } })
  })

  test('of a promotion that is not there: it does not exist', async () => {
    const error = await refusal(save(createTestShop(), 'puma', talk, { expectedVersion: 4 }))
    expect(error).toMatchObject({ code: 'promo_version_conflict', detail: { currentVersion: 0 } })
  })

  test('at the very same moment, fifty of them: exactly one saves', async () => {
    const shop = createTestShop()
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => save(shop, 'puma', percentOff(i + 1), { by: `editor ${i}` })),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await itemsOf(shop.table, 'promo#puma')).toHaveLength(1)
  })

  test('of different promotions at the same moment: both save, each with its number', async () => {
    const shop = createTestShop()
    const saved = await Promise.all(Array.from({ length: 10 }, (_, i) => save(shop, `p${i}`, percentOff(5))))
    expect(saved.map(({ set }) => set).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await setNumber(shop)).toBe(10)
  })

  test('of hundreds of different promotions at the same moment: all save, each with its number', async () => {
    const shop = createTestShop()
    const ids = Array.from({ length: 300 }, (_, n) => `p${n}`)
    const saved = await Promise.all(ids.map((id) => save(shop, id, percentOff(10))))
    expect(saved.map(({ set }) => set)).toEqual(ids.map((_, n) => n + 1))
  })
})

test('a version that is there is never written over, even by who believes that there is none', async () => {
  const shop = createTestShop()
  await save(shop, 'puma', talk)
  await shop.table.write([{ op: 'delete', key: keys.promo('puma') }])
  expect(await refusal(save(shop, 'puma', percentOff(90)))).toMatchObject({ code: 'contended' })
  const [item] = await itemsOf(shop.table, 'promo#puma')
  expect(JSON.parse(String(item?.config))).toEqual({ id: 'puma', ...talk })
})

test('a process that dies at any call saves all of it or nothing, and the same request mends it', async () => {
  for (let call = 0; call < 4; call++) {
    for (const fault of ['before', 'after'] as const) {
      const shop = createTestShop()
      await save(shop, 'puma', talk)
      const dying = faultyShop(shop, (n) => (n === call ? fault : undefined))
      const request = { expectedVersion: 1, by: 'taras' }
      await save(dying, 'puma', percentOff(5), request).catch(() => undefined)
      const stored = await itemsOf(shop.table, 'promo#puma')
      expect(await setNumber(shop)).toBe(stored.length)
      expect(await itemsOf(shop.table, 'outbox#')).toHaveLength(stored.length)
      expect((await getPromo(shop, 'puma')).version).toBe(stored.length)
      expect(await save(shop, 'puma', percentOff(5), request)).toMatchObject({ version: 2, set: 2 })
      expect(await itemsOf(shop.table, 'outbox#')).toHaveLength(2)
    }
  }
})

describe('warnings about what was saved', () => {
  const away = () => Promise.reject(new KramError('unavailable', 'table_unavailable', 'away'))

  test('are left out while the others cannot be read; of a draft nothing is read', async () => {
    const shop = createTestShop()
    const live = await save(shop, 'a', percentOff(60))
    const draft = await save(shop, 'b', percentOff(60, { state: 'draft' }))
    const cut = { ...shop, table: { ...shop.table, query: away } }
    expect(await warningsOfSaved(cut, live)).toBeUndefined()
    expect(await warningsOfSaved(cut, draft)).toEqual([])
    expect(await warningsOfSaved(shop, live)).toEqual([])
  })

  test('are of what the others say now, and of those in force alone', async () => {
    const shop = createTestShop()
    const live = await save(shop, 'a', percentOff(60))
    const others = async () => (await warningsOfSaved(shop, live))?.map(({ code, other }) => `${code} ${other}`)
    await save(shop, 'b', percentOff(60))
    expect(await others()).toEqual(['adds_up b'])
    await save(shop, 'b', { state: 'live', actions: [{ type: 'free_delivery' }] }, { expectedVersion: 1 })
    await save(shop, 'c', percentOff(60))
    expect(await others()).toEqual(['adds_up c'])
    await save(shop, 'c', percentOff(60, { state: 'draft' }), { expectedVersion: 1 })
    expect(await others()).toEqual([])
  })

  test('do not stumble over one that was saved under older rules', async () => {
    const shop = createTestShop()
    const live = await save(shop, 'a', percentOff(60))
    const old = { ...live, id: 'old', config: { id: 'old', state: 'live', actions: [{ type: 'gone' }] } }
    await shop.table.write([{ op: 'put', item: promoItem(keys.promo('old'), old) }])
    await save(shop, 'c', percentOff(60))
    expect(await warningsOfSaved(shop, live)).toMatchObject([{ code: 'adds_up', other: 'c' }])
  })
})

describe('rolling back', () => {
  test('is a new version with the old config', async () => {
    const shop = createTestShop()
    await save(shop, 'puma', talk)
    await save(shop, 'puma', percentOff(50), { expectedVersion: 1, reason: 'a slip' })
    const request = { id: 'puma', to: 1, expectedVersion: 2, reason: 'not half', by: 'olha' }
    const back = await rollBackPromo(shop, request)
    expect(back).toMatchObject({ version: 3, config: { id: 'puma', ...talk }, rolledBackTo: 1, set: 3 })
    expect(await rollBackPromo(shop, request)).toEqual(back)
    expect(await itemsOf(shop.table, 'promo#puma')).toHaveLength(3)
  })

  test('to what there is not, or past another editor, is refused', async () => {
    const shop = createTestShop()
    await save(shop, 'puma', talk)
    const request = { id: 'puma', expectedVersion: 1, reason: 'why', by: 'olha' }
    expect(await refusal(rollBackPromo(shop, { ...request, to: 7 }))).toMatchObject({ code: 'unknown_promo_version' })
    expect(await refusal(rollBackPromo(shop, { ...request, id: 'x', to: 1 }))).toMatchObject({ code: 'unknown_promo' })
    const late = rollBackPromo(shop, { ...request, to: 1, expectedVersion: 0 })
    expect(await refusal(late)).toMatchObject({ code: 'promo_version_conflict' })
  })
})

describe('reading', () => {
  test('lists current versions by id, page by page', async () => {
    const shop = createTestShop()
    for (const id of ['b', 'a', 'c']) await save(shop, id, percentOff(5))
    await save(shop, 'a', percentOff(6), { expectedVersion: 1 })
    const first = await listPromos(shop, { limit: 2 })
    expect(first.items.map(({ id, version }) => [id, version])).toEqual([
      ['a', 2],
      ['b', 1],
    ])
    const second = await listPromos(shop, { limit: 2, ...(first.next === undefined ? {} : { after: first.next }) })
    expect(second.items.map(({ id }) => id)).toEqual(['c'])
  })

  test('tells the history of one, newest first: who, when, why, what changed, also across pages', async () => {
    const shop = createTestShop()
    const configs: JsonObject[] = [
      { actions: [{ type: 'cashback', value: 13 }] },
      { state: 'live', actions: [{ type: 'cashback', value: 13 }] },
      { state: 'live', title: 'Shorts', actions: [{ type: 'cashback', value: 14 }, { type: 'free_delivery' }] },
      { state: 'live', actions: [{ type: 'free_delivery' }] },
    ]
    for (const [i, config] of configs.entries()) {
      await save(shop, 'puma', config, { expectedVersion: i, by: `editor ${i}`, reason: `why ${i}` })
      shop.clock.nowMs += 60_000
    }
    const { items, next } = await promoHistory(shop, 'puma', { limit: 3 })
    const rest = await promoHistory(shop, 'puma', { limit: 3, after: next ?? '' })
    const told = [...items, ...rest.items].map(({ version, savedBy, savedAt, reason, changes }) => [
      ...[version, savedBy, savedAt.slice(11, 16), reason],
      changes.map(({ pointer, text }) => `${pointer} ${text}`),
    ])
    expect(told).toEqual([
      [
        ...[4, 'editor 3', '12:03', 'why 3'],
        [
          '/title Title: no longer Shorts',
          '/actions/0 Discount 1 (cashback): no longer {"type":"cashback","value":14}',
        ],
      ],
      [
        ...[3, 'editor 2', '12:02', 'why 2'],
        [
          '/title Title: now Shorts',
          '/actions/0/value Discount 1 (cashback), value: 13 → 14',
          '/actions/1 Discount 2 (free_delivery): now {"type":"free_delivery"}',
        ],
      ],
      [2, 'editor 1', '12:01', 'why 1', ['/state State: now live']],
      [
        ...[1, 'editor 0', '12:00', 'why 0'],
        ['/id Id: now puma', '/actions Discount: now [{"type":"cashback","value":13}]'],
      ],
    ])
  })

  test('tells what lies between any two versions, in either direction', async () => {
    const shop = createTestShop()
    await save(shop, 'puma', percentOff(5))
    await save(shop, 'puma', percentOff(7), { expectedVersion: 1 })
    await save(shop, 'puma', percentOff(9), { expectedVersion: 2 })
    expect(await diffPromo(shop, 'puma', { from: 1, to: 3 })).toEqual({
      ...{ id: 'puma', from: 1, to: 3 },
      changes: [{ pointer: '/actions/0/value', text: 'Discount 1 (percent_off), value: 5 → 9' }],
    })
    const back = await diffPromo(shop, 'puma', { from: 3, to: 1 })
    expect(back.changes[0]?.text).toBe('Discount 1 (percent_off), value: 9 → 5')
    expect(await refusal(diffPromo(shop, 'puma', { from: 1, to: 4 }))).toMatchObject({ code: 'unknown_promo_version' })
  })

  test('tells changes in the language that is asked for, also across pages; in no other place', async () => {
    const shop = createTestShop()
    await save(shop, 'puma', percentOff(5))
    await save(shop, 'puma', percentOff(7), { expectedVersion: 1 })
    const newest = await promoHistory(shop, 'puma', { limit: 1, language: 'pl' })
    const oldest = await promoHistory(shop, 'puma', { limit: 1, after: newest.next ?? '', language: 'pl' })
    expect([...newest.items, ...oldest.items].map(({ in_words }) => in_words)).toEqual([
      ['Rabat: rabat 5% na te produkty → rabat 7% na te produkty'],
      ['Utworzono: Rabat 5% na wszystkie produkty.'],
    ])
    const diff = { from: 2, to: 1 }
    const { in_words } = await diffPromo(shop, 'puma', { ...diff, language: 'uk' })
    expect(in_words).toEqual(['Знижка: знижка 7% на ці товари → знижка 5% на ці товари'])
    expect(await diffPromo(shop, 'puma', diff)).not.toHaveProperty('in_words')
    expect((await promoHistory(shop, 'puma')).items[0]).not.toHaveProperty('in_words')
  })

  test('says what is not there', async () => {
    const shop = createTestShop()
    expect(await refusal(getPromo(shop, 'x'))).toMatchObject({ kind: 'not_found', code: 'unknown_promo' })
    expect(await refusal(promoHistory(shop, 'x'))).toMatchObject({ code: 'unknown_promo' })
  })
})
