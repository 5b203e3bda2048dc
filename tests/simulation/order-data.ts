// What the simulator reads of an order, be it an item or an event.

type Given = {
  id: string
  version: number
  discount_minor: number
  cashback_minor: number
  gifts?: { sku: string }[]
  vouchers?: { kind: string }[]
  redeemed?: { code?: string }
}

/** What a promotion took of its budget. */
export const takenOf = ({ discount_minor, cashback_minor }: Given): number => discount_minor + cashback_minor

type Agreed = {
  customer_id: string
  placed_at: string
  total_minor: number
  delivery_minor: number
  lines: {
    id: string
    product_id: string
    quantity: number
    price_minor: number
    discount_minor: number
    total_minor: number
  }[]
  promos: Given[]
}

export type OrderPlacedData = Agreed & { order_id: string }

export type OrderData = Agreed & {
  id: string
  state: string
  returned: { [line: string]: number }
  given_back: { refund_minor: number }
}

export type ReturnedData = {
  lines: { line_id: string; quantity: number }[]
  releases: { promo: number; budget_minor: number }[]
}
