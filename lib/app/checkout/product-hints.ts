// What a product's page says of promotions, and how long it may say so.

import type { Language } from '../../base/languages.ts'
import { toMs } from '../../base/time.ts'
import type { Table } from '../../ports/table.ts'
import type { ProductHints } from '../../promos/allocation.ts'
import { hintsForProduct } from '../../promos/hints.ts'
import { goodsOfProduct } from '../../promos/order.ts'
import { productOf } from '../../shop/product.ts'
import { keys } from '../keys.ts'
import { notFound } from '../not-found.ts'
import type { Whose } from '../orders/usage.ts'
import { liveSetOf } from '../promos/live-set.ts'
import type { Engine } from './apply-promos.ts'
import type { Asker, CheckoutDeps } from './check-out.ts'
import {
  type Failed,
  type Fault,
  failOpen,
  isStale,
  type Loaded,
  loadLive,
  promosFailed,
  staleFaults,
} from './faults.ts'
import { hintsWithinLimits } from './hints-within-limits.ts'

export type ShownHints = ProductHints & { promos_failed?: Failed; promos_stale?: true }

export type HintsAnswer = { answer: ShownHints; faults: Fault[]; maxAgeSeconds: number }

type HintsEngine = Pick<Engine, 'live'> & { hintsForProduct: typeof hintsForProduct }

const longestSeconds = 60

// The answer is everybody's.
const nobody: Whose = { customerId: undefined, codes: new Set() }

/**
 * Promotions that one unit of the product gets as it is, and what leads to others.
 * @throws KramError not_found `unknown_product`; unavailable when the table is away
 */
export async function productHints(
  deps: CheckoutDeps,
  id: string,
  { tester, language }: Asker & { language: Language },
  engine: HintsEngine = { live: liveSetOf(deps), hintsForProduct },
): Promise<HintsAnswer> {
  const { table, clock, settings } = deps
  const nowMs = clock.now()
  const [[item], loaded] = await Promise.all([table.get([keys.product(id)]), loadLive(engine.live)])
  if (!item) throw notFound('product', id)
  const product = { ...goodsOfProduct(productOf(item)), currency: settings.currency }
  const faults = staleFaults(loaded)
  const made = failOpen<ShownHints>(
    loaded,
    faults,
    (set) => engine.hintsForProduct(product, { set, nowMs, tester, language }),
    nothingOf,
  )
  const answer = await withinLimits(table, made, loaded, nowMs).catch((error) =>
    nothingOf(promosFailed(error, faults), made.promos_version),
  )
  if (isStale(loaded)) answer.promos_stale = true
  return { answer, faults, maxAgeSeconds: answer.promos_failed ? 0 : secondsUntil(answer.valid_until, nowMs) }
}

const nothingOf = (promos_failed: Failed, promos_version: number): ShownHints => ({
  ...{ active: [], hints: [], valid_until: null },
  promos_version,
  promos_failed,
})

async function withinLimits(table: Table, made: ShownHints, loaded: Loaded, nowMs: number): Promise<ShownHints> {
  if (!('set' in loaded)) return made
  const asked = { set: loaded.set, whose: nobody, nowMs, counters: new Map() }
  const active = await hintsWithinLimits(table, made.active, asked)
  return { ...made, active, hints: await hintsWithinLimits(table, made.hints, asked) }
}

// Rounded down: a second too short costs one request, a second too long shows a promotion that is over.
const secondsUntil = (validUntil: ProductHints['valid_until'], nowMs: number): number =>
  validUntil === null
    ? longestSeconds
    : Math.max(0, Math.min(longestSeconds, Math.floor((toMs(validUntil) - nowMs) / 1_000)))
