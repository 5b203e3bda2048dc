// What a warm instance holds: fresh within two seconds, the last good one when the store is away, and says which.
import { describe, expect, test } from 'vitest'
import { createDirectoryObjects } from '../../../lib/adapters/objects/directory.ts'
import { createLiveSet, liveSetOf, type Patience, patience } from '../../../lib/app/promos/live-set.ts'
import { reloadPromos } from '../../../lib/app/promos/reload-promos.ts'
import { snapshotFormat, snapshotKey } from '../../../lib/app/promos/snapshot.ts'
import type { JsonObject } from '../../../lib/base/json.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { percentOff, save } from '../../support/promos.ts'
import { createTestShop } from '../../support/test-shop.ts'
import { away, hang, unsteady } from '../../support/unsteady-objects.ts'

// Nobody gives up because the machine is busy; where giving up is what is tested, it is soon.
const calm: Patience = { ...patience, check: 20_000, first: 20_000 }
const hasty: Patience = { ...calm, check: 20 }

async function createShop(times: Patience = calm) {
  const test = createTestShop()
  const shop = { ...test, objects: unsteady(createDirectoryObjects({ root: temporaryFolder() })) }
  let version = 0
  const publish = async (config: JsonObject) => {
    await save(shop, 'sale', config, { expectedVersion: version++ })
    await reloadPromos({ ...shop, objects: { ...shop.objects } })
    shop.objects.calls.get = 0
  }
  await publish(percentOff(5))
  const live = createLiveSet(shop, times)
  const numbers = async () => {
    const { set, stale } = await live.current()
    return { number: set.number, promos: set.size, stale }
  }
  return { ...shop, publish, live, numbers }
}

const paused = percentOff(5, { state: 'draft' })

test('is loaded by the first who asks, and not asked for again within two seconds', async () => {
  const shop = await createShop()
  expect(await shop.numbers()).toEqual({ number: 1, promos: 1, stale: undefined })
  shop.clock.nowMs += 2_000
  expect(await shop.numbers()).toEqual({ number: 1, promos: 1, stale: undefined })
  expect(shop.objects.calls.get).toBe(1)
})

test('is checked by the next who asks when two seconds have passed: what is new is in force at once', async () => {
  const shop = await createShop()
  await shop.numbers()
  await shop.publish(percentOff(50))
  expect((await shop.numbers()).number).toBe(1)
  shop.clock.nowMs += 2_001
  expect(await shop.numbers()).toEqual({ number: 2, promos: 1, stale: undefined })
})

test('the kill switch works after an idle hour, for the very first who asks', async () => {
  const shop = await createShop()
  expect(await shop.numbers()).toMatchObject({ promos: 1 })
  await shop.publish(paused)
  shop.clock.nowMs += 3_600_000
  expect(await shop.numbers()).toEqual({ number: 2, promos: 0, stale: undefined })
})

test('unchanged, it is neither loaded nor compiled again', async () => {
  const shop = await createShop()
  const { set } = await shop.live.current()
  shop.clock.nowMs += 60_000
  expect((await shop.live.current()).set).toBe(set)
  expect(shop.objects.calls.get).toBe(2)
})

test('a hundred who ask at once make one check', async () => {
  const shop = await createShop()
  const all = await Promise.all(Array.from({ length: 100 }, () => shop.numbers()))
  expect(new Set(all.map(({ number }) => number))).toEqual(new Set([1]))
  expect(shop.objects.calls.get).toBe(1)
})

describe('while the objects are away', () => {
  test('the last good set serves and says that it is stale; it is fresh again when they are back', async () => {
    const shop = await createShop()
    await shop.numbers()
    shop.clock.nowMs += 5_000
    shop.objects.before = away
    expect(await shop.numbers()).toEqual({ number: 1, promos: 1, stale: 'objects_unavailable' })
    await shop.publish(paused).catch(() => undefined)
    shop.objects.before = () => undefined
    await reloadPromos({ ...shop, objects: { ...shop.objects } })
    shop.clock.nowMs += 1_001
    expect(await shop.numbers()).toEqual({ number: 2, promos: 0, stale: undefined })
  })

  test('not everyone waits for them: after a failure the next second goes on without asking', async () => {
    const shop = await createShop()
    await shop.numbers()
    shop.clock.nowMs += 5_000
    shop.objects.before = away
    for (let i = 0; i < 100; i++) expect(await shop.numbers()).toMatchObject({ stale: 'objects_unavailable' })
    expect(shop.objects.calls.get).toBe(2)
    shop.clock.nowMs += 1_001
    await shop.numbers()
    expect(shop.objects.calls.get).toBe(3)
  })

  test('and hang: one waits a moment, those who come after it not at all', async () => {
    const shop = await createShop({ ...calm, check: 150 })
    await shop.numbers()
    shop.clock.nowMs += 5_000
    shop.objects.before = hang
    const started = performance.now()
    for (let i = 0; i < 100; i++) expect(await shop.numbers()).toMatchObject({ number: 1, stale: 'slow' })
    // One wait and not a hundred.
    expect(performance.now() - started).toBeLessThan(10 * 150)
    expect(shop.objects.calls.get).toBe(2)
  })

  test('with no set yet there is none to go on with, and each who asks tries', async () => {
    const shop = await createShop()
    shop.objects.before = away
    await expect(shop.numbers()).rejects.toMatchObject({ kind: 'unavailable', code: 'promos_unavailable' })
    shop.objects.before = () => undefined
    expect(await shop.numbers()).toMatchObject({ number: 1, stale: undefined })
  })
})

