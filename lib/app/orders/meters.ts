// Counters of what promotions have given, and how an order takes from them without ever crossing a limit together. A
// hot counter is spread over shards; each has its own part of the limit, so that no order looks at another's shard.
import { assert } from '../../base/assert.ts'
import { limits } from '../../base/limits.ts'
import type { Item, Table, WriteOp } from '../../ports/table.ts'

/** Attribute -> whole number. */
export type Amounts = { [attribute: string]: number }

/** One counter: how much an order takes of it, and what it may come to at most. What is not bounded is only counted. */
export type Meter = {
  pk: string
  add: Amounts
  atMost: Amounts
  /** A customer's own counter is no hot one. */
  single?: true
}

/** What its shards hold, by number; a missing one holds nothing. */
export type Shards = ReadonlyMap<number, Amounts>

/** Above one order's own write, so that a code that everybody enters at once is no ceiling. */
export const meterShards = 8

const shardPrefix = 'shard#'

export const shardKey = (pk: string, shard: number) => ({ pk, sk: `${shardPrefix}${shard}` })

function amountsOf(item: Item): Amounts {
  const amounts: Amounts = {}
  for (const name of Object.keys(item)) {
    const value = item[name]
    if (typeof value === 'number') amounts[name] = value
  }
  return amounts
}

export async function readShards(table: Table, pk: string): Promise<Shards> {
  const shards = new Map<number, Amounts>()
  let after: string | undefined
  do {
    const page = await table.query({ pk, prefix: shardPrefix, ...(after !== undefined && { after }) })
    for (const item of page.items) shards.set(Number(item.sk.slice(shardPrefix.length)), amountsOf(item))
    after = page.next
  } while (after !== undefined)
  return shards
}

/** What all shards together hold; never less than nothing. */
export function totalOf(shards: Shards, attribute: string): number {
  let total = 0
  for (const amounts of shards.values()) total += amounts[attribute] ?? 0
  return Math.max(0, total)
}

/** A limit is spread when each shard then still has a part worth having; what has no limit at all always is. */
export function shardsFor({ atMost, single }: Pick<Meter, 'atMost' | 'single'>): number {
  if (single) return 1
  const small = Object.entries(atMost).some(
    ([name, most]) => most < (name === 'budget_minor' ? limits.shardedBudgetMinor : limits.shardedUses),
  )
  return small ? 1 : meterShards
}

/** The part of a limit that one shard has. The parts add up to the limit. */
export function quotaOf(limit: number, shard: number, shards: number): number {
  if (shard >= shards) return 0
  return Math.floor(limit / shards) + (shard < limit % shards ? 1 : 0)
}

/**
 * reserve: the op that takes the meter's amounts from one shard. level: moves what is counted between the shards of a
 * meter, so that one has room (or none has more than its part, after a limit was lowered); the total stays. spent: the
 * shards have not that much left together.
 */
export type Plan =
  | { kind: 'reserve'; shard: number; op: WriteOp }
  | { kind: 'level'; ops: WriteOp[] }
  | { kind: 'spent' }

/** Looks for room from shard `start` (any number) on. What was read may be old: the ops' own bounds decide. */
export function planMeter(meter: Meter, stored: Shards, start: number): Plan {
  const count = shardsFor(meter)
  const bounded = Object.keys(meter.atMost).filter((name) => (meter.add[name] ?? 0) > 0)
  const numbers = [...new Set([...Array.from({ length: count }, (_, i) => i), ...stored.keys()])]
  const held = (shard: number, name: string): number => stored.get(shard)?.[name] ?? 0
  const quota = (shard: number, name: string): number => quotaOf(meter.atMost[name] ?? 0, shard, count)
  const room = (shard: number, name: string): number => quota(shard, name) - held(shard, name)

  for (const name of bounded) {
    let total = 0
    for (const shard of numbers) total += held(shard, name)
    if (total + (meter.add[name] ?? 0) > (meter.atMost[name] ?? 0)) return { kind: 'spent' }
  }
  const level = numbers.every((shard) => bounded.every((name) => room(shard, name) >= 0))
  for (let i = 0; level && i < count; i++) {
    const shard = (start + i) % count
    if (bounded.some((name) => room(shard, name) < (meter.add[name] ?? 0))) continue
    const atMost = Object.fromEntries(bounded.map((name) => [name, quota(shard, name)]))
    return {
      kind: 'reserve',
      shard,
      op: { op: 'count', key: shardKey(meter.pk, shard), add: meter.add, ...(bounded.length > 0 && { atMost }) },
    }
  }
  const target = roomiest(numbers.slice(0, count), (shard) =>
    Math.min(...bounded.map((name) => room(shard, name) / (meter.add[name] ?? 1))),
  )
  return { kind: 'level', ops: levelOps(meter, { numbers, bounded, held, quota, target }) }
}

function roomiest(shards: readonly number[], roomOf: (shard: number) => number): number {
  const [first = 0, ...others] = shards
  return others.reduce((best, shard) => (roomOf(shard) > roomOf(best) ? shard : best), first)
}

type Levelling = {
  numbers: readonly number[]
  bounded: readonly string[]
  held(shard: number, name: string): number
  quota(shard: number, name: string): number
  target: number
}

// Each shard keeps what it holds up to its part (the target up to its part less what is to be taken); the rest goes
// where there is room. A shard may hold less than nothing: the others then hold that much more.
function levelOps(meter: Meter, { numbers, bounded, held, quota, target }: Levelling): WriteOp[] {
  const moves = new Map(numbers.map((shard) => [shard, {} as Amounts]))
  for (const name of bounded) {
    const most = (shard: number) => quota(shard, name) - (shard === target ? (meter.add[name] ?? 0) : 0)
    let excess = 0
    for (const shard of numbers) excess += Math.max(0, held(shard, name) - most(shard))
    for (const shard of numbers) {
      const free = most(shard) - held(shard, name)
      const by = free < 0 ? free : Math.min(free, excess)
      if (free > 0) excess -= by
      const move = moves.get(shard)
      if (by !== 0 && move) move[name] = by
    }
    assert(excess === 0, 'what is not spent has room somewhere')
  }
  return [...moves].flatMap(([shard, add]): WriteOp[] => {
    const names = Object.keys(add)
    if (names.length === 0) return []
    const raised = names.filter((name) => (add[name] ?? 0) > 0)
    const atMost = Object.fromEntries(raised.map((name) => [name, quota(shard, name)]))
    return [{ op: 'count', key: shardKey(meter.pk, shard), add, ...(raised.length > 0 && { atMost }) }]
  })
}
