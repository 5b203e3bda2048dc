// A shop in small that is killed: publishes and handles under load on the bus and table of the given folder, and prints
// the ids of every publish that was answered. With `drain` it publishes nothing, ends when nothing is left to handle,
// and prints what it found. Arguments: folder, run (a number, for ids), mode.
import { createEmbeddedBus } from '../../lib/adapters/bus/embedded/bus.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { KramError } from '../../lib/base/errors.ts'
import type { BusEvent } from '../../lib/ports/bus.ts'
import { subscription } from './embedded-bus.ts'
import { envelope } from './envelopes.ts'

const [folder = '', run = '0', mode = 'load'] = process.argv.slice(2)
const table = createSqliteTable({ path: `${folder}/table.sqlite` })
const bus = createEmbeddedBus({
  path: `${folder}/bus.sqlite`,
  clock: { now: Date.now },
  random: { next: Math.random },
  subscriptions: ['count', 'mark'].map((name) => subscription(name, { retry: { attempts: 5, maxAgeSeconds: 3_600 } })),
})

/** Effect and marker in one write, as the shop's functions do it; some fail at first, some always. */
async function handle(name: string, { detail }: BusEvent, { attempt = 1 }: { attempt?: number }): Promise<void> {
  const n = Number(detail.data.n)
  if (n % 50 === 7) throw new KramError('invalid', 'poison', 'It is poison.')
  if (n % 10 === 3 && attempt === 1) throw new Error('not at first')
  // Long enough that a kill finds some of them running, behind a cursor that was stored meanwhile.
  if (n % 10 === 5) await new Promise((resolve) => setTimeout(resolve, 120))
  await table.write([
    { op: 'put', item: { pk: `seen#${detail.id}`, sk: name }, if: { exists: false } },
    { op: 'count', key: { pk: 'total', sk: name }, add: { events: 1 } },
    { op: 'put', item: { pk: `outbox#${detail.id}`, sk: name }, list: { name: 'outbox', sort: detail.time } },
  ])
}

async function publishForEver(lane: number): Promise<never> {
  for (let n = 0; ; n += 8) {
    const events = Array.from({ length: 8 }, (_, at) => envelope(`${run}/${lane}/${n + at}`, { n: n + at }))
    const { accepted } = await bus.publish(events)
    process.stdout.write(`${accepted.join('\n')}\n`)
  }
}

async function drain(): Promise<void> {
  const always = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' }
  const events: { id: string; n: number }[] = []
  for await (const { event } of bus.archive.read(always)) events.push({ id: event.id, n: Number(event.data.n) })
  const handled: string[] = []
  for await (const item of table.scan({ prefix: 'seen#' })) handled.push(`${item.sk} ${item.pk.slice('seen#'.length)}`)
  const dead: string[] = []
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await bus.deadLetters.list({ limit: 1_000, ...(after === undefined ? {} : { after }) })
    dead.push(...page.items.map(({ subscription: name, event }) => `${name} ${event.id}`))
    after = page.next
  }
  const totals = await table.get(['count', 'mark'].map((name) => ({ pk: 'total', sk: name })))
  const outbox: string[] = []
  for await (const item of table.scan({ prefix: 'outbox#' }))
    outbox.push(`${item.sk} ${item.pk.slice('outbox#'.length)}`)
  console.log(JSON.stringify({ events, handled, dead, totals: totals.map((item) => item?.events), outbox }))
}

bus.start(handle)
if (mode === 'load') await Promise.race(Array.from({ length: 6 }, (_, lane) => publishForEver(lane)))
// A retry may be due in a moment only: nothing is left when the table and the dead letters stay as they are.
for (let quiet = 0; quiet < 3; quiet++) {
  await bus.idle()
  await new Promise((resolve) => setTimeout(resolve, 250))
}
await bus.idle()
await drain()
await bus.close()
await table.close()
