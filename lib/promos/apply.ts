// Applies the promos that stay, action by action: by stage, then priority, id, position; each takes from what remains.
import type { Effect, Stage, Turn, Voucher } from './action.ts'
import { pushRun, type Run } from './arithmetic.ts'
import { type Claim, capClaims, claimRuns, type Mode, takeOff } from './claims.ts'
import type { Facts, Judgement, Mend } from './condition.ts'
import { goodsOf, judgeNode, type Situation } from './judging.ts'
import { type Ledger, lineOf, openLedger, spend, type Work } from './ledger.ts'
import type { PromoUsage } from './order.ts'
import { type ConditionReport, conditionsOf, type Promo, type PromoAction } from './promo.ts'

/** What one action took off a line, or credited for it. `units` has every unit of the line, from the first on. */
export type LineEntry = { promo: Promo; action: PromoAction; minor: number; units: readonly Run[] }

/** What a promo gave. */
export type Gain = {
  discountMinor: number
  deliveryMinor: number
  cashbackMinor: number
  bonusMinor: number
  gifts: readonly Gift[]
  vouchers: readonly Voucher[]
}

type Gift = { sku: string; quantity: number }

/** Why a promo that had its turn gave nothing. */
export type Idle =
  | { kind: 'conditions'; reports: ConditionReport[] }
  | { kind: 'stopped'; by: number }
  | { kind: 'no_effect' }

/** What an action lacks to give anything, or to give more. */
export type Need = { action: PromoAction; targets: readonly number[]; judgement: Judgement & { mend?: Mend } }

export type Application = {
  ledger: Ledger
  /** Per line; undefined: none. */
  discounts: (LineEntry[] | undefined)[]
  /** Cashback and bonus, per line. */
  credits: (LineEntry[] | undefined)[]
  /** By rank of the promo; only those that gave something. */
  gains: Map<number, Gain>
  idle: Map<number, Idle>
  /** Of every promo that had its turn. */
  needs: Map<number, Need[]>
}

type PromoState = {
  promo: Promo
  goods: readonly number[]
  budgetLeft: number
  /** Lines that it leaves out since others made them cheaper. */
  leftOut: ReadonlySet<number>
  /** Not its turn yet; its late conditions are met; or they are not. */
  turn: 'before' | 'open' | 'refused'
  reports: ConditionReport[]
  gain: Gain
  gave: boolean
  blockedBy: number | undefined
  needs: Need[] | undefined
}

const stages: readonly Stage[] = [1, 2, 3, 4]

/**
 * Applies eligible promos (ascending by rank) to an order. When `work` is used up, the application is incomplete and
 * must not be used.
 */
export function applyPromos(
  promos: readonly Promo[],
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
  work: Work,
): Application {
  const { order } = situation
  const ledger = openLedger(order, work)
  const application: Application = {
    ledger,
    discounts: new Array<undefined>(order.lines.length).fill(undefined),
    credits: new Array<undefined>(order.lines.length).fill(undefined),
    gains: new Map(),
    idle: new Map(),
    needs: new Map(),
  }
  const states = promos.map((promo) => stateOf(promo, situation, usageOf))
  for (const stage of stages) {
    for (const state of states) {
      if ((state.promo.stages & (1 << stage)) === 0) continue
      for (const action of state.promo.actions) {
        if (action.act.stage !== stage) continue
        if (!spend(ledger.work, 1)) return application
        takeTurn(application, state, action, situation)
      }
    }
  }
  for (const state of states) {
    if (state.gave) application.gains.set(state.promo.rank, state.gain)
    else application.idle.set(state.promo.rank, idleOf(state))
    if (state.needs) application.needs.set(state.promo.rank, state.needs)
  }
  return application
}

const noLine: ReadonlySet<number> = new Set()
const noReports: ConditionReport[] = []
const noGifts: readonly Gift[] = []
const noVouchers: readonly Voucher[] = []

function stateOf(promo: Promo, situation: Situation, usageOf: (promo: Promo) => PromoUsage | undefined): PromoState {
  const { budgetMinor } = promo
  const budgetLeft =
    budgetMinor === undefined ? Number.POSITIVE_INFINITY : budgetMinor - (usageOf(promo)?.budget_minor ?? 0)
  return {
    promo,
    goods: goodsOf(promo, situation),
    budgetLeft,
    leftOut: noLine,
    turn: promo.late ? 'before' : 'open',
    reports: noReports,
    gain: { discountMinor: 0, deliveryMinor: 0, cashbackMinor: 0, bonusMinor: 0, gifts: noGifts, vouchers: noVouchers },
    gave: false,
    blockedBy: undefined,
    needs: undefined,
  }
}

function idleOf({ turn, reports, blockedBy }: PromoState): Idle {
  if (turn === 'refused') return { kind: 'conditions', reports }
  return blockedBy === undefined ? { kind: 'no_effect' } : { kind: 'stopped', by: blockedBy }
}