test('a slow answer is taken when it comes: who could not wait had the old set, who comes later has the new one', async () => {
  const shop = await createShop(hasty)
  await shop.numbers()
  await shop.publish(paused)
  shop.clock.nowMs += 5_000
  const answer = Promise.withResolvers<void>()
  shop.objects.before = () => answer.promise
  expect(await shop.numbers()).toEqual({ number: 1, promos: 1, stale: 'slow' })
  answer.resolve()
  await expect.poll(async () => await shop.numbers()).toEqual({ number: 2, promos: 0, stale: undefined })
})

test('a check that hung while the process was frozen is given up, and cannot undo a later one', async () => {
  const times = { ...calm, check: 20 }
  const shop = await createShop(times)
  await shop.numbers()
  shop.clock.nowMs += 5_000
  const old = Promise.withResolvers<void>()
  let first = true
  shop.objects.before = () => {
    if (!first) return undefined
    first = false
    return old.promise
  }
  expect(await shop.numbers()).toMatchObject({ stale: 'slow' })
  times.check = calm.check
  await shop.publish(paused)
  shop.clock.nowMs += 3_600_000
  expect(await shop.numbers()).toEqual({ number: 2, promos: 0, stale: undefined })
  old.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  expect(await shop.numbers()).toEqual({ number: 2, promos: 0, stale: undefined })
})

test('a clock that is put back makes nothing fresh', async () => {
  const shop = await createShop()
  await shop.numbers()
  await shop.publish(paused)
  shop.clock.nowMs -= 3_600_000
  expect(await shop.numbers()).toMatchObject({ number: 2, stale: undefined })
})

describe('a snapshot', () => {
  test('that nobody can read changes nothing: the last good set serves', async () => {
    const shop = await createShop()
    await shop.numbers()
    await shop.objects.put(snapshotKey, new TextEncoder().encode('{"set": 9'))
    shop.clock.nowMs += 5_000
    expect(await shop.numbers()).toEqual({ number: 1, promos: 1, stale: 'snapshot_unreadable' })
  })

  test('that is gone changes nothing', async () => {
    const shop = await createShop()
    await shop.numbers()
    await shop.objects.delete(snapshotKey)
    shop.clock.nowMs += 5_000
    expect(await shop.numbers()).toEqual({ number: 1, promos: 1, stale: 'snapshot_missing' })
  })

  test('that was never there: a shop without promotions, and that is not stale', async () => {
    const shop = await createShop()
    await shop.objects.delete(snapshotKey)
    expect(await shop.numbers()).toEqual({ number: 0, promos: 0, stale: undefined })
    await shop.publish(percentOff(7))
    shop.clock.nowMs += 2_001
    expect(await shop.numbers()).toEqual({ number: 2, promos: 1, stale: undefined })
  })

  test('of a format that is not known here is compiled from its configs', async () => {
    const shop = await createShop()
    const configs = [{ version: 3, config: { id: 'sale', ...percentOff(5) } }]
    const future = { format: snapshotFormat + 1, set: 7, index: 'of another kind', configs }
    await shop.objects.put(snapshotKey, new TextEncoder().encode(JSON.stringify(future)))
    expect(await shop.numbers()).toEqual({ number: 7, promos: 1, stale: undefined })
  })
})

test('functions of one process share it', async () => {
  const shop = await createShop()
  expect(liveSetOf(shop)).toBe(liveSetOf({ ...shop }))
  expect(liveSetOf(shop)).not.toBe(liveSetOf({ ...shop, objects: { ...shop.objects } }))
})
