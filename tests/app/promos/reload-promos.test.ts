// The snapshot: what the table holds under one number, never older than it was.
import { describe, expect, test } from 'vitest'
import { createDirectoryObjects } from '../../../lib/adapters/objects/directory.ts'
import { keys } from '../../../lib/app/keys.ts'
import { promoItem } from '../../../lib/app/promos/promo-version.ts'
import { reloadPromos } from '../../../lib/app/promos/reload-promos.ts'
import { loadSnapshot, makeSnapshot, markOf, snapshotFormat, snapshotKey } from '../../../lib/app/promos/snapshot.ts'
import { assert } from '../../../lib/base/assert.ts'
import type { Objects } from '../../../lib/ports/objects.ts'
import type { Table } from '../../../lib/ports/table.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { percentOff, save, talk } from '../../support/promos.ts'
import { createTestShop } from '../../support/test-shop.ts'
import { unsteady } from '../../support/unsteady-objects.ts'

const settings = { timeZone: 'Europe/Kyiv' }

const createShop = () => {
  const shop = createTestShop()
  return { ...shop, objects: unsteady(createDirectoryObjects({ root: temporaryFolder() })) }
}

async function stored(objects: Objects) {
  const object = await objects.get(snapshotKey)
  assert(object && object !== 'not_modified', 'there is a snapshot')
  const set = loadSnapshot(object.bytes, settings)
  return { number: set.number, promos: set.identities.map(({ id, version, state }) => `${id}@${version} ${state}`) }
}

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

describe('a reload', () => {
  test('writes live and test promotions with their versions, and no draft', async () => {
    const shop = createShop()
    await save(shop, 'b', talk)
    await save(shop, 'b', talk, { expectedVersion: 1, reason: 'again' })
    await save(shop, 'a', percentOff(5, { state: 'test' }))
    await save(shop, 'c', percentOff(5, { state: 'draft' }))
    expect(await reloadPromos(shop)).toEqual({ set: 4, written: true, leftOut: [] })
    expect(await stored(shop.objects)).toEqual({ number: 4, promos: ['a@1 test', 'b@2 live'] })
  })

  test('with nothing new writes nothing, and in a warm instance loads nothing', async () => {
    const shop = createShop()
    await save(shop, 'a', talk)
    await reloadPromos(shop)
    expect(await reloadPromos(shop)).toMatchObject({ set: 1, written: false })
    expect(shop.objects.calls).toEqual({ get: 2, put: 1 })
  })

  test('of a shop without promotions writes an empty one, once', async () => {
    const shop = createShop()
    expect(await reloadPromos(shop)).toEqual({ set: 0, written: true, leftOut: [] })
    expect(await reloadPromos(shop)).toEqual({ set: 0, written: false, leftOut: [] })
    expect(await stored(shop.objects)).toEqual({ number: 0, promos: [] })
  })

  test('reads more promotions than a page has', async () => {
    const shop = createShop()
    const ops = Array.from({ length: 2_500 }, (_, i) => {
      const id = `p${i}`
      const version = { id, version: 1, state: 'live' as const, config: { id, ...percentOff(5) } }
      const saved = { savedAt: '2022-04-24T12:00:00.000Z', savedBy: 'olha', reason: 'many', set: i + 1 }
      return { op: 'put' as const, item: promoItem(keys.promo(id), { ...version, ...saved }) }
    })
    for (let at = 0; at < ops.length; at += 100) await shop.table.write(ops.slice(at, at + 100))
    await shop.table.write([{ op: 'put', item: { ...keys.promoSet, number: 2_500, promos: 2_500 } }])
    await reloadPromos(shop)
    expect((await stored(shop.objects)).promos).toHaveLength(2_500)
  })

  test('leaves out and names what is no good under the rules of today; the others apply', async () => {
    const shop = createShop()
    await save(shop, 'a', talk)
    const { version, ...item } = promoItem(keys.promo('old'), {
      ...{ id: 'old', version: 7, state: 'live', config: { id: 'old', actions: [{ type: 'no_longer', value: 1 }] } },
      ...{ savedAt: '2022-04-24T12:00:00.000Z', savedBy: 'olha', reason: 'long ago', set: 1 },
    })
    await shop.table.write([{ op: 'put', item: { version: Number(version), ...item } }])
    const { leftOut } = await reloadPromos(shop)
    expect(leftOut).toMatchObject([{ id: 'old', version: 7, issues: [{ pointer: '/actions/0/type' }] }])
    expect((await stored(shop.objects)).promos).toEqual(['a@1 live'])
  })
})