function takeTurn(application: Application, state: PromoState, action: PromoAction, situation: Situation): void {
  if (state.turn === 'before') beginTurn(application.ledger, state, situation)
  if (state.turn === 'refused') return
  const { ledger } = application
  const turn = turnOf(ledger, state, action, situation)
  let runs = 0
  for (const line of turn.targets) runs += lineOf(ledger, line).runs.length
  if (!spend(ledger.work, runs)) return
  const effect = action.act.propose(turn)
  if (takeEffect(application, state, action, effect)) {
    state.gave = true
    if (state.promo.stop) close(ledger, turn.targets, state.promo.rank)
  }
  const judgement = action.act.need?.(turn)
  if (judgement && !judgement.met) {
    state.needs ??= []
    state.needs.push({ action, targets: turn.targets, judgement })
  }
}

function close(ledger: Ledger, lines: readonly number[], rank: number): void {
  for (const line of lines) lineOf(ledger, line).closedBy ??= rank
  ledger.isSomeClosed = true
}

// Conditions on what remains are judged once, when the first action of the promo comes up.
function beginTurn(ledger: Ledger, state: PromoState, situation: Situation): void {
  const { promo, goods } = state
  const isDiscounted = (line: number): boolean => lineOf(ledger, line).isDiscounted
  const facts: Facts = {
    ...situation,
    goods,
    lineMinor: (line) => lineOf(ledger, line).remaining,
    deliveryMinor: ledger.deliveryMinor,
    isDiscounted,
  }
  state.reports = conditionsOf(promo)
    .filter((node) => node.late)
    .map((node) => judgeNode(node, facts))
  state.turn = state.reports.every((report) => report.met) ? 'open' : 'refused'
  if (promo.undiscountedOnly) {
    state.leftOut = new Set(situation.order.lines.keys().filter(isDiscounted))
  }
}

function turnOf(ledger: Ledger, state: PromoState, { targets }: PromoAction, { order, index }: Situation): Turn {
  const goods = openLines(ledger, state, state.goods)
  if (!targets) {
    if (goods.length === 0) state.blockedBy ??= closerOf(ledger, state, state.goods)
    return { order, ledger, goods, targets: goods }
  }
  const matching = index.matching(targets)
  const own = openLines(ledger, state, matching)
  if (own.length === 0) state.blockedBy ??= closerOf(ledger, state, matching)
  return { order, ledger, goods, targets: own }
}

const isClosed = (ledger: Ledger, { promo }: PromoState, line: number): boolean => {
  const { closedBy } = lineOf(ledger, line)
  return closedBy !== undefined && closedBy !== promo.rank
}

function openLines(ledger: Ledger, state: PromoState, lines: readonly number[]): readonly number[] {
  if (!ledger.isSomeClosed && state.leftOut.size === 0) return lines
  return lines.filter((line) => !state.leftOut.has(line) && !isClosed(ledger, state, line))
}

const closerOf = (ledger: Ledger, state: PromoState, lines: readonly number[]): number | undefined => {
  const closed = lines.find((line) => isClosed(ledger, state, line))
  return closed === undefined ? undefined : lineOf(ledger, closed).closedBy
}

// Returns whether the customer got anything.
function takeEffect(application: Application, state: PromoState, action: PromoAction, effect: Effect): boolean {
  const { gain } = state
  const most = Math.min(action.maxMinor, state.budgetLeft)
  switch (effect.kind) {
    case 'gift':
      gain.gifts = [...gain.gifts, { sku: effect.sku, quantity: effect.quantity }]
      return true
    case 'voucher':
      gain.vouchers = [...gain.vouchers, effect.voucher]
      return true
    case 'delivery': {
      const minor = Math.min(effect.minor, most)
      application.ledger.deliveryMinor -= minor
      gain.deliveryMinor += minor
      state.budgetLeft -= minor
      return minor > 0
    }
    default: {
      const mode: Mode = effect.kind === 'discount' ? 'discount' : 'credit'
      const minor = takeClaims(application, state, action, capClaims(effect.claims, most), mode)
      if (effect.kind === 'discount') gain.discountMinor += minor
      else if (effect.kind === 'cashback') gain.cashbackMinor += minor
      else gain.bonusMinor += minor
      state.budgetLeft -= minor
      return minor > 0
    }
  }
}

function takeClaims(
  { ledger, discounts, credits }: Application,
  { promo }: PromoState,
  action: PromoAction,
  claims: readonly Claim[],
  mode: Mode,
): number {
  let total = 0
  // Actions make one claim for each line, in the order of lines.
  for (const claim of claims) {
    if (claim.minor === 0) continue
    const { line, minor } = claim
    const units = claimRuns(ledger, claim, mode)
    total += minor
    const entries = mode === 'credit' ? credits : discounts
    const entry = { promo, action, minor, units }
    const ofLine = entries[line]
    if (ofLine) ofLine.push(entry)
    else entries[line] = [entry]
    if (mode === 'credit') continue
    const open = lineOf(ledger, line)
    takeOff(open, units)
    open.isDiscounted = true
  }
  return total
}

/** What is paid for each unit of a line, as runs. */
export function paidUnits(ledger: Ledger, line: number): Run[] {
  const merged: Run[] = []
  for (const { count, minor } of lineOf(ledger, line).runs) pushRun(merged, count, minor)
  return merged
}
