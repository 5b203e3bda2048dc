// The log of the bus as objects, where the bus itself cannot be read (EventBridge): archive-events writes it by the
// hour, everything that reads events reads it.
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { envelopeSchema } from '../../events/envelope.ts'
import { KramError } from '../base/errors.ts'
import { dayMs, hourMs, type Instant, isInstant, toInstant, toMs } from '../base/time.ts'
import { compilePattern } from '../patterns/compile.ts'
import type { Archive, ArchivedEvent, Envelope } from '../ports/bus.ts'
import type { Objects } from '../ports/objects.ts'
import { contentHash } from './content-hash.ts'

/** An event as the bus handed it over; its detail may be anybody's. */
export type Taken = { takenAt: Instant; event: { [field: string]: unknown } }

type Line = { taken_at: Instant; event: { [field: string]: unknown } }

const root = 'log'

/** Events that are remembered to know a repeated one: the bus sends one again within minutes, if at all. */
const remembered = 100_000

/** 2022-04-24T19:41:07.123Z -> 20220424T194107123Z: a key holds no colons. */
const compact = (instant: Instant): string => instant.replace(/[-:.]/g, '')

const expanded = (text: string): Instant =>
  text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, '$1-$2-$3T$4:$5:$6.$7Z')

const folderOf = (instant: Instant): string => `${root}/${instant.slice(0, 10)}/${instant.slice(11, 13)}`

/**
 * Writes events into one object for each hour that they were taken in. Named after its first and last time and its
 * content, so that a batch that is written again replaces itself.
 */
export async function archiveEvents({ objects }: { objects: Objects }, taken: readonly Taken[]): Promise<void> {
  const byHour = Map.groupBy(taken, ({ takenAt }) => folderOf(takenAt))
  for (const [folder, events] of byHour) {
    const sorted = events.toSorted((a, b) => (a.takenAt < b.takenAt ? -1 : a.takenAt > b.takenAt ? 1 : 0))
    const lines = sorted.map(({ takenAt, event }): Line => ({ taken_at: takenAt, event }))
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    const [first = '', last = ''] = [sorted[0]?.takenAt, sorted.at(-1)?.takenAt]
    const name = `${compact(first)}-${compact(last)}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    const bytes = new TextEncoder().encode(text)
    await objects.put(`${folder}/${name}.jsonl`, bytes, { contentType: 'application/jsonl' })
  }
}

/** Prefixes that hold every key of the range and not many more, in the order of time. */
function prefixes(from: Instant, to: Instant): string[] {
  const lastMs = toMs(to) - 1
  const span = lastMs - toMs(from)
  if (span > 62 * dayMs) return [`${root}/`]
  const stepMs = span > 2 * dayMs ? dayMs : hourMs
  const names = new Set<string>()
  for (let at = toMs(from) - (toMs(from) % stepMs); at <= lastMs; at += stepMs) {
    names.add(stepMs === dayMs ? `${root}/${toInstant(at).slice(0, 10)}/` : `${folderOf(toInstant(at))}/`)
  }
  return [...names]
}

type Chunk = { key: string; first: Instant; last: Instant }

function chunkOf(key: string): Chunk | undefined {
  const [, first = '', last = ''] = /\/(\w{19})-(\w{19})-\w+\.jsonl$/.exec(key) ?? []
  const chunk = { key, first: expanded(first), last: expanded(last) }
  return isInstant(chunk.first) && isInstant(chunk.last) ? chunk : undefined
}

async function* chunksIn(objects: Objects, from: Instant, to: Instant): AsyncIterable<Chunk> {
  for (const prefix of prefixes(from, to)) {
    for await (const key of objects.list(prefix)) {
      const chunk = chunkOf(key)
      if (chunk && chunk.last >= from && chunk.first < to) yield chunk
    }
  }
}

/** An event of the log with all that its bus knew; only those with our envelope come out of the log. */
type Read = ArchivedEvent & { asTaken: { [field: string]: unknown } }

async function readChunk(objects: Objects, { key }: Chunk): Promise<Read[]> {
  const object = await objects.get(key)
  if (object === undefined || object === 'not_modified') return []
  const lines = new TextDecoder().decode(object.bytes).split('\n')
  return lines.filter(Boolean).flatMap((text) => {
    const { taken_at: takenAt, event } = JSON.parse(text) as Line
    const envelope = v.safeParse(envelopeSchema, event.detail)
    return envelope.success ? [{ takenAt, event: envelope.output as Envelope, asTaken: event }] : []
  })
}

/** Objects that are fetched before they are asked for: a log has thousands, and each takes a round trip. */
const aheadOfReader = 8

async function* readAhead(objects: Objects, chunks: AsyncIterable<Chunk>): AsyncIterable<[Chunk, Read[]]> {
  const coming: { chunk: Chunk; reads: Promise<Read[]> }[] = []
  for await (const chunk of chunks) {
    const reads = readChunk(objects, chunk)
    // Whoever stops reading early will not look at it.
    reads.catch(() => undefined)
    coming.push({ chunk, reads })
    const next = coming.length > aheadOfReader ? coming.shift() : undefined
    if (next) yield [next.chunk, await next.reads]
  }
  for (const { chunk, reads } of coming) yield [chunk, await reads]
}

/** By the time the bus took them; within a moment by their own time, then id: EventBridge keeps no order. */
const inOrder = (a: Read, b: Read): number =>
  compare(a.takenAt, b.takenAt) || compare(a.event.time, b.event.time) || compare(a.event.id, b.event.id)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Says whether an event has come already, with the same content. */
function createMemory(): (event: Envelope) => boolean {
  const known = new Set<string>()
  return (event) => {
    const key = `${event.id} ${contentHash(event)}`
    if (known.has(key)) return true
    known.add(key)
    if (known.size > remembered) known.delete(known.values().next().value ?? '')
    return false
  }
}

function checkRange(from: Instant, to: Instant): void {
  if (isInstant(from) && isInstant(to) && from < to) return
  throw new KramError('invalid', 'time_range', '"from" and "to" must be UTC instants, the first before the second.')
}

/**
 * Reads what archiveEvents wrote, each event once. Events of the last minutes may still be on their way. Holds in
 * memory what overlaps in time, seldom more than some batches.
 */
export const createObjectArchive = ({ objects }: { objects: Objects }): Archive => ({
  async *read({ from, to, pattern }) {
    checkRange(from, to)
    const compiled = pattern && compilePattern(pattern)
    const isRepeated = createMemory()
    const chosen = ({ takenAt, event, asTaken }: Read): boolean =>
      takenAt >= from && takenAt < to && !isRepeated(event) && (!compiled || compiled.matches(asTaken))

    let waiting: Read[] = []
    for await (const [chunk, reads] of readAhead(objects, chunksIn(objects, from, to))) {
      // Chunks come by their first time, so nothing earlier can follow.
      const settled = waiting.filter(({ takenAt }) => takenAt < chunk.first).sort(inOrder)
      waiting = waiting.filter(({ takenAt }) => takenAt >= chunk.first)
      for (const read of settled) if (chosen(read)) yield { event: read.event, takenAt: read.takenAt }
      for (const read of reads) waiting.push(read)
    }
    for (const read of waiting.sort(inOrder)) if (chosen(read)) yield { event: read.event, takenAt: read.takenAt }
  },
})
