// The part of a program that is live within a day: rules that are over or not yet due cost nothing.

import { byOwner, IntList } from './lists.ts'
import { code, type Program, ruleFlag } from './program.ts'

const infinity = Number.POSITIVE_INFINITY

/** As in `Program`, of live rules only. */
export type View = {
  entryStart: Int32Array
  entryRule: Int32Array
  entrySlot: Int32Array
  entryLow: Float64Array
  entryHigh: Float64Array
  entryCare: Int32Array
  entryWant: Int32Array
  /** 1: more must be checked than bounds and bits. */
  entryConfirm: Uint8Array
  unindexed: Int32Array
  bucketStart: Int32Array
  bucketSelection: Int32Array
  /** Type -> selections that nothing else finds. */
  scanStart: Int32Array
  scanSelection: Int32Array
  /** Selection -> its live slots that are kept up to date. */
  slotStart: Int32Array
  slots: Int32Array
}

const noNumbers = new Int32Array(0)

/** Of no rules at all. */
export const emptyView: View = {
  entryStart: noNumbers,
  entryRule: noNumbers,
  entrySlot: noNumbers,
  entryLow: new Float64Array(0),
  entryHigh: new Float64Array(0),
  entryCare: noNumbers,
  entryWant: noNumbers,
  entryConfirm: new Uint8Array(0),
  unindexed: noNumbers,
  bucketStart: noNumbers,
  bucketSelection: noNumbers,
  scanStart: noNumbers,
  scanSelection: noNumbers,
  slotStart: noNumbers,
  slots: noNumbers,
}

/** Rules whose window meets [from, until); with NaN for both, rules without a window. */
export function liveView(program: Program, from: number, until: number): View {
  const ruleCount = program.ruleFlags.length
  const live = new Uint8Array(ruleCount)
  const confirm = new Uint8Array(ruleCount)
  for (let rule = 0; rule < ruleCount; rule++) {
    // Rules that read inserted facts are not found by the index.
    if (program.ruleFlags[rule] === ruleFlag.chained || !isLive(program, rule, from, until)) continue
    live[rule] = 1
    const hasFactors = (program.factorStart[rule] as number) < (program.factorStart[rule + 1] as number)
    const isPlain = (program.restCode[rule] as number) < 0 && program.ruleFlags[rule] === 0 && !hasFactors
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
    for (let i = program.factorStart[rule] as number; i < (program.factorStart[rule + 1] as number); i++) {
      marked[program.factorSlot[i] as number] = 1
    }
  }
  return marked
}

function liveEntries(program: Program, live: Uint8Array, confirm: Uint8Array) {
  const { entryStart, entryRule } = program
  const slotCount = entryStart.length - 1
  const start = new Int32Array(slotCount + 1)
  const kept = new Int32Array(entryRule.length)
  const slots = new Int32Array(entryRule.length)
  let count = 0
  for (let slot = 0; slot < slotCount; slot++) {
    for (let entry = entryStart[slot] as number; entry < (entryStart[slot + 1] as number); entry++) {
      if (live[entryRule[entry] as number] !== 1) continue
      slots[count] = slot
      kept[count++] = entry
    }
    start[slot + 1] = count
  }
  const entries = kept.subarray(0, count)
  return {
    entryStart: start,
    entrySlot: slots.slice(0, count),
    entryRule: entries.map((entry) => entryRule[entry] as number),
    entryLow: Float64Array.from(entries, (entry) => program.entryLow[entry] as number),
    entryHigh: Float64Array.from(entries, (entry) => program.entryHigh[entry] as number),
    entryCare: entries.map((entry) => program.entryCare[entry] as number),
    entryWant: entries.map((entry) => program.entryWant[entry] as number),
    entryConfirm: Uint8Array.from(entries, (entry) => confirm[entryRule[entry] as number] as number),
  }
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
  const isLive = (selection: number): boolean => (slotStart[selection + 1] as number) > (slotStart[selection] as number)
  const scanned = program.selectionType
    .map((_, selection) => selection)
    .filter((selection) => program.scanned[selection] === 1 && isLive(selection))
  const scan = byOwner(
    scanned.map((selection) => program.selectionType[selection] as number),
    scanned,
    program.types.length,
  )
  return {
    slotStart,
    slots: slots.toArray(),
    scanStart: scan.start,
    scanSelection: scan.items,
    ...liveBuckets(program, isLive),
  }
}

function liveBuckets(program: Program, isLive: (selection: number) => boolean) {
  const bucketStart = new Int32Array(program.bucketStart.length)
  const bucketSelection = new IntList()
  for (let pair = 0; pair + 1 < bucketStart.length; pair++) {
    for (let i = program.bucketStart[pair] as number; i < (program.bucketStart[pair + 1] as number); i++) {
      const selection = program.bucketSelection[i] as number
      if (isLive(selection)) bucketSelection.push(selection)
    }
    bucketStart[pair + 1] = bucketSelection.length
  }
  return { bucketStart, bucketSelection: bucketSelection.toArray() }
}
