// The arithmetic of docs/scale.md: inputs (inputs.json) and what the code asks (measure.ts) -> tables.

import { statisticsShards, stockShards } from '../../lib/app/keys.ts'
import { limits } from '../../lib/base/limits.ts'
import { listShards } from '../../lib/ports/table.ts'
import { table } from '../report.ts'
import inputs from './inputs.json' with { type: 'json' }
import type { Asked, Measured } from './measure.ts'

const { prices, quotas, assumed, workload, memory_mb } = inputs
const million = 1_000_000

const usd = (amount: number): string => amount.toFixed(2)
const whole = (n: number): string => Math.round(n).toLocaleString('en-US')
const times = (ratio: number): string => (ratio >= 10 ? `${Math.round(ratio)}` : ratio.toFixed(ratio < 0.1 ? 3 : 1))

/** What follows from one order, all functions together. */
function following({ functions, events, putEvents }: Measured) {
  const all = [...functions]
  const sum = (of: (asked: Asked) => number): number => all.reduce((total, [, { asked }]) => total + of(asked), 0)
  const invocations = all.reduce((total, [, one]) => total + one.invocations, 0)
  const relays = functions.get('relay-outbox')?.invocations ?? 0
  const published = [...events.values()].reduce((total, { count }) => total + count, 0)
  return {
    ...{ invocations, relays, handlers: invocations - relays, published, putEvents },
    readUnits: sum((asked) => asked.readUnits),
    writeUnits: sum((asked) => asked.writeUnits),
  }
}

type Cost = { [what: string]: number }

/** USD for a million checkouts, and for a million orders with all that follows. */
function costs(measured: Measured): { checkout: Cost; order: Cost } {
  const follows = following(measured)
  const lambda = (ms: number, mb: number): number =>
    prices.lambda_requests_million.usd + (ms / 1_000) * (mb / 1_024) * prices.lambda_gb_second.usd * million
  const logs = (invocations: number): number =>
    ((invocations * (assumed.log_line_bytes + assumed.log_lines_of_lambda_bytes) * million) / 1e9) * prices.logs_gb.usd
  const reads = (asked: { readUnits: number }): number => asked.readUnits * prices.dynamodb_read_units_million.usd
  const writes = (asked: { writeUnits: number }): number => asked.writeUnits * prices.dynamodb_write_units_million.usd
  // An event goes to the queue of the log, ten are fetched at once and deleted at once.
  const queue = follows.published * 1.2 * prices.sqs_million.usd
  return {
    checkout: {
      'API Gateway': prices.http_api_million.usd,
      Lambda: lambda(assumed.checkout_ms, memory_mb.checkout),
      'DynamoDB, read': reads(measured.checkout),
      'DynamoDB, written': 0,
      EventBridge: 0,
      'SQS of the log': 0,
      'CloudWatch Logs': logs(1),
    },
    order: {
      'API Gateway': prices.http_api_million.usd,
      Lambda:
        lambda(assumed.order_ms, memory_mb.order) +
        follows.relays * lambda(assumed.relay_ms, memory_mb.handler) +
        follows.handlers * lambda(assumed.handler_ms, memory_mb.handler),
      'DynamoDB, read': reads(measured.order) + reads(follows),
      'DynamoDB, written': writes(measured.order) + writes(follows),
      EventBridge: follows.published * prices.events_million.usd,
      'SQS of the log': queue,
      'CloudWatch Logs': logs(1 + follows.invocations),
    },
  }
}

function costTable(measured: Measured): string {
  const { checkout, order } = costs(measured)
  const sum = (cost: Cost): number => Object.values(cost).reduce((total, one) => total + one, 0)
  const rows = Object.keys(checkout).map((what) => [what, usd(checkout[what] ?? 0), usd(order[what] ?? 0)])
  return table(
    [`USD, ${inputs.region}`, 'a million checkouts', 'a million orders'],
    [...rows, ['**together**', `**${usd(sum(checkout))}**`, `**${usd(sum(order))}**`]],
  )
}

