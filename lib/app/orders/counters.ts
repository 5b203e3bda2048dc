// Reads the counters of limits, and remembers for a moment what was read: a hot limit is asked for by every checkout. It
// may be old, and is never trusted with a limit: the order's own write carries the bounds.
import { limits } from '../../base/limits.ts'
import type { Table, WriteOp } from '../../ports/table.ts'
import { inTurn } from '../turns.ts'
import { type Counter, type Shards, shardKey, shardOfItem, shardsFor, shardsOf } from './meters.ts'

/** What was read of counters, by their pk: an order's plan is made of the same numbers as its evaluation. */
export type Counters = Map<string, Shards>

type Reading = { shards: Shards; asked: number; readMs: number }

type Memory = {
  /** In the order of their reading. Never of a customer's own. */
  readings: Map<string, Reading>
  /** Promotions whose counters have lately made a difference, and when. */
  telling: Map<string, number>
  /** Times that something was forgotten: what was being read meanwhile is not kept. */
  forgotten: number
}

const memories = new WeakMap<Table, Memory>()

function memoryOf(table: Table): Memory {
  const memory = memories.get(table) ?? { readings: new Map(), telling: new Map(), forgotten: 0 }
  memories.set(table, memory)
  return memory
}

// A clock that was put back makes nothing fresh.
const isFresh = (sinceMs: number, nowMs: number): boolean => nowMs >= sinceMs && nowMs - sinceMs < limits.counterMs

/** Of what has no limit the first shard tells what an order must know: whether the others are known of. */
const shardsAsked = (counter: Counter): number =>
  !counter.single && Object.keys(counter.atMost).length === 0 ? 1 : shardsFor(counter)

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

async function readShards(table: Table, wanted: readonly { counter: Counter; from: number; to: number }[]) {
  const places = wanted.flatMap(({ counter, from, to }) => range(from, to).map((shard) => ({ counter, shard })))
  const items = places.length === 0 ? [] : await table.get(places.map(({ counter, shard }) => shardKey(counter, shard)))
  return places.flatMap(({ counter, shard }, i) =>
    items[i] ? [{ counter, shard, stored: shardOfItem(items[i]) }] : [],
  )
}

/** All that is stored of counters, read strongly: the shards that their limits have, and those of earlier, larger limits. */
export async function readCounters(table: Table, counters: readonly Counter[]): Promise<Counters> {
  const read: Counters = new Map(counters.map(({ pk }) => [pk, new Map()]))
  const add = (found: Awaited<ReturnType<typeof readShards>>): void => {
    for (const { counter, shard, stored } of found) read.get(counter.pk)?.set(shard, stored)
  }
  add(
    await readShards(
      table,
      counters.map((counter) => ({ counter, from: 0, to: shardsAsked(counter) })),
    ),
  )
  const more = counters.flatMap((counter) => {
    const from = shardsAsked(counter)
    const stored = read.get(counter.pk) ?? new Map()
    return counter.single || from < shardsFor(counter) ? [] : [{ counter, from, to: shardsOf(counter, stored).length }]
  })
  add(await readShards(table, more))
  return read
}

/** Those that were read lately; undefined for the others. */
export function rememberedCounters(table: Table, counters: readonly Counter[], nowMs: number): Counters {
  const { readings } = memoryOf(table)
  for (const [pk, { readMs }] of readings) {
    if (isFresh(readMs, nowMs) && readings.size <= limits.rememberedCounters) break
    readings.delete(pk)
  }
  const remembered: Counters = new Map()
  for (const counter of counters) {
    const reading = readings.get(counter.pk)
    if (reading && reading.asked >= shardsAsked(counter)) remembered.set(counter.pk, reading.shards)
  }
  return remembered
}

/** Reads counters that customers share, and remembers them. */
async function freshCounters(table: Table, counters: readonly Counter[], nowMs: number): Promise<Counters> {
  const memory = memoryOf(table)
  const { forgotten } = memory
  const read = await readCounters(table, counters)
  if (forgotten !== memory.forgotten) return read
  for (const counter of counters) {
    memory.readings.delete(counter.pk)
    memory.readings.set(counter.pk, {
      shards: read.get(counter.pk) ?? new Map(),
      asked: shardsAsked(counter),
      readMs: nowMs,
    })
  }
  return read
}

