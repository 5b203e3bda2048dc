// `kram orders place|show|list|cancel|return`.
import type { Command } from 'commander'
import * as v from 'valibot'
import type { JsonObject } from '../base/json.ts'
import { minorToText } from '../base/money.ts'
import { parseWith } from '../base/schema.ts'
import { postOrders } from '../lambda/routes/orders.ts'
import type { Order } from '../shop/order.ts'
import { oneLine } from '../shop/print.ts'
import type { ShopOptions } from './options.ts'
import type { OrderRequest, ReturnAnswer } from './orders-client.ts'
import { counted } from './output.ts'
import { readJson } from './read-file.ts'
import { type ShopClient, withClient } from './shop-client.ts'
import { freshId } from './stamps.ts'

/** `id=quantity` of the command line. */
export type Units = { id: string; quantity: number }

export type PlaceOptions = ShopOptions & {
  file?: string
  customer?: string
  line?: Units[]
  code?: string[]
  delivery?: string
  city?: string
  payment?: string
  channel?: string
  expectTotalMinor?: number
  expectPromo?: string[]
  key?: string
}

const cartSchema = v.strictObject(
  { ...postOrders.body.entries, expected_total_minor: v.exactOptional(postOrders.body.entries.expected_total_minor) },
  'must be an object',
)

const cartOf = (options: PlaceOptions): JsonObject => {
  const { customer, line = [], code, delivery, city, payment, channel, expectTotalMinor, expectPromo } = options
  return {
    ...(customer !== undefined && { customer_id: customer }),
    lines: line.map(({ id, quantity }) => ({ product_id: id, quantity })),
    ...(code && { codes: code }),
    ...(delivery !== undefined && { delivery: { method: delivery, ...(city !== undefined && { city }) } }),
    ...(payment !== undefined && { payment: { method: payment } }),
    ...(channel !== undefined && { channel }),
    ...(expectTotalMinor !== undefined && { expected_total_minor: expectTotalMinor }),
    ...(expectPromo && { expected_promos: expectPromo }),
  }
}

export async function place(options: PlaceOptions, command: Command): Promise<void> {
  const { file, customer, line, key, dataDir, json } = options
  if (file === undefined && (customer === undefined || !line)) {
    command.error('error: say whose order it is and of what (--customer, --line), or give it as a --file.')
  }
  const given = file === undefined ? cartOf(options) : await readJson(file)
  const { expected_total_minor, ...cart } = parseWith(cartSchema, given, { what: 'The order' })
  if (key !== undefined && expected_total_minor === undefined) {
    command.error('error: with --key say the total too: only the same request gets the first answer.')
  }
  await withClient(dataDir, async (client) => {
    const { expected_promos: _, ...toCheckOut } = cart
    const total = expected_total_minor ?? (await client.orders.totalMinor(toCheckOut))
    const request: OrderRequest = { ...cart, expected_total_minor: total }
    showOrder(await client.orders.place(request, key ?? freshId()), json)
    hintWhenWaiting(client)
  })
}

export async function show(id: string, { dataDir, json }: ShopOptions): Promise<void> {
  await withClient(dataDir, async ({ orders }) => showOrder(await orders.get(id), json))
}

export async function list(customerId: string, { dataDir, json }: ShopOptions): Promise<void> {
  await withClient(dataDir, async ({ orders, settings }) => {
    for (const summary of await orders.ofCustomer(customerId)) {
      const { id, placed_at, state, units, total_minor } = summary
      const text = `${id}  ${placed_at}  ${state}, ${counted(Number(units), 'unit')}, ${money(Number(total_minor), settings)}`
      console.log(json ? JSON.stringify(summary) : oneLine(text))
    }
  })
}

export async function cancel(id: string, { dataDir, json }: ShopOptions): Promise<void> {
  await withClient(dataDir, async (client) => {
    showOrder(await client.orders.cancel(id), json)
    hintWhenWaiting(client)
  })
}

export async function takeBack(
  id: string,
  { line, key, dataDir, json }: ShopOptions & { line: Units[]; key?: string },
): Promise<void> {
  await withClient(dataDir, async (client) => {
    const lines = line.map(({ id, quantity }) => ({ line_id: id, quantity }))
    const answer = await client.orders.takeBack(id, lines, key ?? freshId())
    console.log(json ? JSON.stringify(answer) : returnText(answer, client.settings))
    hintWhenWaiting(client)
  })
}

const money = (minor: number, { currency }: { currency: string }): string => `${minorToText(minor)} ${currency}`

/** `cashback 0.10`, `bonus 2.00`: what is not nothing. */
const amounts = (of: { [name: string]: number }): string[] =>
  Object.entries(of).flatMap(([name, minor]) => (minor === 0 ? [] : [`${name} ${minorToText(minor)}`]))

const returnText = (answer: ReturnAnswer, settings: { currency: string }): string => {
  const units = answer.lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const taken = amounts({ cashback: answer.cashback_minor, bonus: answer.bonus_minor })
  return (
    `${counted(units, 'unit')} came back: ${money(answer.refund_minor, settings)} given back` +
    (taken.length === 0 ? '' : `; taken back: ${taken.join(', ')}`)
  )
}

function showOrder(order: Order, json: boolean): void {
  console.log(json ? JSON.stringify(order) : orderText(order))
}

function orderText(order: Order): string {
  const { id, state, customer_id, placed_at, lines, delivery, promos, returned, given_back } = order
  const credited = amounts({ cashback: order.cashback_minor, bonus: order.bonus_minor })
  return [
    `${id}  ${state}, ${[money(order.total_minor, order), ...credited].join(', ')}`,
    `  ${customer_id}, ${placed_at}`,
    ...lines.map((line) => {
      const { quantity, name, price_minor, discount_minor, total_minor } = line
      const full = minorToText(price_minor * quantity)
      const paid =
        discount_minor === 0 ? full : `${full} - ${minorToText(discount_minor)} = ${minorToText(total_minor)}`
      const back = Object.hasOwn(returned, line.id) ? `; ${returned[line.id]} came back` : ''
      return `  ${quantity} × ${name} (${line.id}): ${paid}${back}`
    }),
    ...(delivery ? [`  delivery ${delivery.method ?? ''}: ${minorToText(order.delivery_minor)}`] : []),
    ...promos.map((promo) => `  ${promoText(promo)}`),
    ...(order.promos_failed === undefined ? [] : [`  promotions could not be applied: ${order.promos_failed}`]),
    ...(given_back.refund_minor === 0 ? [] : [`  given back: ${money(given_back.refund_minor, order)}`]),
  ]
    .map(oneLine)
    .join('\n')
}

function promoText({ id, title, gifts = [], vouchers = [], ...promo }: Order['promos'][number]): string {
  const gave = [
    ...amounts({
      discount: promo.discount_minor,
      'delivery discount': promo.delivery_discount_minor,
      cashback: promo.cashback_minor,
      bonus: promo.bonus_minor,
    }),
    ...gifts.map(({ sku, quantity }) => `gift ${quantity} × ${sku}`),
    ...vouchers.map(({ kind }) => `voucher ${kind}`),
  ]
  return `${id}${title === undefined ? '' : ` (${title})`}: ${gave.join(', ') || 'nothing'}`
}

function hintWhenWaiting({ delivers, where }: ShopClient): void {
  if (delivers) return
  console.error(`No shop runs here: what follows from it waits in the log of ${where} until one does (npm start).`)
}
