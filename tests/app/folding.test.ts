// Any order, duplication and interleaving of events folds to what the obvious fold says, byte for byte.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KramEvent } from '../../events/catalog.ts'
import { isRetryable } from '../../lib/base/errors.ts'
import type { Table } from '../../lib/ports/table.ts'
import { shopEvents, shuffledWithDuplicates } from '../support/arbitrary-events.ts'
import { obviousFold } from '../support/obvious-fold.ts'
import { createTestShop, projections, stateOf, type TestShop } from '../support/test-shop.ts'

const seed = { seed: 20220424 }

type Tried = { event: KramEvent; ok: boolean }

/** One delivery to everyone who takes it; whoever may yet manage is told by `ok`. */
async function deliver(shop: Pick<TestShop, 'table' | 'clock'>, event: KramEvent): Promise<Tried> {
  let ok = true
  for (const { type, handle } of projections) {
    if (type !== event.type) continue
    await handle(shop, event, {}).catch((error: unknown) => {
      if (!isRetryable(error)) throw error
      ok = false
    })
  }
  return { event, ok }
}

/** As a bus does it: what failed comes again after all else, as long as that helps. Answers what was handled first when. */
async function deliverAll(shop: TestShop, events: readonly KramEvent[]): Promise<KramEvent[]> {
  const handled: KramEvent[] = []
  let waiting = [...events]
  for (;;) {
    const failed: KramEvent[] = []
    for (const event of waiting) {
      const { ok } = await deliver(shop, event)
      if (!ok) failed.push(event)
      else if (!handled.includes(event)) handled.push(event)
    }
    if (failed.length === waiting.length) return handled
    waiting = failed
  }
}

test('any order and duplication folds to the same bytes', async () => {
  const arbitrary = shopEvents.chain(({ products, others }) =>
    fc.record({
      all: fc.constant([...products, ...others]),
      ordered: shuffledWithDuplicates([...products, ...others]),
    }),
  )
  const property = fc.asyncProperty(arbitrary, async ({ all, ordered }) => {
    const shop = createTestShop()
    const handled = await deliverAll(shop, ordered)
    expect(await stateOf(shop.table)).toBe(obviousFold(handled, all))
  })
  await fc.assert(property, { ...seed, numRuns: 300 })
})

test('with products first, two orders give the same table, and replaying it all shuffled changes no byte', async () => {
  const arbitrary = shopEvents.chain(({ products, others }) =>
    fc.record({
      all: fc.constant([...products, ...others]),
      one: fc.tuple(shuffledWithDuplicates(products), shuffledWithDuplicates(others)),
      two: fc.tuple(shuffledWithDuplicates(products), shuffledWithDuplicates(others)),
      replayed: shuffledWithDuplicates([...products, ...others]),
    }),
  )
  const property = fc.asyncProperty(arbitrary, async ({ one, two, replayed }) => {
    const [first, second] = [createTestShop(), createTestShop()]
    await deliverAll(first, one.flat())
    await deliverAll(second, two.flat())
    const state = await stateOf(first.table)
    expect(await stateOf(second.table)).toBe(state)
    for (const event of replayed) {
      for (const { type, handle } of projections) {
        if (type === event.type) await handle(first, event, { replay: true }).catch(() => {})
      }
    }
    expect(await stateOf(first.table)).toBe(state)
  })
  await fc.assert(property, { ...seed, numRuns: 150 })
})

/** Each call of the table waits until the scheduler picks it. */
function scheduled(table: Table, scheduler: fc.Scheduler): Table {
  const turn = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      await scheduler.schedule(Promise.resolve())
      return await call(...args)
    }
  }
  return { ...table, get: turn(table.get), query: turn(table.query), write: turn(table.write) }
}

test('any interleaving of handlers at work together, in several processes, folds to the same bytes', async () => {
  const arbitrary = shopEvents.chain(({ products, others }) =>
    fc.record({
      products: shuffledWithDuplicates(products),
      others: shuffledWithDuplicates(others),
      all: fc.constant([...products, ...others]),
    }),
  )
  const property = fc.asyncProperty(fc.scheduler(), arbitrary, async (scheduler, { products, others, all }) => {
    const shop = createTestShop()
    // Each process has a table of its own on the one store, and takes turns with nobody else.
    const processes = [1, 2, 3].map(() => ({ ...shop, table: scheduled(shop.table, scheduler) }))
    const together = async (events: readonly KramEvent[]) => {
      const done = Promise.all(events.map((event, i) => deliver(processes[i % 3] ?? shop, event)))
      return await scheduler.waitFor(done)
    }
    // In two steps, so that purchases and vouchers meet one another and not only the lack of their customer.
    await together([...products, ...others.filter(({ type }) => type === 'new_customer')])
    await together(others)
    const handled = await deliverAll(shop, [...products, ...others])
    expect(await stateOf(shop.table)).toBe(obviousFold(handled, all))
  })
  await fc.assert(property, { ...seed, numRuns: 150 })
})