function askedTable(measured: Measured): string {
  const row = (name: string, invocations: number, asked: Asked) => [
    ...[name, invocations, asked.gets, asked.queries, asked.readUnits],
    ...[asked.writes, asked.writtenItems, asked.writtenBytes, asked.writeUnits],
  ]
  return table(
    ['for one', 'calls', 'gets', 'queries', 'read units', 'writes', 'items', 'bytes', 'write units'],
    [
      row('checkout', 1, measured.checkout),
      row('order', 1, measured.order),
      row('- counters of a limit, now and then', 1, measured.counters),
      ...[...measured.functions].map(([name, one]) => row(`- ${name}`, one.invocations, one.asked)),
    ],
  )
}

const eventTable = (measured: Measured): string =>
  table(
    ['event', 'of one order', 'bytes'],
    [...measured.events].map(([type, { count, bytes }]) => [type, count, bytes]),
  )

function latencyTable(): string {
  const { http_api_ms, own_ms, get_ms, query_ms, transaction_ms, stream_ms, put_events_ms, event_delivery_ms } = assumed
  const checkout = http_api_ms + own_ms + get_ms
  const order = http_api_ms + own_ms + get_ms + transaction_ms
  const event = stream_ms + get_ms + put_events_ms + event_delivery_ms
  const handled = get_ms + query_ms + transaction_ms
  return table(
    ['from the request until', 'milliseconds', 'made of'],
    [
      ['checkout is answered', checkout, 'API Gateway, one get, own work'],
      ['the order is answered', order, 'API Gateway, one get, own work, one transaction'],
      ['the purchase stands in the document', order + event + handled, 'then stream, relay, EventBridge, one handler'],
      [
        'the same through a queue for each rule',
        order + event + handled + assumed.queue_ms,
        'and a queue before the handler',
      ],
    ],
  )
}

/** A purchase added to a collection of items, or to one document that is written whole. */
function documentTable({ items }: Measured): string {
  const one = items.get('customer purchase') ?? 0
  const profile = items.get('customer profile') ?? 0
  const unitsOf = (bytes: number): number => 2 * Math.max(1, Math.ceil(bytes / 1_024))
  const price = prices.dynamodb_write_units_million.usd
  const rows = [1, 10, 100, 1_000].map((purchases) => {
    const whole_ = unitsOf(profile + purchases * one)
    return [purchases, unitsOf(one), usd(unitsOf(one) * price), whole_, usd(whole_ * price)]
  })
  const most = Math.floor((limits.itemBytes - profile) / one)
  return `${table(
    ['purchases so far', 'item: units', 'USD a million', 'document: units', 'USD a million'],
    rows,
  )}\n\nA purchase is ${one} bytes, a profile ${profile}; one document ends at ${whole(most)} purchases, a collection does not.`
}

function targetTable(measured: Measured): string {
  const { functions } = measured
  const { published } = following(measured)
  const put = prices.s3_put_thousand.usd * 1_000
  const deliveries = [...functions].reduce(
    (sum, [name, one]) => sum + (name === 'relay-outbox' ? 0 : one.invocations),
    0,
  )
  const direct = deliveries * prices.lambda_requests_million.usd
  const queued = deliveries * (1.2 * prices.sqs_million.usd + prices.lambda_requests_million.usd / 10)
  return table(
    ['for a million orders', 'USD', 'adds milliseconds'],
    [
      [`rule to function (${deliveries} calls an order)`, usd(direct), 0],
      ['rule to queue to function, ten at a time', usd(queued), assumed.queue_ms],
      [`the log, an object for each of ${published} events`, usd(published * put), 0],
      [
        'the log through its queue, an object for some hundred',
        usd(published * (1.2 * prices.sqs_million.usd + put / 300)),
        20_000,
      ],
    ],
  )
}

