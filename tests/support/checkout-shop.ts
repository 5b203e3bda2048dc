// A shop that can be checked out in: goods and customers in the table, promotions through the snapshot.

import type { KramEvent } from '../../events/catalog.ts'
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'
import type { Cart } from '../../lib/app/checkout/cart.ts'
import { type Checkout, checkOut } from '../../lib/app/checkout/check-out.ts'
import { createLiveSet, type LiveSet, patience } from '../../lib/app/promos/live-set.ts'
import { reloadPromos } from '../../lib/app/promos/reload-promos.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import { temporaryFolder } from './folder.ts'
import { save } from './promos.ts'
import { createTestShop, type TestShop } from './test-shop.ts'
import { type UnsteadyObjects, unsteady } from './unsteady-objects.ts'

/** Nobody gives up because the machine is busy. */
export const calm = { ...patience, check: 20_000, first: 20_000 }

export type CheckoutShop = TestShop & {
  objects: UnsteadyObjects
  live: LiveSet
  record(...events: KramEvent[]): Promise<void>
  /** Saves new promotions and puts all into the snapshot. Two seconds pass. */
  publish(promos: { [id: string]: JsonObject }): Promise<void>
  /** Lines as `{product: quantity}`. */
  checkOut(lines: { [product: string]: number }, more?: Partial<Cart> & { tester?: boolean }): Promise<Checkout>
}

export function createCheckoutShop(options?: Parameters<typeof createTestShop>[0]): CheckoutShop {
  const shop = createTestShop(options)
  const objects = unsteady(createDirectoryObjects({ root: temporaryFolder() }))
  const deps = { ...shop, objects }
  const live = createLiveSet(deps, calm)
  return {
    ...deps,
    live,
    async record(...events) {
      const { rejected } = await recordEvents(shop, events, { via: 'table' })
      if (rejected[0]) throw new Error(rejected[0].message)
    },
    async publish(promos) {
      for (const [id, config] of Object.entries(promos)) await save(shop, id, config)
      await reloadPromos(deps)
      shop.clock.nowMs += 2_001
    },
    checkOut: (lines, { tester = false, ...more } = {}) =>
      checkOut(
        deps,
        {
          lines: Object.entries(lines).map(([product_id, quantity]) => ({ product_id, quantity })),
          ...more,
        },
        { tester },
        { live, allocate },
      ),
  }
}