const none: Counters = new Map()

/** Into `counters` those of `wanted` that are not there: what is remembered, unless `afresh`, and what is read for it. */
export async function lookUpCounters(
  table: Table,
  wanted: readonly Counter[],
  { counters, nowMs, afresh = false }: { counters: Counters; nowMs: number; afresh?: boolean },
): Promise<void> {
  const unknown = wanted.filter(({ pk }) => !counters.has(pk))
  const own = unknown.filter(({ single }) => single)
  const shared = unknown.filter(({ single }) => !single)
  const known = afresh ? none : rememberedCounters(table, shared, nowMs)
  known.forEach((shards, pk) => {
    counters.set(pk, shards)
  })
  const missing = shared.filter(({ pk }) => !known.has(pk))
  if (own.length === 0 && missing.length === 0) return
  const found = await Promise.all([
    own.length > 0 ? readCounters(table, own) : none,
    missing.length === 0 ? none : (afresh ? freshCounters : readInTurn)(table, missing, nowMs),
  ])
  for (const some of found) for (const [pk, shards] of some) counters.set(pk, shards)
}

/** When what is remembered of a hot limit is too old, one of many reads it for all. */
const readInTurn = (table: Table, wanted: readonly Counter[], nowMs: number): Promise<Counters> =>
  inTurn(table, 'read-counters', async () => {
    const known = rememberedCounters(table, wanted, nowMs)
    const missing = wanted.filter(({ pk }) => !known.has(pk))
    return missing.length > 0 ? new Map([...known, ...(await freshCounters(table, missing, nowMs))]) : known
  })

/**
 * Reads these counters again, into `counters`; if what is there was just read, their `ops` are written before. When a limit
 * is new, all who order under it find so at once: they take turns, and one of them does it for all.
 */
export async function levelCounters(
  table: Table,
  levels: readonly { meter: Counter; ops: readonly WriteOp[] }[],
  { counters, nowMs, justRead }: { counters: Counters; nowMs: number; justRead: boolean },
): Promise<void> {
  await inTurn(table, 'level-counters', async () => {
    const known = rememberedCounters(
      table,
      levels.map(({ meter }) => meter),
      nowMs,
    )
    const left = levels.filter(({ meter: { pk } }) => (known.get(pk) ?? counters.get(pk)) === counters.get(pk))
    if (justRead) await Promise.all(left.map(({ ops }) => table.write(ops)))
    const read =
      left.length > 0
        ? await freshCounters(
            table,
            left.map(({ meter }) => meter),
            nowMs,
          )
        : []
    for (const [pk, shards] of [...known, ...read]) counters.set(pk, shards)
  })
}

/** An order of this process took so much. Only of the very reading that it was planned with: a later one may know of it. */
export function noteTaken(
  table: Table,
  counters: Counters,
  taken: readonly { pk: string; shard: number; op: WriteOp }[],
) {
  const { readings } = memoryOf(table)
  for (const { pk, shard, op } of taken) {
    const shards = counters.get(pk)
    const stored = shards?.get(shard)
    if (op.op !== 'count' || !shards || !stored || readings.get(pk)?.shards !== shards) continue
    const amounts = { ...stored.amounts }
    for (const [name, by] of Object.entries(op.add)) amounts[name] = (amounts[name] ?? 0) + by
    shards.set(shard, { ...stored, amounts })
  }
}

/** This process gave something back: what is remembered would hide it. */
export function forgetCounters(table: Table, pks: readonly string[]): void {
  const memory = memoryOf(table)
  memory.forgotten++
  for (const pk of pks) memory.readings.delete(pk)
}

/** The promotion's counters made a difference: the next evaluation had better know them from the start. */
export function noteTelling(table: Table, promoId: string, nowMs: number): void {
  const { telling } = memoryOf(table)
  telling.delete(promoId)
  telling.set(promoId, nowMs)
}

/** Promotions whose counters have lately made a difference. */
export function tellingPromos(table: Table, nowMs: number): string[] {
  const { telling } = memoryOf(table)
  for (const [id, sinceMs] of telling) {
    if (isFresh(sinceMs, nowMs) && telling.size <= limits.tellingPromos) break
    telling.delete(id)
  }
  return [...telling.keys()]
}