function logTable(measured: Measured): string {
  const { invocations } = following(measured)
  const bytes = assumed.log_line_bytes + assumed.log_lines_of_lambda_bytes
  const row = (name: string, calls: number) => {
    const gb = (calls * bytes * million) / 1e9
    return [name, calls, gb.toFixed(2), usd(gb * prices.logs_gb.usd)]
  }
  return table(['a million', 'lines of ours each', 'GB', 'USD'], [row('checkouts', 1), row('orders', 1 + invocations)])
}

type Hot = { what: string; units: number; limit: number; note: string }

const [, , shards] = limits.meterShards

/** What each shard of a limit is read a second: by every warm instance, once in a while. */
function counterReads(orders: number, checkouts: number): number {
  const busyMs = checkouts * assumed.checkout_ms + orders * assumed.order_ms
  const instances = (busyMs / 1_000) * assumed.warm_instances_of_busy
  return Math.min(orders + checkouts, instances / (limits.counterMs / 1_000))
}

/** Keys that everybody touches at once. */
function hotKeys(measured: Measured, ordersAMinute: number): Hot[] {
  const orders = ordersAMinute / 60
  const evaluations = orders * (1 + workload.hot_checkouts_of_an_order)
  const { limit: writable } = quotas.partition_write_units
  const { limit: readable } = quotas.partition_read_units
  // Of each order's lines, and of each cart's.
  const hotShare = workload.hot_product_share * workload.lines_of_an_order
  const hotLines = orders * hotShare
  const outboxItems = measured.functions.get('relay-outbox')?.invocations ?? 0
  const write = (what: string, units: number, note: string): Hot => ({ what, units, limit: writable, note })
  const read = (what: string, units: number, note: string): Hot => ({ what, units, limit: readable, note })
  return [
    write(
      '`redeemed#<promo>#shard#<n>`, written',
      (orders * 2) / shards,
      `${shards} shards, each a partition key; or as many as the limit is worth`,
    ),
    {
      ...{ what: '- transactions on it at once', units: (orders * assumed.transaction_ms) / 1_000 / shards, limit: 1 },
      note: 'more meet each other and are retried, with jitter',
    },
    read(
      '`redeemed#<promo>#shard#<n>`, read',
      counterReads(orders, orders * workload.hot_checkouts_of_an_order),
      `by each warm instance once in ${limits.counterMs / 1_000} s`,
    ),
    write('`stock#<product>`, written', hotLines * 2, `${stockShards} shards, all under one partition key`),
    read('`product#<id>`, read', (evaluations + orders) * hotShare, 'checkouts, orders, purchases'),
    write(
      '`statistics#<month>#<n>`, written',
      (orders * 2 * 2) / statisticsShards,
      `${statisticsShards} partition keys`,
    ),
    write(
      'listing index `outbox#<n>`, written',
      (orders * outboxItems * 2) / listShards,
      `${listShards} partition keys`,
    ),
    write('`promos`/`set`', 0, 'read by the reload and by who saves, never by a checkout'),
  ]
}

const judged = (units: number, limit: number): string =>
  units <= limit ? `holds (${units === 0 ? 0 : times(units / limit)})` : `**${times(units / limit)} times too much**`

function hotTable(measured: Measured): string {
  const tenfold = hotKeys(measured, 10 * workload.hot_orders_a_minute)
  const units = (n: number): string => (n > 0 && n < 10 ? n.toFixed(1) : whole(n))
  return table(
    [`at ${whole(workload.hot_orders_a_minute)} orders a minute`, 'a second', 'of', 'verdict', 'ten times that', 'why'],
    hotKeys(measured, workload.hot_orders_a_minute).map(({ what, units: asked, limit, note }, i) => [
      what,
      units(asked),
      whole(limit),
      judged(asked, limit),
      judged(tenfold[i]?.units ?? 0, limit),
      note,
    ]),
  )
}

