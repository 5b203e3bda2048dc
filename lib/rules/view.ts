// The part of a program that is live within a day: rules that are over or not yet due cost nothing.

import { byOwner, IntList } from './lists.ts'
import { code, type Program, ruleFlag } from './program.ts'

const infinity = Number.POSITIVE_INFINITY

/**
 * Where things stand in the records of a view. Hot code takes them into constants of its own module first: an imported
 * name is looked up each time it is used.
 *
 * In `View.entries`, at the entry's number times the stride. `care`, `want`: the bits it looks at, and what they must be.
 * Both have `confirmBit`, which is always set, when bounds and bits are not all that must hold.
 */
export const entryLayout = { stride: 8, slot: 0, rule: 1, care: 2, want: 3 } as const
export const confirmBit = 1 << 31

/** In `View.bounds`, which is the same memory: between these the value of the entry's slot must lie. */
export const boundsLayout = { stride: 4, low: 2, high: 3 } as const

/**
 * In `View.slots`: all that must be looked at for a slot, side by side, since it is seldom in the processor's caches. A copy of
 * the slot's first entry, by growing lower bound, since most have but one: `want` are bits that must all be set, `rule` is the
 * rule times two, plus one where there are other entries to look at, which stand from `more` to `end`. Where the first entry
 * does not fit, because it has an upper bound or wants bits not to be set, its lower bound is infinite here, and it is among
 * the others.
 */
export const slotLayout = { stride: 8, want: 4, rule: 5, more: 6, end: 7 } as const
/** In `View.slotBounds`, which is the same memory too. The sums are those of the evaluation at hand (sums.ts). */
export const slotBoundsLayout = { stride: 4, sum: 0, low: 1 } as const
/** The sum of a slot that has met no fact yet, which no sum of facts comes to. */
export const noSum = -0

/**
 * In `View.buckets`: a slot, with what is left to verify once its bucket is found: two pairs at most, each by its path
 * (the path one past the last has the pair `anyPair`).
 */
export const bucketLayout = { stride: 5, slot: 0, path1: 1, pair1: 2, path2: 3, pair2: 4 } as const
export const anyPair = -3

/** As in `Program`, of live rules only. */
export type View = {
  slots: Int32Array
  slotBounds: Float64Array
  entryStart: Int32Array
  entries: Int32Array
  bounds: Float64Array
  unindexed: Int32Array
  /** Pair -> where its bucket begins in `buckets`. */
  bucketStart: Int32Array
  buckets: Int32Array
  /** Pair -> selections with more to verify than a record has room for. */
  carefulStart: Int32Array
  careful: Int32Array
  /** Type -> selections that nothing else finds. */
  scanStart: Int32Array
  scanSelection: Int32Array
  /** Selection -> its live slots that are kept up to date. */
  slotStart: Int32Array
  liveSlots: Int32Array
}

const noNumbers = new Int32Array(0)

/** Of no rules at all. */
export const emptyView: View = {
  slots: noNumbers,
  slotBounds: new Float64Array(0),
  entryStart: noNumbers,
  entries: noNumbers,
  bounds: new Float64Array(0),
  unindexed: noNumbers,
  bucketStart: noNumbers,
  buckets: noNumbers,
  carefulStart: noNumbers,
  careful: noNumbers,
  scanStart: noNumbers,
  scanSelection: noNumbers,
  slotStart: noNumbers,
  liveSlots: noNumbers,
}

