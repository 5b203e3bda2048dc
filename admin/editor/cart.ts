// The cart that a promotion is tried on: what somebody put in, and the order that checkout would make of it. Pure but
// for the signal that keeps it while the page is open.
import { signal } from '@preact/signals-core'
import type { Order } from '../../lib/promos/order.ts'
import type { Product } from '../shop.ts'

export type Cart = {
  lines: readonly { product: Product; quantity: number }[]
  delivery: string
  payment: string
  city: string
  channel: string
  codes: readonly string[]
  /** undefined: a guest, of whom nothing is known. */
  customer: { orders: number; groups: readonly string[]; card: string } | undefined
  isTester: boolean
  /** As a datetime-local field has it, on the shop's clock; '': now. */
  at: string
}

export const emptyCart: Cart = {
  lines: [],
  delivery: '',
  payment: '',
  city: '',
  channel: 'web',
  codes: [],
  customer: undefined,
  isTester: false,
  at: '',
}

export const cart = signal<Cart>(emptyCart)

export const changeCart = (change: Partial<Cart>): void => {
  cart.value = { ...cart.value, ...change }
}

/** The same goods again are one more of them. */
export function withProduct({ lines }: Cart, product: Product, quantity = 1): Cart['lines'] {
  const known = lines.some((line) => line.product.id === product.id)
  if (!known) return [...lines, { product, quantity }]
  return lines.map((line) => (line.product.id === product.id ? { ...line, quantity: line.quantity + quantity } : line))
}

type Shop = { currency: string; deliveries: { [method: string]: number } }

/** As checkout makes it (lib/app/checkout/priced-order.ts): prices, attributes and deliveries are the shop's. */
export function orderOf(cart: Cart, { currency, deliveries }: Shop): Order {
  const { lines, delivery, payment, city, channel, codes, customer } = cart
  return {
    currency,
    lines: lines.map(({ product: { id, name, type, price_minor, attributes }, quantity }) => ({
      ...{ id, sku: id, quantity, price_minor },
      attributes: { ...attributes, name, type },
    })),
    ...(delivery || city
      ? {
          delivery: {
            ...(delivery ? { method: delivery, price_minor: deliveries[delivery] ?? 0 } : {}),
            ...(city ? { city } : {}),
          },
        }
      : {}),
    ...(payment ? { payment: { method: payment } } : {}),
    ...(channel ? { channel } : {}),
    ...(codes.length > 0 ? { codes: [...codes] } : {}),
    ...(customer
      ? {
          customer: {
            id: 'sample',
            orders_placed: customer.orders,
            ...(customer.groups.length > 0 ? { groups: [...customer.groups] } : {}),
            ...(customer.card ? { loyalty_card: customer.card } : {}),
          },
        }
      : {}),
  }
}