type Demand = { what: string; demand: number; limit: number }

/** What a region and a table are asked for at so many orders and checkouts a second. */
function demands(
  measured: Measured,
  orders: number,
  checkouts: number,
  region: 'us-east-1' | 'eu-central-1',
): Demand[] {
  const follows = following(measured)
  const busyMs =
    checkouts * assumed.checkout_ms +
    orders * (assumed.order_ms + follows.relays * assumed.relay_ms + follows.handlers * assumed.handler_ms)
  const deliveries = follows.handlers + follows.published
  return [
    { what: 'API Gateway, requests', demand: checkouts + orders, limit: quotas.http_api_requests.limit },
    { what: 'Lambda, at once', demand: busyMs / 1_000, limit: quotas.lambda_concurrency.limit },
    {
      what: 'DynamoDB, table read',
      demand:
        checkouts * measured.checkout.readUnits +
        orders * (measured.order.readUnits + follows.readUnits) +
        counterReads(orders, checkouts) * measured.counters.readUnits,
      limit: quotas.table_read_units.limit,
    },
    {
      what: 'DynamoDB, table written',
      demand: orders * (measured.order.writeUnits + follows.writeUnits),
      limit: quotas.table_write_units.limit,
    },
    { what: 'EventBridge, PutEvents', demand: orders * follows.putEvents, limit: quotas.put_events[region] },
    { what: 'EventBridge, deliveries', demand: orders * deliveries, limit: quotas.event_invocations[region] },
    {
      what: 'one shard of a limited promotion, written',
      demand: (orders * 2) / shards,
      limit: quotas.partition_write_units.limit,
    },
    {
      what: 'one shard of a limited promotion, read',
      demand: counterReads(orders, checkouts),
      limit: quotas.partition_read_units.limit,
    },
  ]
}

function regionTable(measured: Measured): string {
  const orders = workload.hot_orders_a_minute / 60
  const regions = ['us-east-1', 'eu-central-1'] as const
  const [first, second] = regions.map((region) =>
    demands(measured, orders, orders * workload.hot_checkouts_of_an_order, region),
  )
  return table(
    [`at ${whole(workload.hot_orders_a_minute)} orders a minute`, 'a second', ...regions],
    (first ?? []).map(({ what, demand, limit }, i) => [
      ...[what, whole(demand), judged(demand, limit)],
      judged(demand, second?.[i]?.limit ?? limit),
    ]),
  )
}

function growthTable(measured: Measured): string {
  const rows = workload.growth.map((growth) => {
    const orders = ((workload.orders_a_day * growth) / 86_400) * workload.peak_of_average
    const checkouts = workload.checkouts_a_second * growth
    const over = demands(measured, orders, checkouts, 'eu-central-1')
      .map(({ what, demand, limit }) => ({ what, ratio: demand / limit }))
      .sort((a, b) => b.ratio - a.ratio)
    const broken = over.filter(({ ratio }) => ratio > 1)
    const text = broken.map(({ what, ratio }) => `${what} (${times(ratio)})`).join('; ')
    const [next] = over
    const first = broken.length > 0 ? text : `nothing; nearest: ${next?.what} (${times(next?.ratio ?? 0)})`
    return [`${growth}`, whole(checkouts), orders.toFixed(1), first]
  })
  return table(
    [
      'times today',
      'checkouts a second',
      'orders a second, at the peak',
      'asked for more than the quota (how many times)',
    ],
    rows,
  )
}

/** By the name of the place in docs/scale.md. */
export const scaleTables = (measured: Measured): { [place: string]: string } => ({
  asked: askedTable(measured),
  events: eventTable(measured),
  cost: costTable(measured),
  latency: latencyTable(),
  document: documentTable(measured),
  targets: targetTable(measured),
  logs: logTable(measured),
  hot: hotTable(measured),
  region: regionTable(measured),
  growth: growthTable(measured),
})