/** Rules whose window meets [from, until); with NaN for both, rules without a window. */
export function liveView(program: Program, from: number, until: number): View {
  const ruleCount = program.ruleFlags.length
  const live = new Uint8Array(ruleCount)
  const confirm = new Uint8Array(ruleCount)
  for (let rule = 0; rule < ruleCount; rule++) {
    // Rules that read inserted facts are not found by the index.
    const flags = program.ruleFlags[rule] as number
    if ((flags & ruleFlag.chained) !== 0 || !isLive(program, rule, from, until)) continue
    live[rule] = 1
    const isPlain = (program.restCode[rule] as number) < 0 && flags === ruleFlag.bitFactors
    const isEdged = (program.ruleFrom[rule] as number) > from || (program.ruleUntil[rule] as number) < until
    if (!isPlain || isEdged) confirm[rule] = 1
  }
  const liveSlots = markSlots(program, live)
  return {
    ...liveEntries(program, live, confirm),
    ...liveSelections(program, liveSlots),
    unindexed: program.unindexed.filter((rule) => live[rule] === 1),
  }
}

/** Whether the rule's window meets [from, until); with NaN for both, whether it has none. */
export function isLive(program: Program, rule: number, from: number, until: number): boolean {
  const opens = program.ruleFrom[rule] as number
  const closes = program.ruleUntil[rule] as number
  if (Number.isNaN(from)) return opens === -infinity && closes === infinity
  return opens < until && closes > from && opens < closes
}

// Slots that a condition of a live rule reads.
function markSlots(program: Program, live: Uint8Array): Uint8Array {
  const { conditionStart, conditionCode, atomSlot } = program
  const marked = new Uint8Array(program.slotSelection.length)
  for (let rule = 0; rule < live.length; rule++) {
    if (live[rule] === 0) continue
    const end = conditionCode[conditionStart[rule + 1] as number] as number
    let at = conditionCode[conditionStart[rule] as number] as number
    while (at < end) {
      const operation = program.code[at++]
      if (operation === code.atom || operation === code.match)
        marked[atomSlot[program.code[at++] as number] as number] = 1
      else if (operation === code.window || operation === code.and || operation === code.or) at++
    }
  }
  return marked
}

function liveEntries(program: Program, live: Uint8Array, confirm: Uint8Array) {
  const slotCount = program.entryStart.length - 1
  const liveCount = program.entryRule.reduce((sum, rule) => sum + (live[rule] as number), 0)
  const entryBuffer = new ArrayBuffer(liveCount * entryLayout.stride * Int32Array.BYTES_PER_ELEMENT)
  const entries = new Int32Array(entryBuffer)
  const bounds = new Float64Array(entryBuffer)
  const entryStart = new Int32Array(slotCount + 1)
  let count = 0
  for (let slot = 0; slot < slotCount; slot++) {
    for (let entry = program.entryStart[slot] as number; entry < (program.entryStart[slot + 1] as number); entry++) {
      const rule = program.entryRule[entry] as number
      if (live[rule] !== 1) continue
      const at = count * entryLayout.stride
      entries[at + entryLayout.rule] = rule
      const mark = confirm[rule] === 1 ? confirmBit : 0
      entries[at + entryLayout.care] = (program.entryCare[entry] as number) | mark
      entries[at + entryLayout.want] = (program.entryWant[entry] as number) | mark
      entries[at + entryLayout.slot] = slot
      bounds[count * boundsLayout.stride + boundsLayout.low] = program.entryLow[entry] as number
      bounds[count * boundsLayout.stride + boundsLayout.high] = program.entryHigh[entry] as number
      count++
    }
    entryStart[slot + 1] = count
  }
  return { entries, bounds, entryStart, ...firstEntries(entries, bounds, entryStart) }
}

