// Generated shops for checkout: goods with the attributes of a marketplace, promotions of the talk's kind about them,
// and carts. The same seed gives the same shop.
import { hourMs } from '../../lib/base/time.ts'
import type { Order } from '../../lib/promos/order.ts'
import { mulberry32 } from '../../lib/shop/samples.ts'
import { below, channels, deliveries, payments, pick, type Random } from '../draw.ts'

type Product = { sku: string; version: number; priceMinor: number; attributes: Record<string, string | number> }
export type Shop = { configs: Record<string, unknown>[]; products: Product[]; nowMs: number }

/** Attribute -> how many values it has: thirty, as a marketplace keeps them. */
const attributes: readonly (readonly [name: string, values: number])[] = [
  ...([
    ['brand', 200],
    ['kind', 60],
    ['supplier', 400],
    ['category', 12],
    ['collection', 40],
    ['color', 16],
  ] as const),
  ...([
    ['size', 12],
    ['season', 4],
    ['gender', 4],
    ['material', 24],
    ['country', 30],
    ['sport', 15],
  ] as const),
  ...Array.from({ length: 18 }, (_, i) => [`detail_${i}`, 5 + i] as const),
]

type ShopOptions = { seed?: number; products?: number; nowMs?: number }

/** `nowMs`: when all its promotions are in force. */
export function generateShop(
  promos: number,
  { seed = 1, products: productCount = 2_000, nowMs = Date.UTC(2022, 7, 24, 12) }: ShopOptions = {},
): Shop {
  const random = mulberry32(seed)
  const products = Array.from({ length: productCount }, (_, i): Product => {
    const values = attributes.map(([name, count]) => [name, `${name}-${below(random, count)}`] as const)
    const priceMinor = 500 + below(random, 100_000)
    return { sku: `sku-${i}`, version: 1 + below(random, 9), priceMinor, attributes: Object.fromEntries(values) }
  })
  const configs = Array.from({ length: promos }, (_, i) => generatePromo(random, i, { products, nowMs }))
  return { configs, products, nowMs }
}

// All are in force now. Most are about a brand's goods of a kind, as the talk's; some about a list of goods, few about
// all of a brand or supplier.
function generatePromo(
  random: Random,
  number: number,
  { products, nowMs }: { products: readonly Product[]; nowMs: number },
): Record<string, unknown> {
  const { attributes: like } = pick(random, products)
  const conditions = [
    ...(random() < 0.7 ? [{ type: 'total_value', value: 100 * (1 + below(random, 40)) }] : []),
    ...(random() < 0.3 ? [{ type: 'selected_delivery', value: pick(random, deliveries) }] : []),
    ...(random() < 0.3 ? [{ type: 'selected_payment', value: pick(random, payments) }] : []),
    ...(random() < 0.2 ? [{ type: 'channel', value: pick(random, channels) }] : []),
    ...(random() < 0.1 ? [{ type: 'loyalty_card' }] : []),
  ]
  return {
    id: `promo-${number}`,
    priority: below(random, 5),
    start: new Date(nowMs - below(random, 500) * hourMs).toISOString(),
    finish: new Date(nowMs + (24 + below(random, 500)) * hourMs).toISOString(),
    product_filters: filtersOf(random, like, products),
    ...(conditions.length === 0 ? {} : { order_filters: conditions }),
    ...(random() < 0.2 ? { group: `group-${below(random, 50)}` } : {}),
    actions: [actionOf(random)],
  }
}

function filtersOf(random: Random, like: Product['attributes'], products: readonly Product[]): Record<string, unknown> {
  const draw = random()
  if (draw < 0.7) return { brand: like.brand, kind: like.kind }
  if (draw < 0.88) return { brand: like.brand, category: like.category, season: like.season }
  if (draw < 0.96) return { sku: Array.from({ length: 10 }, () => pick(random, products).sku) }
  return draw < 0.98 ? { brand: like.brand, price: { gte: below(random, 500) } } : { supplier: like.supplier }
}

function actionOf(random: Random): Record<string, unknown> {
  const draw = random()
  if (draw < 0.35) return { type: 'cashback', value: 1 + below(random, 15) }
  if (draw < 0.5) return { type: 'bonus', value: 1 + below(random, 10) }
  if (draw < 0.6) return { type: 'free_delivery' }
  if (draw < 0.8) return { type: 'percent_off', value: 5 + below(random, 30) }
  if (draw < 0.9) return { type: 'fixed_off', value: 10 + below(random, 100) }
  if (draw < 0.95) return { type: 'buy_x_get_y', buy: 2, get: 1 }
  return {
    type: 'tiers',
    tiers: [
      { from: 500, percent: 5 },
      { from: 1_500, percent: 10 },
    ],
  }
}

export function generateOrders(
  { products }: Shop,
  { lines, count, seed = 2 }: { lines: number; count: number; seed?: number },
): Order[] {
  const random = mulberry32(seed)
  return Array.from({ length: count }, () => {
    const chosen = new Set<Product>()
    while (chosen.size < lines) chosen.add(pick(random, products))
    return {
      currency: 'UAH',
      lines: [...chosen].map(({ sku, version, priceMinor, attributes }, i) => ({
        id: `line-${i}`,
        sku,
        price_minor: priceMinor,
        quantity: 1 + below(random, 3),
        attributes,
        product_key: `${sku}@${version}`,
      })),
      delivery: { method: pick(random, deliveries), price_minor: 7_000 },
      payment: { method: pick(random, payments) },
      channel: pick(random, channels),
      customer: { id: 'customer', loyalty_card: random() < 0.5 ? 'gold' : null },
    }
  })
}
