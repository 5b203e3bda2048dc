// A data folder with goods, a customer and thousands of live promotions, as a running shop would have it.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { defaultSettings } from '../../lib/app/deps.ts'
import { keys } from '../../lib/app/keys.ts'
import { promoItem } from '../../lib/app/promos/promo-version.ts'
import { reloadPromos } from '../../lib/app/promos/reload-promos.ts'
import { assert } from '../../lib/base/assert.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import { limits } from '../../lib/base/limits.ts'
import { toInstant } from '../../lib/base/time.ts'
import type { Item, WriteOp } from '../../lib/ports/table.ts'
import { generateOrders, generateShop } from './generate.ts'

export const settings = { ...defaultSettings, currency: 'UAH', deliveries: {} as Record<string, number> }
for (const method of ['novaposhta', 'ukrposhta', 'courier', 'pickup', 'locker', 'meest']) {
  settings.deliveries[method] = 7_000
}

const customerId = 'customer'

/** In a new folder, which it answers. All promotions are in force now. */
export async function makeShop(promos: number): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kram-bench-'))
  const nowMs = Date.now()
  const { configs, products } = generateShop(promos, { nowMs })
  const table = createSqliteTable({ path: join(dataDir, 'table.sqlite') })
  const time = toInstant(nowMs)
  const items: Item[] = [
    {
      ...keys.profile(customerId),
      id: customerId,
      first_name: 'A',
      last_name: 'B',
      address: 'C',
      loyalty_card: 'gold',
    },
    { ...keys.promoSet, number: promos, promos },
  ]
  for (const { sku, version, priceMinor, attributes } of products) {
    const event_id = String(version)
    items.push({
      ...keys.product(sku),
      id: sku,
      name: sku,
      type: 'goods',
      price_minor: priceMinor,
      attributes,
      event_id,
    })
  }
  for (const [i, config] of configs.entries()) {
    const id = String(config.id)
    const saved = { savedAt: time, savedBy: 'bench', reason: 'bench', set: i + 1 }
    const live = { ...(config as JsonObject), state: 'live' }
    items.push(promoItem(keys.promo(id), { id, version: 1, state: 'live', config: live, ...saved }))
  }
  const ops = items.map((item): WriteOp => ({ op: 'put', item }))
  for (let at = 0; at < ops.length; at += limits.writeOps) {
    const { ok } = await table.write(ops.slice(at, at + limits.writeOps))
    assert(ok, 'nothing stands in the way')
  }
  const objects = createDirectoryObjects({ root: join(dataDir, 'objects') })
  const { leftOut } = await reloadPromos({ table, objects, settings })
  assert(leftOut.length === 0, 'every promotion is a good one')
  await table.close()
  return dataDir
}

/** Bodies of POST /checkout. */
export function carts(lines: number, count: number, explain: boolean): string[] {
  return generateOrders(generateShop(0), { lines, count }).map(({ lines, delivery, payment, channel }) =>
    JSON.stringify({
      lines: lines.map(({ sku, quantity }) => ({ product_id: sku, quantity })),
      customer_id: customerId,
      delivery: { method: delivery?.method },
      payment,
      channel,
      explain,
    }),
  )
}