describe('races', () => {
  test('somebody saves while the pages are read: the number moved, all is read again', async () => {
    const shop = createShop()
    await save(shop, 'a', percentOff(5))
    await save(shop, 'b', percentOff(5))
    let saved = false
    const query: Table['query'] = async (request) => {
      const page = await shop.table.query(request)
      if (!saved) {
        saved = true
        await save(shop, 'a', percentOff(50), { expectedVersion: 1 })
        await save(shop, 'b', percentOff(50), { expectedVersion: 1 })
      }
      return page
    }
    expect(await reloadPromos({ ...shop, table: { ...shop.table, query } })).toMatchObject({ set: 4, written: true })
    expect(await stored(shop.objects)).toEqual({ number: 4, promos: ['a@2 live', 'b@2 live'] })
  })

  test('somebody never stops saving: it ends, and says so', async () => {
    const shop = createShop()
    let version = 0
    const query: Table['query'] = async (request) => {
      await save(shop, 'a', percentOff(5), { expectedVersion: version, reason: `save ${version++}` })
      return await shop.table.query(request)
    }
    await save(shop, 'b', percentOff(5))
    const reload = reloadPromos({ ...shop, table: { ...shop.table, query } })
    await expect(reload).rejects.toMatchObject({ kind: 'unavailable', code: 'contended' })
    expect(shop.objects.calls.put).toBe(0)
  })

  test('a slow reload cannot undo a later one, whichever of its steps it slept in', async () => {
    for (const verb of ['get', 'put'] as const) {
      const shop = createShop()
      await save(shop, 'a', percentOff(5))
      const slept = Promise.withResolvers<void>()
      const wake = Promise.withResolvers<void>()
      const slow = unsteady(shop.objects)
      slow.before = async (called) => {
        if (called !== verb || slow.calls[verb] > 1) return
        slept.resolve()
        await wake.promise
      }
      const sleeping = reloadPromos({ ...shop, objects: slow })
      await slept.promise
      await save(shop, 'a', percentOff(50), { expectedVersion: 1 })
      expect(await reloadPromos(shop)).toMatchObject({ set: 2, written: true })
      wake.resolve()
      expect(await sleeping).toMatchObject({ set: 2, written: false })
      expect(await stored(shop.objects)).toEqual({ number: 2, promos: ['a@2 live'] })
    }
  })

  test('of twenty at once in one process, one reads and compiles; the others find it done', async () => {
    const shop = createShop()
    await save(shop, 'p', percentOff(10))
    let made = 0
    const snapshot: typeof makeSnapshot = (...args) => {
      made++
      return makeSnapshot(...args)
    }
    const all = await Promise.all(Array.from({ length: 20 }, () => reloadPromos({ ...shop, snapshot })))
    expect([made, all.filter(({ written }) => written).length]).toEqual([1, 1])
  })

  test('twenty at once, while promotions are saved: the number only rises, and the last save is in it', async () => {
    const shop = createShop()
    const numbers: number[] = []
    const seen = unsteady(shop.objects)
    const put: Objects['put'] = async (key, bytes, options) => {
      const answer = await seen.put(key, bytes, options)
      if (answer !== 'refused') numbers.push(markOf(bytes, settings).set)
      return answer
    }
    for (let i = 0; i < 5; i++) {
      await save(shop, 'a', percentOff(i + 1), { expectedVersion: i })
      const instances = Array.from({ length: 4 }, () => ({ ...shop, objects: { ...shop.objects, put } }))
      await Promise.all(instances.map((instance) => reloadPromos(instance)))
    }
    expect(numbers).toEqual([1, 2, 3, 4, 5])
    expect(await stored(shop.objects)).toEqual({ number: 5, promos: ['a@5 live'] })
  })
})

describe('a snapshot', () => {
  test('with a higher number than the table has is replaced: the table was brought back from a copy', async () => {
    const shop = createShop()
    await save(shop, 'a', talk)
    await shop.objects.put(snapshotKey, text({ set: 9, format: snapshotFormat, configs: [] }))
    expect(await reloadPromos(shop)).toEqual({ set: 1, written: true, leftOut: [] })
    expect(await stored(shop.objects)).toEqual({ number: 1, promos: ['a@1 live'] })
    await save(shop, 'a', percentOff(5, { state: 'draft' }), { expectedVersion: 1 })
    await reloadPromos(shop)
    expect(await stored(shop.objects)).toEqual({ number: 2, promos: [] })
  })

  test('with a higher number stays when the table was only read before it was written', async () => {
    const shop = createShop()
    await save(shop, 'a', percentOff(5))
    const get: Objects['get'] = async (...request) => {
      await save(shop, 'a', percentOff(50), { expectedVersion: 1 })
      expect(await reloadPromos(shop)).toMatchObject({ set: 2, written: true })
      slow.get = shop.objects.get
      return await shop.objects.get(...request)
    }
    const slow = { ...shop.objects, get }
    expect(await reloadPromos({ ...shop, objects: slow })).toMatchObject({ set: 2, written: false })
    expect(shop.objects.calls.put).toBe(1)
  })

  test('of an older format is written anew under the same number, and of a newer one is not', async () => {
    for (const [format, written] of [
      [snapshotFormat - 1, true],
      [snapshotFormat + 1, false],
    ] as const) {
      const shop = createShop()
      await save(shop, 'a', talk)
      await shop.objects.put(snapshotKey, text({ set: 1, format, configs: [] }))
      expect((await reloadPromos(shop)).written).toBe(written)
    }
  })

  test('of a newer format with an older number is replaced', async () => {
    const shop = createShop()
    await save(shop, 'a', talk)
    await save(shop, 'b', talk)
    await shop.objects.put(snapshotKey, text({ set: 1, format: snapshotFormat + 1, configs: [] }))
    expect(await reloadPromos(shop)).toMatchObject({ set: 2, written: true })
  })

  test('that nobody can read is replaced', async () => {
    for (const bytes of [new Uint8Array([0xff]), text([]), text({ set: 'x' }), text({ set: 1, format: 1 })]) {
      const shop = createShop()
      await save(shop, 'a', talk)
      await shop.objects.put(snapshotKey, bytes)
      expect(await reloadPromos(shop)).toMatchObject({ set: 1, written: true })
    }
  })
})

test('a reload that dies at any call leaves a whole snapshot, and the next one does the rest', async () => {
  for (const verb of ['get', 'put'] as const) {
    const shop = createShop()
    await save(shop, 'a', talk)
    await reloadPromos(shop)
    await save(shop, 'a', percentOff(5), { expectedVersion: 1 })
    shop.objects.before = (called) => {
      if (called === verb) throw new Error('the process died')
    }
    await expect(reloadPromos(shop)).rejects.toThrow('died')
    shop.objects.before = () => undefined
    expect((await stored(shop.objects)).number).toBe(1)
    await reloadPromos(shop)
    expect((await stored(shop.objects)).number).toBe(2)
  }
})
