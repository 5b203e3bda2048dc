// `kram events tail`.
import { dayMs, hourMs, type Instant, toInstant } from '../base/time.ts'
import type { ArchivedEvent, Pattern } from '../ports/bus.ts'
import { oneLine } from '../shop/print.ts'
import { type ShopClient, withClient } from './shop-client.ts'

type Options = { lines: number; from?: Instant; type?: string; follow: boolean; json: boolean; dataDir: string }

const beginning = '1970-01-01T00:00:00.000Z'
const pollMs = 500

// How far back one looks for the latest events: the log is read forward only, and may be long.
const widening = [60_000, hourMs, dayMs, 30 * dayMs]

const patternOf = ({ type }: Options): { pattern?: Pattern } =>
  type === undefined ? {} : { pattern: { 'detail-type': [type] } }

/** All events since `from`, to the end of the log; answers where to go on. */
async function readOn(
  client: ShopClient,
  query: { from: Instant; pattern?: Pattern; after?: string },
  take: (archived: ArchivedEvent) => void,
): Promise<string> {
  let { after } = query
  for (;;) {
    const { items, next, more } = await client.events({ ...query, ...(after !== undefined && { after }) })
    items.forEach(take)
    if (!more) return next
    after = next
  }
}

/** The last `lines` events, oldest first, and where to go on. */
async function latest(client: ShopClient, options: Options): Promise<{ found: ArchivedEvent[]; next: string }> {
  const now = Date.now()
  const last = { found: [] as ArchivedEvent[], next: '' }
  for (const from of [...widening.map((ms) => toInstant(now - ms)), beginning]) {
    last.found = []
    last.next = await readOn(client, { from, ...patternOf(options) }, (archived) => {
      last.found.push(archived)
      if (last.found.length > options.lines) last.found.shift()
    })
    if (last.found.length === options.lines) break
  }
  return last
}

const text = ({ event, takenAt }: ArchivedEvent): string =>
  oneLine(`${takenAt} ${event.type} ${event.subject ?? '-'} ${event.source} ${event.id}`)

export async function tail(options: Options): Promise<void> {
  const print = (archived: ArchivedEvent): void =>
    console.log(options.json ? JSON.stringify(archived.event) : text(archived))
  await withClient(options.dataDir, async (client) => {
    let next: string
    if (options.from === undefined) {
      const last = await latest(client, options)
      last.found.forEach(print)
      next = last.next
    } else {
      next = await readOn(client, { from: options.from, ...patternOf(options) }, print)
    }
    if (!options.follow) return
    if (!client.delivers) {
      console.error('No shop runs here, so there is nothing to follow (npm start).')
      return
    }
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, pollMs))
      next = await readOn(client, { from: beginning, ...patternOf(options), after: next }, print)
    }
  })
}