function firstEntries(entries: Int32Array, bounds: Float64Array, entryStart: Int32Array) {
  const slotCount = entryStart.length - 1
  const buffer = new ArrayBuffer(slotCount * slotLayout.stride * Int32Array.BYTES_PER_ELEMENT)
  const slots = new Int32Array(buffer)
  const slotBounds = new Float64Array(buffer)
  for (let slot = 0; slot < slotCount; slot++) {
    const first = entryStart[slot] as number
    const count = (entryStart[slot + 1] as number) - first
    const at = first * entryLayout.stride
    const want = entries[at + entryLayout.want] as number
    const isOpenAbove = bounds[first * boundsLayout.stride + boundsLayout.high] === infinity
    const fits = count > 0 && isOpenAbove && entries[at + entryLayout.care] === want
    const low = fits ? (bounds[first * boundsLayout.stride + boundsLayout.low] as number) : infinity
    slotBounds[slot * slotBoundsLayout.stride + slotBoundsLayout.sum] = noSum
    slotBounds[slot * slotBoundsLayout.stride + slotBoundsLayout.low] = low
    const hasMore = count > (low === infinity ? 0 : 1)
    slots[slot * slotLayout.stride + slotLayout.want] = want
    slots[slot * slotLayout.stride + slotLayout.more] = first + (low === infinity ? 0 : 1)
    slots[slot * slotLayout.stride + slotLayout.end] = first + count
    slots[slot * slotLayout.stride + slotLayout.rule] = (entries[at + entryLayout.rule] as number) * 2 + Number(hasMore)
  }
  return { slots, slotBounds }
}

function liveSelections(program: Program, liveSlots: Uint8Array) {
  const selectionCount = program.selectionType.length
  const slotStart = new Int32Array(selectionCount + 1)
  const slots = new IntList()
  for (let selection = 0; selection < selectionCount; selection++) {
    const end = program.selectionSlotStart[selection + 1] as number
    for (let i = program.selectionSlotStart[selection] as number; i < end; i++) {
      const slot = program.selectionSlot[i] as number
      if (liveSlots[slot] === 1 && program.slotPushed[slot] === 1) slots.push(slot)
    }
    slotStart[selection + 1] = slots.length
  }
  const liveSlotList = slots.toArray()
  const scanned = program.selectionType
    .map((_, selection) => selection)
    .filter((selection) => program.scanned[selection] === 1 && slotStart[selection] !== slotStart[selection + 1])
  const scan = byOwner(
    scanned.map((selection) => program.selectionType[selection] as number),
    scanned,
    program.types.length,
  )
  return {
    slotStart,
    liveSlots: liveSlotList,
    scanStart: scan.start,
    scanSelection: scan.items,
    ...liveBuckets(program, slotStart, liveSlotList),
  }
}

function liveBuckets(program: Program, slotStart: Int32Array, slots: Int32Array) {
  const pairCount = program.bucketStart.length - 1
  const bucketStart = new Int32Array(pairCount + 1)
  const carefulStart = new Int32Array(pairCount + 1)
  const buckets = new IntList()
  const careful = new IntList()
  for (let pair = 0; pair < pairCount; pair++) {
    for (let i = program.bucketStart[pair] as number; i < (program.bucketStart[pair + 1] as number); i++) {
      const selection = program.bucketSelection[i] as number
      const end = slotStart[selection + 1] as number
      let slot = slotStart[selection] as number
      if (slot === end) continue
      if (fitsRecord(program, selection)) for (; slot < end; slot++) addRecord(program, slots[slot] as number, buckets)
      else careful.push(selection)
    }
    bucketStart[pair + 1] = buckets.length
    carefulStart[pair + 1] = careful.length
  }
  return { bucketStart, buckets: buckets.toArray(), carefulStart, careful: careful.toArray() }
}

function fitsRecord(program: Program, selection: number): boolean {
  const equals = (program.equalStart[selection + 1] as number) - (program.equalStart[selection] as number)
  const hasTests = (program.stableTests[selection] as number) >= 0 || (program.volatileTests[selection] as number) >= 0
  return equals <= 2 && !hasTests && program.manyPairs[selection] === 0
}

function addRecord(program: Program, slot: number, buckets: IntList): void {
  const selection = program.slotSelection[slot] as number
  const start = program.equalStart[selection] as number
  const count = (program.equalStart[selection + 1] as number) - start
  buckets.push(slot)
  for (let i = 0; i < 2; i++) {
    buckets.push(i < count ? (program.equalPath[start + i] as number) : program.pathSteps.length)
    buckets.push(i < count ? (program.equalPair[start + i] as number) : anyPair)
  }
}
