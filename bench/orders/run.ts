// `npm run bench:orders`: durable orders a second on the embedded shop, beside raw SQLite that writes the same rows to a
// file opened alike; and a replay through the shop's own projections; into docs/performance.md. `--dry` writes nothing.
import { openSqlite } from '../../lib/adapters/sqlite.ts'
import { schema } from '../../lib/adapters/table/sqlite-write.ts'
import type { WriteOp } from '../../lib/ports/table.ts'
import { quantile, secondsOf, whole, withFolder } from '../bus/setup.ts'
import { table as markdown, writeTable } from '../report.ts'
import { openBenchShop, orderSubscriptions, placeOrders, startHandlers } from './setup.ts'

const dry = process.argv.includes('--dry')
const callers = 64
const orders = 3_000
const alone = 600
const rounds = 3

type Writes = readonly (readonly WriteOp[])[]
type Placed = { perSecond: number; p50Ms: number; p99Ms: number; writes: Writes }

/** With `relay`, each order and its purchases are sent to a durable bus too, and counted when the last is. */
const placing = (count: number, { callers, relay }: { callers: number; relay: boolean }): Promise<Placed> =>
  withFolder(async (folder) => {
    const shop = await openBenchShop(folder, { relay })
    let latencies: number[] = []
    const seconds = await secondsOf(async () => {
      latencies = await placeOrders(shop, { count, callers })
      await shop.relayed()
    })
    const { writes } = shop
    await shop.close()
    latencies.sort((a, b) => a - b)
    return { perSecond: count / seconds, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99), writes }
  })

type Row = [pk: string, sk: string, body: string, list: string | null, sort: string | null]

const rowOf = (op: WriteOp): Row => {
  if (op.op !== 'put') return [op.key.pk, op.key.sk, JSON.stringify(op.op === 'count' ? op.add : {}), null, null]
  const { pk, sk, ...body } = op.item
  return [pk, sk, JSON.stringify(body), op.list?.name ?? null, op.list?.sort ?? null]
}

/** The rows of these writes, made beforehand, so many orders in a transaction: orders a second. */
const raw = (writes: Writes, together: number): Promise<number> =>
  withFolder(async (folder) => {
    const db = openSqlite({ path: `${folder}/raw.sqlite`, what: 'Raw SQLite', format: 1, schema })
    const put = db.prepare(
      'INSERT INTO items (pk, sk, body, list, list_sort) VALUES (?, ?, ?, ?, ?) ON CONFLICT (pk, sk) DO UPDATE SET body = excluded.body',
    )
    const rows = writes.map((ops) => ops.map(rowOf))
    const seconds = await secondsOf(() => {
      for (let at = 0; at < rows.length; at += together) {
        db.exec('BEGIN IMMEDIATE')
        for (const write of rows.slice(at, at + together)) for (const row of write) put.run(...row)
        db.exec('COMMIT')
      }
    })
    db.close()
    return rows.length / seconds
  })

/** Events a second that a replay takes through the shop's projections, which have handled them all before. */
const replaying = (count: number): Promise<number> =>
  withFolder(async (folder) => {
    const shop = await openBenchShop(folder, { relay: true, subscriptions: orderSubscriptions })
    await placeOrders(shop, { count, callers })
    startHandlers(shop)
    for (let before = -1; before !== shop.writes.length; ) {
      before = shop.writes.length
      await shop.relayed()
      await shop.bus.idle()
    }
    let events = 0
    const seconds = await secondsOf(async () => {
      const { name } = await shop.bus.replay({ from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' })
      await shop.bus.idle()
      const { state, total = 0, done } = await shop.bus.replayStatus(name)
      if (state !== 'completed' || done !== total) throw new Error(`the replay is ${state}, ${done} of ${total}`)
      events = total
    })
    await shop.close()
    return events / seconds
  })

// Rounds take turns, and each figure is its best: others on the machine can only make it worse.
const best = { raw: 0, rawAlone: 0, placed: 0, alone: 0, relayed: 0, replay: 0 }
const times = { p50Ms: Number.POSITIVE_INFINITY, p99Ms: Number.POSITIVE_INFINITY }
const better = (name: keyof typeof best, figure: number): void => {
  best[name] = Math.max(best[name], figure)
}
for (let round = 0; round < rounds; round++) {
  const placed = await placing(orders, { callers, relay: false })
  better('placed', placed.perSecond)
  times.p50Ms = Math.min(times.p50Ms, placed.p50Ms)
  times.p99Ms = Math.min(times.p99Ms, placed.p99Ms)
  better('raw', await raw(placed.writes, callers))
  better('rawAlone', await raw(placed.writes.slice(0, alone), 1))
  better('alone', (await placing(alone, { callers: 1, relay: false })).perSecond)
  better('relayed', (await placing(orders, { callers, relay: true })).perSecond)
  better('replay', await replaying(1_000))
}

const perSecond = (figure: number): string => `${whole(figure)} orders/s`
const beside = (figure: number): string[] => [
  perSecond(figure),
  ...[best.rawAlone, best.raw].map((ceiling) => `${Math.round((figure / ceiling) * 100)} %`),
]
const rows = [
  ['raw SQLite, the same rows, each order a transaction', ...beside(best.rawAlone)],
  [`raw SQLite, the same rows, ${callers} orders a transaction`, ...beside(best.raw)],
  ['orders placed one after the other', ...beside(best.alone)],
  [`orders placed by ${callers} callers, group commit`, ...beside(best.placed)],
  ['the time of one of them', `p50 ${times.p50Ms.toFixed(1)} ms, p99 ${times.p99Ms.toFixed(1)} ms`, '', ''],
  ['the same, with order and purchases sent to the durable bus', ...beside(best.relayed)],
  ["replay of what follows through the shop's projections", `${whole(best.replay)} events/s`, '', ''],
]
const text = markdown(['', 'figure', 'of raw, one a transaction', `of raw, ${callers} a transaction`], rows)
console.log(text)
if (!dry) writeTable('orders', text)
