// Generated shops: promotions of the talk's kind (seeds of the project: brand and kind, delivery, payment, total value,
// a window) over goods with thirty attributes, and carts. The same seed gives the same shop.
import { mulberry32 } from '../../lib/shop/samples.ts'
import { below, channels, deliveries, payments, pick, type Random } from '../draw.ts'

export type Promo = {
  id: string
  from: number
  until: number
  /** Attribute -> value; all must be equal. */
  filters: Record<string, string>
  /** At least so much for the matching goods; without it one of them will do. */
  totalMinor?: number
  delivery?: string
  payment?: string
  channel?: string
  loyalty?: boolean
}

export type Product = { sku: string; version: number; priceMinor: number; attributes: Record<string, string> }
export type Line = { product: Product; quantity: number }
export type Cart = { lines: Line[]; delivery: string; payment: string; channel: string; loyalty: boolean }
export type Shop = { promos: Promo[]; products: Product[]; now: number }

/** Attribute -> how many values it has. */
const attributes: readonly (readonly [name: string, values: number])[] = [
  ['brand', 200],
  ['kind', 60],
  ['category', 12],
  ['subcategory', 80],
  ['collection', 40],
  ['supplier', 400],
  ['campaign', 50],
  ['licence', 30],
  ['country', 30],
  ['material', 24],
  ['color', 16],
  ['size', 12],
  ['sport', 15],
  ['style', 20],
  ['occasion', 10],
  ['pattern', 10],
  ['neck', 8],
  ['warehouse', 8],
  ['fit', 6],
  ['closure', 6],
  ['care', 6],
  ['length', 5],
  ['heel', 5],
  ['margin', 5],
  ['rating', 5],
  ['season', 4],
  ['gender', 4],
  ['sleeve', 4],
  ['age', 4],
  ['line', 60],
]

// Promotions ask more often for what tells goods apart: by the square root of how many values there are.
const weights = attributes.map(([, values]) => Math.sqrt(values))
const totalWeight = weights.reduce((sum, weight) => sum + weight, 0)

function pickAttribute(random: Random): string {
  let left = random() * totalWeight
  const at = weights.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return (attributes[at] ?? attributes[0])?.[0] ?? ''
}

const hour = 3_600_000
const now = Date.UTC(2022, 7, 24, 12)

export function generateShop(promoCount: number, { seed = 1, productCount = 2_000 } = {}): Shop {
  const random = mulberry32(seed)
  const products = Array.from({ length: productCount }, (_, i) => generateProduct(random, i))
  const promos = Array.from({ length: promoCount }, (_, i) => generatePromo(random, i, products))
  return { promos, products, now }
}

function generateProduct(random: Random, number: number): Product {
  const values = attributes.map(([name, count]) => [name, `${name}-${below(random, count)}`] as const)
  return {
    sku: `sku-${number}`,
    version: 1 + below(random, 9),
    priceMinor: 500 + below(random, 100_000),
    attributes: Object.fromEntries(values),
  }
}

// Half of them are active now; filters are taken from a product, so that they are about goods that there are.
function generatePromo(random: Random, number: number, products: readonly Product[]): Promo {
  const product = pick(random, products)
  const names = new Set<string>()
  const filterCount = 1 + below(random, 3)
  while (names.size < filterCount) names.add(pickAttribute(random))
  const filters = Object.fromEntries([...names].map((name) => [name, product.attributes[name] as string]))
  const start = random() < 0.5 ? -1 - below(random, 500) : 1 + below(random, 500)
  const isOver = start < 0 && random() < 0.02
  const promo: Promo = {
    id: `promo-${number}`,
    from: now + start * hour,
    until: now + (isOver ? start / 2 : Math.max(start, 0) + 24 + below(random, 500)) * hour,
    filters,
  }
  const wanted = new Set<string>()
  const orderCount = below(random, 4)
  while (wanted.size < orderCount) wanted.add(pick(random, ['total', 'delivery', 'payment', 'channel', 'loyalty']))
  if (wanted.has('total')) promo.totalMinor = 10_000 * (1 + below(random, 40))
  if (wanted.has('delivery')) promo.delivery = pick(random, deliveries)
  if (wanted.has('payment')) promo.payment = pick(random, payments)
  if (wanted.has('channel')) promo.channel = pick(random, channels)
  if (wanted.has('loyalty')) promo.loyalty = true
  return promo
}

export function generateCarts(
  { products }: Shop,
  { lines, count, seed = 2 }: { lines: number; count: number; seed?: number },
): Cart[] {
  const random = mulberry32(seed)
  return Array.from({ length: count }, () => {
    const chosen = new Set<Product>()
    while (chosen.size < lines) chosen.add(pick(random, products))
    return {
      lines: [...chosen].map((product) => ({ product, quantity: 1 + below(random, 3) })),
      delivery: pick(random, deliveries),
      payment: pick(random, payments),
      channel: pick(random, channels),
      loyalty: random() < 0.5,
    }
  })
}
