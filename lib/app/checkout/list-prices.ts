// What an order comes to when promotions cannot be asked: better no discount than no order. Made of nothing that could
// be what went wrong; and the check by which an answer of the promotions is believed.
import { isMinor } from '../../base/money.ts'
import type { AllocatedLine, Allocation, UnitRun } from '../../promos/allocation.ts'
import type { Order } from '../../promos/order.ts'

/** List prices, nothing applied, and why. */
export function listPrices(order: Order, promosVersion: number, failed: { code: string; message: string }): Allocation {
  const lines = order.lines.map(({ id, sku, price_minor, quantity }): AllocatedLine => {
    const items = price_minor * quantity
    return {
      id,
      ...(sku === undefined ? {} : { sku }),
      price_minor,
      quantity,
      items_minor: items,
      discount_minor: 0,
      total_minor: items,
      cashback_minor: 0,
      bonus_minor: 0,
      discounts: [],
      credits: [],
      units: [{ count: quantity, amount_minor: price_minor }],
    }
  })
  const items = lines.reduce((sum, line) => sum + line.items_minor, 0)
  const delivery = order.delivery?.price_minor ?? 0
  return {
    lines,
    items_minor: items,
    discount_minor: 0,
    delivery_minor: delivery,
    cashback_minor: 0,
    bonus_minor: 0,
    total_minor: items + delivery,
    applied: [],
    refused: [],
    hints: [],
    valid_until: null,
    promos_version: promosVersion,
    promos_failed: failed,
  }
}

const sumOfUnits = (runs: readonly UnitRun[]): number =>
  runs.reduce((sum, { count, amount_minor }) => sum + count * amount_minor, 0)

const isSoundLine = (line: AllocatedLine, { id, price_minor, quantity }: Order['lines'][number]): boolean =>
  line.id === id &&
  line.items_minor === price_minor * quantity &&
  isMinor(line.discount_minor) &&
  isMinor(line.total_minor) &&
  isMinor(line.cashback_minor) &&
  isMinor(line.bonus_minor) &&
  line.discount_minor + line.total_minor === line.items_minor &&
  sumOfUnits(line.units) === line.total_minor

/** Whether every amount is one, and the parts add up to the order that was asked about. */
export function isSound(allocation: Allocation, order: Order): boolean {
  const { lines, items_minor, discount_minor, delivery_minor, total_minor } = allocation
  if (lines.length !== order.lines.length) return false
  let items = 0
  let discount = 0
  for (const [i, line] of lines.entries()) {
    const ordered = order.lines[i]
    if (!ordered || !isSoundLine(line, ordered)) return false
    items += line.items_minor
    discount += line.discount_minor
  }
  return (
    items === items_minor &&
    discount === discount_minor &&
    isMinor(delivery_minor) &&
    delivery_minor <= (order.delivery?.price_minor ?? 0) &&
    total_minor === items - discount + delivery_minor
  )
}
