// `kram events publish`: one event, a file, or lines from standard input as they come.
import { type FileHandle, open } from 'node:fs/promises'
import type { Command } from 'commander'
import type { KramEvent } from '../../events/catalog.ts'
import { type Format, readEvent } from '../app/event-input.ts'
import { KramError } from '../base/errors.ts'
import { parseJson } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import type { Via } from '../shop/samples.ts'
import { arrivingLines, type Line, lineOf, standardInput, textOf } from './lines.ts'
import { counted, errorLine } from './output.ts'
import { hintWhenWaiting } from './send.ts'
import { type ShopClient, withClientOrNewShop } from './shop-client.ts'
import { ascendingTimes, freshId, namedId } from './stamps.ts'

type Options = {
  type?: string
  data?: string
  file?: string
  format: Format
  batch?: string
  via: Via
  json: boolean
  dataDir: string
}

type Outcome = { number: number; id?: string; error?: { code: string; pointer: string; message: string } }

const batchSize = 50

async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncIterable<Line> {
  for await (const lines of arrivingLines(input)) yield* lines
}

async function* wholeFile(file: FileHandle, path: string): AsyncIterable<Line> {
  const { size } = await file.stat()
  if (size > limits.eventBytes) {
    throw new KramError(
      'invalid',
      'file_too_large',
      `${path} is larger than an event may be: ${limits.eventBytes} bytes.`,
    )
  }
  yield lineOf(1, await file.readFile())
  await file.close()
}

async function fileInput(path: string): Promise<AsyncIterable<Line>> {
  const file = await open(path).catch(() => undefined)
  if (!file || (await file.stat()).isDirectory()) {
    throw new KramError('invalid', 'file_unreadable', `${path} cannot be read.`)
  }
  return path.endsWith('.json') ? wholeFile(file, path) : linesOf(file.createReadStream())
}

async function* oneEvent(type: string, data: string): AsyncIterable<Line> {
  // Read before it is wrapped, so that a fault in it is not reported as one of the wrapping.
  yield lineOf(1, Buffer.from(JSON.stringify({ type, data: parseJson(data) })))
}

async function inputOf({ type, data, file }: Options): Promise<AsyncIterable<Line>> {
  if (type !== undefined && data !== undefined) return oneEvent(type, data)
  if (file !== undefined) return await fileInput(file)
  return linesOf(standardInput())
}

/** Sends what is ready; the outcomes of all lines of the batch in their order. */
async function sendBatch(
  client: ShopClient,
  batch: readonly (Outcome & { event?: KramEvent })[],
  via: Via,
): Promise<Outcome[]> {
  const events = batch.flatMap(({ event }) => (event ? [event] : []))
  const { rejected } = events.length > 0 ? await client.publish(events, via) : { rejected: [] }
  const refused = new Map(rejected.map((rejection) => [rejection.id, rejection]))
  return batch.map(({ event, ...outcome }) => {
    const rejection = event && refused.get(event.id)
    return rejection
      ? { ...outcome, error: { code: rejection.code, pointer: '', message: rejection.message } }
      : outcome
  })
}

function report({ number, id, error }: Outcome, json: boolean): void {
  if (json) console.log(JSON.stringify({ line: number, ...(id !== undefined && { id }), ...(error && { error }) }))
  else if (error) console.error(`line ${number}: ${error.pointer || '/'} ${error.message} (${error.code})`)
}

export async function publish(options: Options, command: Command): Promise<void> {
  const { type, data, format, batch: name, via, json } = options
  if ((type === undefined) !== (data === undefined)) command.error('error: --type and --data go together.')
  if (type !== undefined && format !== 'envelope') command.error('error: --type and --data make an envelope.')
  const timeOf = ascendingTimes({ now: Date.now })
  const read = (line: Line): Outcome & { event?: KramEvent } => {
    const { number } = line
    try {
      const id = name === undefined ? freshId() : namedId(`publish/${name}/${number}`)
      const event: KramEvent = readEvent(textOf(line), format, { id, time: timeOf() })
      return { number, id: event.id, event }
    } catch (error) {
      return { number, error: errorLine(error) }
    }
  }
  const input = await inputOf(options)
  await withClientOrNewShop(options.dataDir, async (client) => {
    const counts = { accepted: 0, refused: 0 }
    for await (const batch of batches(input)) {
      for (const outcome of await sendBatch(client, batch.map(read), via)) {
        counts[outcome.error ? 'refused' : 'accepted']++
        report(outcome, json)
      }
    }
    if (counts.refused > 0) process.exitCode = 1
    if (!json) console.log(`${counted(counts.accepted, 'event')} accepted, ${counts.refused} refused`)
    if (counts.accepted > 0) hintWhenWaiting(client, via)
  }).finally(() => {
    // Else a failure would wait for the end of a terminal's input.
    process.stdin.destroy()
  })
}

/** Groups what is there already, up to a batch: lines that trickle in are sent as they come. */
async function* batches(lines: AsyncIterable<Line>): AsyncIterable<Line[]> {
  const iterator = lines[Symbol.asyncIterator]()
  const read = () => {
    const next = iterator.next()
    // It is awaited in the next round; until then nobody else would hear that it failed.
    next.catch(() => undefined)
    return next
  }
  let next = read()
  for (let first = await next; !first.done; first = await next) {
    const batch = [first.value]
    next = read()
    while (batch.length < batchSize) {
      const soon = await Promise.race([next, new Promise<undefined>((resolve) => setImmediate(resolve, undefined))])
      if (soon === undefined || soon.done) break
      batch.push(soon.value)
      next = read()
    }
    yield batch
  }
}
