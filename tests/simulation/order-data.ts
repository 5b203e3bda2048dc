// What the simulator reads of an order, be it an item or an event.
export type OrderPlacedData = {
  order_id: string
  customer_id: string
  placed_at: string
  state: string
  total_minor: number
  delivery_minor: number
  lines: { id: string; total_minor: number }[]
  promos: { id: string; discount_minor: number; redeemed?: object }[]
}
