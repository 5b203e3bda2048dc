// Counters of what promotions have given, and how an order takes from them without ever crossing a limit together. A
// hot counter is spread over shards, each under a partition key of its own and each with its own part of the limit, so
// that no order waits for another one's shard, nor needs to know what the others hold.
import { assert } from '../../base/assert.ts'
import { limits } from '../../base/limits.ts'
import type { Condition, Item, Key, WriteOp } from '../../ports/table.ts'

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

/** Which counter, and its bounds. */
export type Counter = Omit<Meter, 'add'>

/**
 * One stored shard. `parts` names the limits whose part it keeps to: an order takes from it only under those, so that a
 * limit that is changed binds every shard at once. `last`, of the first shard: no shard beyond that number was ever used.
 */
export type Shard = { amounts: Amounts; parts: string | undefined; last: number }

/** By number; a missing one holds nothing. */
export type Shards = Map<number, Shard>

export const shardKey = ({ pk, single }: Pick<Counter, 'pk' | 'single'>, shard: number): Key =>
  single ? { pk, sk: 'own' } : { pk: `${pk}#shard#${shard}`, sk: 'count' }

/** The counter and what one stored item holds of it. */
export function shardOfItem({ pk, sk, parts, last, ...amounts }: Item): Shard & { counter: string } {
  return {
    counter: sk === 'own' ? pk : pk.replace(/#shard#\d+$/, ''),
    amounts: amounts as Amounts,
    parts: typeof parts === 'string' ? parts : undefined,
    last: typeof last === 'number' ? last : 0,
  }
}

/** What all shards together hold; never less than nothing. */
export function totalOf(shards: Shards | undefined, attribute: string): number {
  let total = 0
  // Asked again and again, of 64: an iterator would make an object for each.
  shards?.forEach(({ amounts }) => {
    total += amounts[attribute] ?? 0
  })
  return Math.max(0, total)
}

const isBounded = ({ atMost }: Pick<Counter, 'atMost'>): boolean => Object.keys(atMost).length > 0

/** As many shards as still have a part worth having; what has no limit at all has the most. */
export function shardsFor({ atMost, single }: Pick<Counter, 'atMost' | 'single'>): number {
  if (single) return 1
  const parts = Object.entries(atMost).map(
    ([name, most]) => most / (name === 'budget_minor' ? limits.shardBudgetMinor : limits.shardUses),
  )
  const [one, some, most] = limits.meterShards
  return parts.every((part) => part >= most) ? most : parts.every((part) => part >= some) ? some : one
}

/** The numbers of the shards that the counter has by its limits, and of those that it had by earlier, larger ones. */
export function shardsOf(counter: Counter, stored: Shards): number[] {
  const [, , most] = limits.meterShards
  const count = Math.max(shardsFor(counter), Math.min(most, (stored.get(0)?.last ?? 0) + 1))
  return Array.from({ length: count }, (_, i) => i)
}

/** The part of a limit that one shard has. The parts add up to the limit. */
export function quotaOf(limit: number, shard: number, shards: number): number {
  if (shard >= shards) return 0
  return Math.floor(limit / shards) + (shard < limit % shards ? 1 : 0)
}

/** The parts of a shard that something was counted in without looking at limits. */
export const unbounded = 'none'

const partsOf = ({ atMost }: Pick<Counter, 'atMost'>, shards: number): string =>
  `${shards}: ${Object.entries(atMost).map(([name, most]) => `${name} ${most}`)}`

/**
 * reserve: the op that takes the meter's amounts from one shard. level: what is to be written before: it brings all
 * shards under the limits, or moves what is counted between them, so that one has room; the total stays. spent: the
 * shards have not that much left together.
 */
export type Plan =
  | { kind: 'reserve'; shard: number; op: WriteOp }
  | { kind: 'level'; ops: WriteOp[] }
  | { kind: 'spent' }

/** Looks for room from shard `start` (any number) on. What was read may be old: the ops' own conditions decide. */
export function planMeter(meter: Meter, stored: Shards, start: number): Plan {
  const { add, atMost, single } = meter
  const spent = Object.keys(atMost).some((name) => totalOf(stored, name) + (add[name] ?? 0) > (atMost[name] ?? 0))
  if (spent) return { kind: 'spent' }
  if (single) return { kind: 'reserve', shard: 0, op: { op: 'count', key: shardKey(meter, 0), add, atMost } }
  return isBounded(meter) ? planBounded(meter, stored, start) : planUnbounded(meter, stored, start)
}

// Its shards keep to no part any more: an order under limits brings them under those first.
function planUnbounded(meter: Meter, stored: Shards, start: number): Plan {
  const count = shardsFor(meter)
  if ((stored.get(0)?.last ?? 0) < count - 1) {
    const set = { parts: unbounded, last: count - 1 }
    return { kind: 'level', ops: [{ op: 'count', key: shardKey(meter, 0), add: { uses: 0 }, set }] }
  }
  const shard = start % count
  const op: WriteOp = { op: 'count', key: shardKey(meter, shard), add: meter.add, set: { parts: unbounded } }
  return { kind: 'reserve', shard, op }
}

/** The shards of a meter under its limits. */
type Spread = {
  meter: Meter
  parts: string
  count: number
  stored: Shards
  isOpen: boolean
  quota(shard: number, name: string): number
  room(shard: number, name: string): number
}

function spreadOf(meter: Meter, stored: Shards): Spread {
  const count = shardsFor(meter)
  const parts = partsOf(meter, count)
  const quota = (shard: number, name: string): number => quotaOf(meter.atMost[name] ?? 0, shard, count)
  return {
    ...{ meter, parts, count, stored, quota },
    isOpen: isOpen(stored, count, parts),
    room: (shard, name) => quota(shard, name) - (stored.get(shard)?.amounts[name] ?? 0),
  }
}

/** Whether every shard that has a part, or holds something from when there were more, keeps to these parts. */
function isOpen(stored: Shards, count: number, parts: string): boolean {
  for (let shard = 0; shard < count; shard++) if (stored.get(shard)?.parts !== parts) return false
  return stored.size === count || stored.values().every((shard) => shard.parts === parts)
}

/** Those that have a part, and those that hold something from when there were more. */
const numbersOf = ({ count, stored }: Spread): number[] => [
  ...new Set([...Array.from({ length: count }, (_, i) => i), ...stored.keys()]),
]

function planBounded(meter: Meter, stored: Shards, start: number): Plan {
  const spread = spreadOf(meter, stored)
  const { isOpen, parts, count, quota, room } = spread
  const bounded = Object.keys(meter.atMost).filter((name) => (meter.add[name] ?? 0) > 0)
  for (let i = 0; isOpen && i < count; i++) {
    const shard = (start + i) % count
    if (bounded.some((name) => room(shard, name) < (meter.add[name] ?? 0))) continue
    const atMost = Object.fromEntries(bounded.map((name) => [name, quota(shard, name)]))
    const op: WriteOp = { op: 'count', key: shardKey(meter, shard), add: meter.add, atMost, if: keepsTo(parts) }
    return { kind: 'reserve', shard, op }
  }
  const roomOf = (shard: number): number =>
    Math.min(...bounded.map((name) => room(shard, name) / (meter.add[name] ?? 1)))
  let target = 0
  for (let shard = 1; shard < count; shard++) if (roomOf(shard) > roomOf(target)) target = shard
  return { kind: 'level', ops: levelOps(spread, movesTo(target, spread)) }
}

const keepsTo = (parts: string): Condition => ({ attribute: 'parts', op: 'eq', value: parts })

// Each shard keeps what it holds up to its part (the target up to its part less what is to be taken); the rest goes
// where there is room. A shard may hold less than nothing: the others then hold that much more.
function movesTo(target: number, spread: Spread): Map<number, Amounts> {
  const { meter, room } = spread
  const numbers = numbersOf(spread)
  const moves = new Map(numbers.map((shard) => [shard, {} as Amounts]))
  for (const name of Object.keys(meter.atMost)) {
    const free = (shard: number) => room(shard, name) - (shard === target ? (meter.add[name] ?? 0) : 0)
    let excess = 0
    for (const shard of numbers) excess += Math.max(0, -free(shard))
    for (const [shard, move] of moves) {
      const by = free(shard) < 0 ? free(shard) : Math.min(free(shard), excess)
      if (by > 0) excess -= by
      move[name] = by
    }
    assert(excess === 0, 'what is not spent has room somewhere')
  }
  return moves
}

// Shards that keep to these limits already are written only where something moves. Else every one is, in one write: none
// keeps to limits of before when the first keeps to the new ones.
function levelOps(spread: Spread, moves: ReadonlyMap<number, Amounts>): WriteOp[] {
  const { meter, parts, count, stored, isOpen, quota } = spread
  const first = stored.get(0)
  return [...moves].flatMap(([shard, add]): WriteOp[] => {
    const atMost = Object.fromEntries(Object.keys(add).map((name) => [name, quota(shard, name)]))
    const op = { op: 'count', key: shardKey(meter, shard), add, atMost } as const
    if (isOpen) return Object.values(add).some((by) => by !== 0) ? [{ ...op, if: keepsTo(parts) }] : []
    if (shard > 0) return [{ ...op, set: { parts } }]
    const set = { parts, last: Math.max(count - 1, first?.last ?? 0) }
    // Of many who find the limits new, one is enough.
    const before: Condition = { ...keepsTo(first?.parts ?? ''), ...(first?.parts === undefined && { orAbsent: true }) }
    return [{ ...op, set, if: before }]
  })
}
