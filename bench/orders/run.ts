// `npm run bench:orders`: durable orders a second on the embedded shop, beside raw SQLite that writes (or reads and writes)
// the same rows in a file opened alike; and a replay through the shop's own projections; into docs/performance.md. `--dry` writes nothing.
import { deserialize, serialize } from 'node:v8'
import { Command } from 'commander'
import { openSqlite } from '../../lib/adapters/sqlite.ts'
import { keyOf } from '../../lib/adapters/table/checks.ts'
import { prepare, schema } from '../../lib/adapters/table/sqlite-rows.ts'
import type { Key, WriteOp } from '../../lib/ports/table.ts'
import { quantile, secondsOf, whole, withFolder } from '../bus/setup.ts'
import { table as markdown, writeTable } from '../report.ts'
import { openBenchShop, orderSubscriptions, placeOrders, startHandlers } from './setup.ts'

const { dry = false } = new Command('npm run bench:orders --')
  .description('Measures orders placed on the embedded shop beside raw SQLite, and a replay.')
  .option('--dry', 'writes nothing into docs/performance.md')
  .parse()
  .opts<{ dry?: boolean }>()
const callers = 64
// Some seconds of orders, and as many before the first that is counted: a shop runs for days, and the first thousands pay
// for the compiling of its code.
const orders = 12_000
const relayed = 3_000
const alone = 600
const rounds = 3

type Placed = { perSecond: number; p50Ms: number; p99Ms: number }

/** With `relay`, each order and its purchases are sent to a durable bus too, and counted when the last is. */
const placing = (count: number, { callers, relay }: { callers: number; relay: boolean }): Promise<Placed> =>
  withFolder(async (folder) => {
    const shop = await openBenchShop(folder, { relay })
    let latencies: number[] = []
    const seconds = await secondsOf(async () => {
      latencies = await placeOrders(shop, { count, callers })
      await shop.relayed()
    })
    await shop.close()
    latencies.sort((a, b) => a - b)
    return { perSecond: count / seconds, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) }
  })

type Row = [pk: string, sk: string, body: string, list: string | null, sort: string | null]

const rowOf = (op: WriteOp): Row => {
  if (op.op !== 'put') return [op.key.pk, op.key.sk, JSON.stringify(op.op === 'count' ? op.add : {}), null, null]
  const { pk, sk, ...body } = op.item
  return [pk, sk, JSON.stringify(body), op.list?.name ?? null, op.list?.sort ?? null]
}

/** What an order reads, in its evaluation and for the conditions of its write, and the rows that it writes. */
type Raw = { reads: readonly Key[]; rows: readonly Row[] }

const isLookedAt = (op: WriteOp): boolean => op.op === 'count' || op.if !== undefined

/**
 * Of orders that were really placed, which are the warm-up too. Serialized, since objects that are kept while orders are
 * timed are work for the garbage collector.
 */
const recorded = (): Promise<Buffer> =>
  withFolder(async (folder) => {
    const shop = await openBenchShop(folder, { relay: false, kept: true })
    await placeOrders(shop, { count: orders, callers })
    const { asked, writes } = shop
    await shop.close()
    const share = asked.length / writes.length
    return serialize(
      writes.map(
        (ops, i): Raw => ({
          reads: [
            ...asked.slice(Math.round(i * share), Math.round((i + 1) * share)),
            ...ops.filter(isLookedAt).map(keyOf),
          ],
          rows: ops.map(rowOf),
        }),
      ),
    )
  })

type RawOptions = { together: number; count?: number; reading?: boolean }

/** The same rows, made beforehand, so many orders in a transaction, in a filled shop's file: orders a second. */
const raw = (written: Buffer, { together, count, reading = false }: RawOptions) =>
  withFolder(async (folder) => {
    const all: Raw[] = deserialize(written).slice(0, count)
    const filled = await openBenchShop(folder, { relay: false })
    await filled.close()
    const db = openSqlite({ path: `${folder}/table.sqlite`, what: 'Raw SQLite', format: 1, schema })
    const { get } = prepare(db)
    const put = db.prepare(
      'INSERT INTO items (pk, sk, body, list, list_sort) VALUES (?, ?, ?, ?, ?) ON CONFLICT (pk, sk) DO UPDATE SET body = excluded.body',
    )
    const seconds = await secondsOf(() => {
      for (let at = 0; at < all.length; at += together) {
        db.exec('BEGIN IMMEDIATE')
        for (const { reads, rows } of all.slice(at, at + together)) {
          if (reading) for (const { pk, sk } of reads) get.get(pk, sk)
          for (const row of rows) put.run(...row)
        }
        db.exec('COMMIT')
      }
    })
    db.close()
    return all.length / seconds
  })

/** Events a second that a replay takes through the shop's projections, which have handled them all before. */
const replaying = (count: number): Promise<number> =>
  withFolder(async (folder) => {
    const shop = await openBenchShop(folder, { relay: true, subscriptions: orderSubscriptions })
    await placeOrders(shop, { count, callers })
    startHandlers(shop)
    for (let before = -1; before !== shop.written(); ) {
      before = shop.written()
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
const written = await recorded()
const best = { raw: 0, rawReading: 0, rawAlone: 0, placed: 0, alone: 0, relayed: 0, replay: 0 }
const times = { p50Ms: Number.POSITIVE_INFINITY, p99Ms: Number.POSITIVE_INFINITY }
const better = (name: keyof typeof best, figure: number): void => {
  best[name] = Math.max(best[name], figure)
}
for (let round = 0; round < rounds; round++) {
  const placed = await placing(orders, { callers, relay: false })
  better('placed', placed.perSecond)
  times.p50Ms = Math.min(times.p50Ms, placed.p50Ms)
  times.p99Ms = Math.min(times.p99Ms, placed.p99Ms)
  better('raw', await raw(written, { together: callers }))
  better('rawReading', await raw(written, { together: callers, reading: true }))
  better('rawAlone', await raw(written, { together: 1, count: alone }))
  better('alone', (await placing(alone, { callers: 1, relay: false })).perSecond)
  better('relayed', (await placing(relayed, { callers, relay: true })).perSecond)
  better('replay', await replaying(1_000))
}

const perSecond = (figure: number): string => `${whole(figure)} orders/s`
const beside = (figure: number): string[] => [
  perSecond(figure),
  ...[best.rawAlone, best.raw, best.rawReading].map((ceiling) => `${Math.round((figure / ceiling) * 100)} %`),
]
const rows = [
  ['raw SQLite, the same rows, each order a transaction', ...beside(best.rawAlone)],
  [`raw SQLite, the same rows, ${callers} orders a transaction`, ...beside(best.raw)],
  [`raw SQLite, the same reads and rows, ${callers} orders a transaction`, ...beside(best.rawReading)],
  ['orders placed one after the other', ...beside(best.alone)],
  [`orders placed by ${callers} callers, group commit`, ...beside(best.placed)],
  ['the time of one of them', `p50 ${times.p50Ms.toFixed(1)} ms, p99 ${times.p99Ms.toFixed(1)} ms`, '', '', ''],
  ['the same, with order and purchases sent to the durable bus', ...beside(best.relayed)],
  ["replay of what follows through the shop's projections", `${whole(best.replay)} events/s`, '', '', ''],
]
const heads = ['', 'figure', 'of raw, one a transaction', `of raw, ${callers} a transaction`, 'of raw that reads too']
const text = markdown(heads, rows)
console.log(text)
if (!dry) writeTable('orders', text, 'two cores')
