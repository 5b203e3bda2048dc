// What order_placed says of an evaluated cart: the whole order, as it is agreed.
import * as v from 'valibot'
import type { DataOf } from '../../../events/catalog.ts'
import { orderPromo } from '../../../events/order-fields.ts'
import { assert } from '../../base/assert.ts'
import { limits } from '../../base/limits.ts'
import { isMinor } from '../../base/money.ts'
import type { AllocatedLine, AppliedPromo } from '../../promos/allocation.ts'
import type { Evaluation, OrderCart } from './evaluate.ts'

type Placed = DataOf<'order_placed'>
type Redeemed = NonNullable<Placed['promos'][number]['redeemed']>

type Agreed = {
  orderId: string
  requestHash: string
  cart: OrderCart
  evaluation: Evaluation
  /** By promo id: where each limited promo was redeemed. */
  redeemed: ReadonlyMap<string, Redeemed>
}

export function placedData({ orderId, requestHash, cart, evaluation, redeemed }: Agreed): Placed {
  const { allocation, order, products } = evaluation
  const places = new Map(allocation.applied.map(({ promo }, i) => [promo, i]))
  const { delivery, payment, codes, channel } = cart
  return {
    order_id: orderId,
    customer_id: cart.customer_id,
    currency: order.currency,
    lines: allocation.lines.map((line, i) => lineData(line, products[i]!, places)),
    ...(delivery && { delivery }),
    ...(payment && { payment }),
    ...(codes && { codes }),
    ...(channel !== undefined && { channel }),
    items_minor: allocation.items_minor,
    discount_minor: allocation.discount_minor,
    delivery_minor: allocation.delivery_minor,
    cashback_minor: allocation.cashback_minor,
    bonus_minor: allocation.bonus_minor,
    total_minor: allocation.total_minor,
    promos: allocation.applied.map((applied) => promoData(applied, redeemed.get(applied.promo))),
    promos_version: allocation.promos_version,
    ...(allocation.promos_failed && { promos_failed: allocation.promos_failed.code }),
    request_hash: requestHash,
  }
}

type Shares = { [promo: string]: number }

/** What each promotion gave, by its place; undefined where none gave anything. */
function sharesOf(
  entries: readonly { promo: string; amount_minor: number; kind?: string }[],
  places: ReadonlyMap<string, number>,
  kind?: 'cashback' | 'bonus',
): Shares | undefined {
  let shares: Shares | undefined
  for (const entry of entries) {
    if (entry.kind !== kind || !(entry.amount_minor > 0)) continue
    const place = places.get(entry.promo)
    assert(place !== undefined, 'what gave something was applied')
    shares ??= {}
    shares[place] = (shares[place] ?? 0) + entry.amount_minor
  }
  return shares
}

function lineData(
  line: AllocatedLine,
  product: Evaluation['products'][number],
  places: ReadonlyMap<string, number>,
): Placed['lines'][number] {
  const { id, price_minor, quantity, discount_minor, total_minor, cashback_minor, bonus_minor, units } = line
  const data: Placed['lines'][number] = {
    id,
    product_id: product.id,
    type: product.type,
    name: product.name,
    price_minor,
    quantity,
    discount_minor,
    total_minor,
    cashback_minor,
    bonus_minor,
    units,
  }
  // Set afterwards, in the schema's order: most lines have few of them.
  const discounts = sharesOf(line.discounts, places)
  if (discounts) data.discounts = discounts
  const cashback = sharesOf(line.credits, places, 'cashback')
  if (cashback) data.cashback = cashback
  const bonus = sharesOf(line.credits, places, 'bonus')
  if (bonus) data.bonus = bonus
  return data
}

function promoData(applied: AppliedPromo, redeemed: Redeemed | undefined): Placed['promos'][number] {
  const { promo, version, title, gifts, vouchers } = applied
  const { discount_minor, delivery_discount_minor, cashback_minor, bonus_minor } = applied
  return {
    ...{ id: promo, version },
    ...(title !== undefined && { title }),
    ...{ discount_minor, delivery_discount_minor, cashback_minor, bonus_minor },
    ...(gifts.length > 0 && { gifts }),
    ...(vouchers.length > 0 && { vouchers }),
    ...(redeemed && { redeemed }),
  }
}

/** What promotions give and are called, which an event may say less of than their configs do. */
const saidByPromo = v.pick(orderPromo, ['title', 'gifts', 'vouchers'])

const areMinor = (shares: { readonly [promo: string]: number } = {}): boolean => {
  for (const promo of Object.keys(shares)) if (!isMinor(shares[promo] ?? 0)) return false
  return true
}

/** Whether an order can be kept as what promotions made of it; everything else in it was parsed before. */
export function isRecordable({ lines, promos }: Placed): boolean {
  return (
    promos.length <= limits.promos &&
    lines.every(
      ({ units, discounts, cashback, bonus }) =>
        units.every(({ count, amount_minor }) => count > 0 && isMinor(count) && isMinor(amount_minor)) &&
        areMinor(discounts) &&
        areMinor(cashback) &&
        areMinor(bonus),
    ) &&
    promos.every(
      ({ title, gifts, vouchers, discount_minor, delivery_discount_minor, cashback_minor, bonus_minor }) =>
        isMinor(discount_minor) &&
        isMinor(delivery_discount_minor) &&
        isMinor(cashback_minor) &&
        isMinor(bonus_minor) &&
        ((title ?? gifts ?? vouchers) === undefined ||
          v.is(saidByPromo, {
            ...(title !== undefined && { title }),
            ...(gifts && { gifts }),
            ...(vouchers && { vouchers }),
          })),
    )
  )
}
