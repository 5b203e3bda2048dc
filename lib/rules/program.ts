// A compiled rule base as flat lists of numbers: what the index needs at run time, and what a snapshot stores.
import type { ExpressionIr, TestIr } from './ir.ts'
import type { Stratum } from './stratify.ts'
import type { Scalar } from './types.ts'
import type { Steps } from './values.ts'

/** Raised whenever an older program cannot be read any more; the reader then compiles the rules afresh. */
export const programFormat = 2

/**
 * Operations of `Program.code`. atom (a bound on an accumulation), match (an atom too: a fact matches) and window are
 * followed by their number; and, or: by the position after their parts; not: by its part.
 */
export const code = { true: 0, unknown: 1, atom: 2, window: 3, not: 4, and: 5, or: 6, match: 7 } as const

/** What a truth value is: the least of the parts for and, the greatest for or. */
export const truth = { no: 0, unknown: 1, yes: 2 } as const

/** Bits of `Program.ruleFlags`. */
export const ruleFlag = {
  /** Only the general path can tell whether, or how often, it fires. */
  open: 1,
  /** Reads inserted facts: not in the index at all. */
  chained: 2,
  /** All its factors are bits that its entries want: it fires once unless one of those slots counts several facts. */
  bitFactors: 4,
} as const

/** `x.start[i]` to `x.start[i + 1]` is what belongs to i. */
export type Program = {
  types: readonly string[]
  /** Attributes on which selections test equality: type, path, and the values asked for. A pair is path and value. */
  pathType: Int32Array
  pathSteps: readonly Steps[]
  pathValues: readonly (readonly Scalar[])[]

  /** A selection: facts of a type that pass closed tests. Equalities are pairs; the rest of the tests are lists. */
  selectionType: Int32Array
  equalStart: Int32Array
  equalPath: Int32Array
  equalPair: Int32Array
  /** Index into `tests`, or -1: of tests that a memo may remember, and of those on what it leaves out. */
  stableTests: Int32Array
  volatileTests: Int32Array
  tests: readonly (readonly TestIr[])[]
  /** Pair -> selections looked up by it. */
  bucketStart: Int32Array
  bucketSelection: Int32Array
  /** 1: several pairs find the selection, so it may be found twice. */
  manyPairs: Uint8Array
  /** Selections found by nothing but their type. */
  scanned: Uint8Array

  /** A slot: the count of a selection's facts (measure 0), or a sum over them. */
  measures: readonly (ExpressionIr | null)[]
  slotSelection: Int32Array
  slotMeasure: Int32Array
  /** Selection -> its slots. */
  selectionSlotStart: Int32Array
  selectionSlot: Int32Array
  /** 1: kept up to date as facts come; 0: worked out when first read. */
  slotPushed: Uint8Array

  /** An atom: a slot's value lies between two numbers, ends included. */
  atomSlot: Int32Array
  atomLow: Float64Array
  atomHigh: Float64Array
  /** The lower bound as it was written: that of "more than 5" is 5, while `atomLow` is what comes next. */
  atomBound: Float64Array
  /** Atoms that are bits of the state of an evaluation, at most 31. */
  bitAtom: Int32Array
  /** Windows that conditions ask for, half-open. */
  windowFrom: Float64Array
  windowUntil: Float64Array

  code: Int32Array
  /** Rule -> the code of its conditions, one piece; the last entry of conditionCode is where it all ends. */
  conditionStart: Int32Array
  conditionCode: Int32Array
  /** Rule -> code of what its entries leave to check; -1: nothing. */
  restCode: Int32Array
  /** Rule -> slots whose product is how often it fires. */
  factorStart: Int32Array
  factorSlot: Int32Array
  ruleFrom: Float64Array
  ruleUntil: Float64Array
  ruleFlags: Uint8Array

  /** Slot -> rules found by it, by growing lower bound: the bounds of its value, and bits that must be as wanted. */
  entryStart: Int32Array
  entryRule: Int32Array
  entryLow: Float64Array
  entryHigh: Float64Array
  entryCare: Int32Array
  entryWant: Int32Array
  /** Rules that can fire with no fact at all; checked each time. */
  unindexed: Int32Array

  strata: readonly Stratum[]
  /** What the rules call from the registry: `predicates/<name>` and the like. */
  calls: readonly string[]
  /** Moments at which windows open or close, ascending. */
  boundaries: Float64Array
}
