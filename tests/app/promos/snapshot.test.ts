// The object that checkouts load: what is in it, and what becomes of it when it does not fit.
import { expect, test } from 'vitest'
import { createDirectoryObjects } from '../../../lib/adapters/objects/directory.ts'
import { reloadPromos } from '../../../lib/app/promos/reload-promos.ts'
import { loadSnapshot, makeSnapshot, markOf, prebuiltSet, snapshotFormat } from '../../../lib/app/promos/snapshot.ts'
import type { JsonObject } from '../../../lib/base/json.ts'
import { allocate } from '../../../lib/promos/allocate.ts'
import type { PromoSet } from '../../../lib/promos/promo-set.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { percentOff, save } from '../../support/promos.ts'
import { createTestShop } from '../../support/test-shop.ts'
import { unsteady } from '../../support/unsteady-objects.ts'

const settings = { timeZone: 'Europe/Kyiv' }

const sale = (id: string, more: JsonObject = {}) => ({
  version: 3,
  config: { ...percentOff(10), id, notes: 'Знижка\n"10 %"', state: 'live', ...more },
})

const { bytes } = makeSnapshot(9, [sale('b'), sale('a', { priority: 5, state: 'test' }), sale('c')], settings)
const textOf = (snapshot: Uint8Array): string => new TextDecoder().decode(snapshot)
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const order = { currency: 'UAH', lines: [{ id: 'l1', price_minor: 1_000, quantity: 2 }] }
const answerOf = (set: PromoSet) => JSON.stringify(allocate(order, set, 0, {}, { tester: true }))

test('is JSON that any code can compile: set, format, configs', () => {
  const { set, format, configs } = JSON.parse(textOf(bytes))
  expect({ set, format }).toEqual({ set: 9, format: snapshotFormat })
  expect(configs).toEqual([sale('a', { priority: 5, state: 'test' }), sale('b'), sale('c')])
})

test('has one promotion a line', () => {
  const lines = textOf(bytes).split('\n')
  expect(lines).toHaveLength(5)
  expect(JSON.parse(lines[2]?.slice(0, -1) ?? '')).toEqual(sale('b'))
})

test('is loaded as it was prebuilt, with the same answer as when it is compiled', () => {
  const set = prebuiltSet(bytes, settings)
  expect(set?.identities).toEqual([
    { rank: 0, id: 'a', version: 3, state: 'test' },
    { rank: 1, id: 'b', version: 3, state: 'live' },
    { rank: 2, id: 'c', version: 3, state: 'live' },
  ])
  expect(set?.promo(2).config).toEqual(sale('c').config)
  const compiled = loadSnapshot(bytesOf(JSON.stringify(JSON.parse(textOf(bytes)))), settings)
  expect(answerOf(set as PromoSet)).toBe(answerOf(compiled))
  expect(JSON.parse(answerOf(compiled)).applied).toHaveLength(3)
})

test('of versions that were found good before is the same, without checking them; others are checked', () => {
  const bad = { version: 1, config: { ...sale('bad').config, actions: [] } }
  const good = new Set<string>()
  expect(makeSnapshot(9, [sale('a'), bad], settings, good).leftOut).toMatchObject([{ id: 'bad', version: 1 }])
  expect([...good]).toEqual(['3 a'])
  const again = makeSnapshot(9, [sale('a'), sale('b'), bad], settings, good)
  expect(again.leftOut).toMatchObject([{ id: 'bad', version: 1 }])
  expect(again.bytes).toEqual(makeSnapshot(9, [sale('a'), sale('b'), bad], settings).bytes)
  expect([...good]).toEqual(['3 a', '3 b'])
  const twin = makeSnapshot(9, [sale('a'), sale('a')], settings, good)
  expect(twin.leftOut).toMatchObject([{ id: 'a', issues: [{ pointer: '/id' }] }])
})

test('of no promotions is one too', () => {
  const empty = makeSnapshot(1, [], settings).bytes
  expect(JSON.parse(textOf(empty)).configs).toEqual([])
  expect(prebuiltSet(empty, settings)?.size).toBe(0)
})

test.each([
  ['another format', textOf(bytes).replace(/"format":\d+/, '"format":999999')],
  ['an index that cannot be read', textOf(bytes).replace(/"rules":"[^"]{40}/, '"rules":"')],
  ['no index', textOf(bytes).replace(/"prebuilt".*/, '"more":1}')],
  ['other lines', JSON.stringify(JSON.parse(textOf(bytes)), undefined, 2)],
])('with %s is compiled from its configs', (_, text) => {
  expect(prebuiltSet(bytesOf(text), settings)).toBeUndefined()
  const set = loadSnapshot(bytesOf(text), settings)
  expect([set.number, set.size]).toEqual([9, 3])
  expect(answerOf(set)).toBe(answerOf(loadSnapshot(bytes, settings)))
})

test('of another time zone is compiled, and written anew by the next reload', async () => {
  const elsewhere = { timeZone: 'Europe/Warsaw' }
  expect(prebuiltSet(bytes, elsewhere)).toBeUndefined()
  expect(loadSnapshot(bytes, elsewhere).size).toBe(3)
  expect(markOf(bytes, settings)).toEqual({ set: 9, format: snapshotFormat })
  expect(markOf(bytes, elsewhere)).toEqual({ set: 9, format: 0 })

  const shop = createTestShop()
  const directory = createDirectoryObjects({ root: temporaryFolder() })
  await save(shop, 'a', percentOff(5))
  // A store for each, as for two processes, neither of which has seen a snapshot yet.
  const reload = (timeZone: string) =>
    reloadPromos({ ...shop, settings: { ...shop.settings, timeZone }, objects: unsteady(directory) })
  expect(await reload('Europe/Kyiv')).toMatchObject({ set: 1, written: true })
  expect(await reload('Europe/Kyiv')).toMatchObject({ set: 1, written: false })
  expect(await reload('Europe/Warsaw')).toMatchObject({ set: 1, written: true })
})

test.each([
  ['cut off', bytes.subarray(0, bytes.length - 10)],
  ['empty', new Uint8Array(0)],
  ['no JSON', bytesOf('set 9')],
])('%s cannot be read, and says so', (_, broken) => {
  expect(() => loadSnapshot(broken, settings)).toThrow(expect.objectContaining({ code: 'snapshot_unreadable' }))
})
