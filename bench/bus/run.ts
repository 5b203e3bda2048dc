// `npm run bench:bus`: measures the embedded bus beside raw SQLite and writes the table into docs/performance.md.
// `--full` takes a million events where the memory is measured; `--dry` writes nothing.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { table, writeTable } from '../report.ts'
import { ceiling, rawWrites } from './ceiling.ts'
import { type EndToEnd, endToEnd, fanning, publishing, replaying } from './measurements.ts'
import { whole } from './setup.ts'

const { full = false, dry = false } = new Command('npm run bench:bus --')
  .description('Measures the embedded bus beside raw SQLite.')
  .option('--full', 'a million events where the memory is measured')
  .option('--dry', 'writes nothing into docs/performance.md')
  .parse()
  .opts<{ full?: boolean; dry?: boolean }>()

const rounds = 3

/** The best of some rounds of each: others on the machine can only make a figure worse. They take turns. */
async function best<Name extends string>(measures: Record<Name, () => Promise<number>>): Promise<Record<Name, number>> {
  const names = Object.keys(measures) as Name[]
  const figures = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>
  for (let round = 0; round < rounds; round++) {
    for (const name of names) figures[name] = Math.max(figures[name], await measures[name]())
  }
  return figures
}

const rows: string[][] = []
const row = (what: string, figure: string, beside = '') => {
  rows.push([what, figure, beside])
  console.log(`${what}: ${figure}${beside === '' ? '' : ` (${beside})`}`)
}
const percent = (part: number, all: number) => `${Math.round((part / all) * 100)} % of raw SQLite`

const publishes = await best({
  rawSingle: () => ceiling(1, 2_000),
  single: () => publishing(1, 2_000, 1),
  raw: () => ceiling(500, 100),
  many: () => publishing(1, 20_000, 100),
  ten: () => publishing(10, 5_000, 20),
  fiveHundred: () => publishing(500, 100, 2),
})
row('raw SQLite, one row a transaction', `${whole(publishes.rawSingle)} rows/s`)
row('publish, one by one', `${whole(publishes.single)} events/s`, percent(publishes.single, publishes.rawSingle))
row('raw SQLite, 500 rows a transaction', `${whole(publishes.raw)} rows/s`)
row('publish, one by one by 100 at a time', `${whole(publishes.many)} events/s`, percent(publishes.many, publishes.raw))
row('publish, batches of 10 by 20 at a time', `${whole(publishes.ten)} events/s`, percent(publishes.ten, publishes.raw))
const { fiveHundred, raw } = publishes
row('publish, batches of 500 by 2 at a time', `${whole(fiveHundred)} events/s`, percent(fiveHundred, raw))

const { all, fast } = await best({
  all: async () => (await endToEnd(50_000, { batch: 500 })).perSecond,
  fast: () => rawWrites(50_000),
})
row('raw SQLite, the same writes, 128 a transaction', `${whole(fast)} writes/s`)
row('end to end, as fast as it takes them', `${whole(all)} events/s`, percent(all, fast))
const times = ({ p50Ms, p99Ms }: EndToEnd) => `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`
row('publish to handled, at 2,000 events/s', times(await endToEnd(20_000, { batch: 20, rate: 2_000 })))
row('publish to handled, at 100 events/s', times(await endToEnd(500, { batch: 1, rate: 100 })))

const { one, hundred, replay } = await best({
  one: () => fanning(50_000, 1),
  hundred: () => fanning(50_000, 100),
  replay: () => replaying(50_000),
})
const cpu = (perSecond: number) => `${(1e6 / perSecond).toFixed(1)} us of CPU an event`
row('deliver to 1 subscription', cpu(one))
row('deliver beside 99 other patterns', cpu(hundred), `${(one / hundred).toFixed(2)} times the cost`)
row('replay', `${whole(replay)} events/s`)

const events = full ? 1_000_000 : 100_000
const script = fileURLToPath(new URL('memory.ts', import.meta.url))
const samples: { events: number; heapMb: number; rssMb: number }[] = JSON.parse(
  execFileSync(process.execPath, ['--expose-gc', script, String(events)], { encoding: 'utf8' }),
)
for (const at of [0, 4, 9]) {
  const sample = samples[at]
  if (!sample) throw new Error('the memory was not measured')
  const { heapMb, rssMb } = sample
  row(`memory after ${whole(sample.events)} events`, `heap ${heapMb.toFixed(1)} MB`, `resident ${whole(rssMb)} MB`)
}

if (!dry) writeTable('bus', table(['', 'figure', ''], rows), 'two cores')
