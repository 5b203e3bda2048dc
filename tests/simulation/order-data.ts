// What the simulator reads of an order, be it an item or an event.
type Agreed = {
  customer_id: string
  placed_at: string
  total_minor: number
  delivery_minor: number
  lines: { id: string; quantity: number; total_minor: number }[]
  promos: { id: string; discount_minor: number; redeemed?: object }[]
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
