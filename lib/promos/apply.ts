// Applies the promos that stay, action by action: by stage, then priority, id, position; each takes from what remains.
import type { Effect, Stage, Turn } from './action.ts'
import type { LineCredit, LineDiscount } from './allocation.ts'
import { type Claim, capClaims, putOff, runCountOf, takeOff, unitsOf } from './claims.ts'
import type { Facts } from './condition.ts'
import { judgeNode, listFacts, type Situation } from './judging.ts'
import { type Ledger, lineOf, openLedger, spend, type Work } from './ledger.ts'
import type { PromoUsage } from './order.ts'
import { type Gain, gainIn, newOutcome, type Outcome } from './outcome.ts'
import { conditionsOf, type Promo, type PromoAction } from './promo.ts'

export type Application = {
  ledger: Ledger
  /** Per line, as the answer has them; undefined: none. */
  discounts: (LineDiscount[] | undefined)[]
  /** Cashback and bonus, per line. */
  credits: (LineCredit[] | undefined)[]
  /** By rank, ascending. */
  outcomes: readonly Outcome[]
}

/** What became of the promo with that rank; undefined: it had no turn. */
export function outcomeOf({ outcomes }: Application, rank: number): Outcome | undefined {
  // Short cut
  if (outcomes.length > few) return sought(outcomes, rank)
  return outcomes.find(({ promo }) => promo.rank === rank)
}

const few = 4

function sought(outcomes: readonly Outcome[], rank: number): Outcome | undefined {
  let low = 0
  let high = outcomes.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const outcome = outcomes[middle]!
    if (outcome.promo.rank === rank) return outcome
    if (outcome.promo.rank < rank) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

export const gainOf = (application: Application, rank: number): Gain | undefined => outcomeOf(application, rank)?.gain

const stages: readonly Stage[] = [1, 2, 3, 4]

/** Of an application that is asked for gains alone. */
const noEntries: undefined[] = []

/**
 * Applies eligible promos (ascending by rank) to an order. When `work` is used up, the application is incomplete and
 * must not be used. `isForGains`: what each line gets is not written down.
 */
export function applyPromos(
  promos: readonly Promo[],
  situation: Situation,
  usageOf: (promo: Promo) => PromoUsage | undefined,
  work: Work,
  isForGains = false,
): Application {
  const { lines } = situation.order
  const ledger = openLedger(situation.order, work)
  const outcomes = new Array<Outcome>(promos.length)
  let present = 0
  for (let i = 0; i < promos.length; i++) {
    const promo = promos[i]!
    outcomes[i] = newOutcome(promo, situation, usageOf)
    present |= promo.stages
  }
  const application: Application = {
    ledger,
    discounts: isForGains ? noEntries : new Array<undefined>(lines.length).fill(undefined),
    credits: isForGains ? noEntries : new Array<undefined>(lines.length).fill(undefined),
    outcomes,
  }
  for (const stage of stages) {
    // Short cut
    if ((present & (1 << stage)) === 0) continue
    if (!applyStage(application, stage, situation)) break
  }
  return application
}

// false: there is too much to do.
function applyStage(application: Application, stage: Stage, situation: Situation): boolean {
  const { outcomes, ledger } = application
  for (let i = 0; i < outcomes.length; i++) {
    const outcome = outcomes[i]!
    const { stages, actions } = outcome.promo
    // Short cut
    if ((stages & (1 << stage)) === 0) continue
    for (let k = 0; k < actions.length; k++) {
      const action = actions[k]!
      if (action.act.stage !== stage) continue
      if (!spend(ledger.work, 1)) return false
      takeTurn(application, outcome, action, situation)
    }
  }
  return true
}

function takeTurn(application: Application, outcome: Outcome, action: PromoAction, situation: Situation): void {
  if (outcome.turn === 'before') beginTurn(application.ledger, outcome, situation)
  if (outcome.turn === 'refused') return
  const { ledger } = application
  const turn = turnOf(ledger, outcome, action, situation)
  let runs = 0
  for (const line of turn.targets) runs += runCountOf(lineOf(ledger, line))
  if (!spend(ledger.work, runs)) return
  const effect = action.act.propose(turn)
  const hasGiven = takeEffect(application, outcome, action, effect)
  if (hasGiven && outcome.promo.stop) close(ledger, turn.targets, outcome.promo.rank)
  const judgement = action.act.need?.(turn, hasGiven)
  if (judgement && !judgement.met) {
    outcome.needs ??= []
    outcome.needs.push({ action, goods: turn.goods, targets: turn.targets, judgement })
  }
}

function close(ledger: Ledger, lines: readonly number[], rank: number): void {
  for (const line of lines) lineOf(ledger, line).closedBy ??= rank
  ledger.isSomeClosed = true
}

// Conditions on what remains are judged once, when the first action of the promo comes up.
function beginTurn(ledger: Ledger, outcome: Outcome, situation: Situation): void {
  const { promo, goods } = outcome
  const isDiscounted = (line: number): boolean => lineOf(ledger, line).isDiscounted
  const onList = listFacts(situation, goods)
  const facts: Facts = {
    ...onList,
    lineMinor: (line) => lineOf(ledger, line).remaining,
    deliveryMinor: Math.max(0, ledger.deliveryMinor - situation.standInMinor),
    isDiscounted,
  }
  outcome.reports = conditionsOf(promo)
    .filter((node) => node.late)
    .map((node) => judgeNode(node, onList, facts))
  outcome.turn = outcome.reports.every((report) => report.met) ? 'open' : 'refused'
  if (promo.undiscountedOnly) {
    outcome.leftOut = new Set(situation.order.lines.keys().filter(isDiscounted))
  }
}

function turnOf(ledger: Ledger, outcome: Outcome, { targets }: PromoAction, { order, index }: Situation): Turn {
  const goods = openLines(ledger, outcome, outcome.goods)
  if (!targets) {
    if (goods.length === 0) outcome.blockedBy ??= closerOf(ledger, outcome, outcome.goods)
    return { order, ledger, goods, targets: goods }
  }
  const matching = index.matching(targets)
  const own = openLines(ledger, outcome, matching)
  if (own.length === 0) outcome.blockedBy ??= closerOf(ledger, outcome, matching)
  return { order, ledger, goods, targets: own }
}

const isClosed = (ledger: Ledger, { promo }: Outcome, line: number): boolean => {
  const { closedBy } = lineOf(ledger, line)
  return closedBy !== undefined && closedBy !== promo.rank
}

function openLines(ledger: Ledger, outcome: Outcome, lines: readonly number[]): readonly number[] {
  // Short cut
  if (!ledger.isSomeClosed && outcome.leftOut.size === 0) return lines
  return lines.filter((line) => !outcome.leftOut.has(line) && !isClosed(ledger, outcome, line))
}

const closerOf = (ledger: Ledger, outcome: Outcome, lines: readonly number[]): number | undefined => {
  const closed = lines.find((line) => isClosed(ledger, outcome, line))
  return closed === undefined ? undefined : lineOf(ledger, closed).closedBy
}

// Returns whether the customer got anything.
function takeEffect(application: Application, outcome: Outcome, action: PromoAction, effect: Effect): boolean {
  switch (effect.kind) {
    case 'gift': {
      const gain = gainIn(outcome)
      gain.gifts = [...gain.gifts, { sku: effect.sku, quantity: effect.quantity }]
      return true
    }
    case 'voucher': {
      const gain = gainIn(outcome)
      gain.vouchers = [...gain.vouchers, effect.voucher]
      return true
    }
    default: {
      const minor = takeAmount(application, outcome, action, effect)
      if (minor === 0) return false
      if (outcome.budgetLeft !== Number.POSITIVE_INFINITY) outcome.budgetLeft -= minor
      const gain = gainIn(outcome)
      if (effect.kind === 'delivery') gain.deliveryMinor += minor
      else if (effect.kind === 'discount') gain.discountMinor += minor
      else if (effect.kind === 'cashback') gain.cashbackMinor += minor
      else gain.bonusMinor += minor
      return true
    }
  }
}

function takeAmount(
  application: Application,
  { promo, budgetLeft }: Outcome,
  action: PromoAction,
  effect: Exclude<Effect, { kind: 'gift' | 'voucher' }>,
): number {
  const most = Math.min(action.maxMinor, budgetLeft)
  const isCapped = most !== Number.POSITIVE_INFINITY
  if (effect.kind === 'delivery') {
    const minor = isCapped ? Math.min(effect.minor, most) : effect.minor
    application.ledger.deliveryMinor -= minor
    return minor
  }
  const claims = isCapped ? capClaims(effect.claims, most) : effect.claims
  return effect.kind === 'discount'
    ? takeDiscounts(application, promo, action, claims)
    : takeCredits(application, promo, action, effect.kind, claims)
}

function append<T>(lists: (T[] | undefined)[], line: number, entry: T): void {
  const entries = lists[line]
  if (entries) entries.push(entry)
  else lists[line] = [entry]
}

// Actions make one claim for each line, in the order of lines.
function takeDiscounts(
  { ledger, discounts }: Application,
  promo: Promo,
  action: PromoAction,
  claims: readonly Claim[],
): number {
  let total = 0
  for (let i = 0; i < claims.length; i++) {
    const claim = claims[i]!
    const { line, minor } = claim
    if (minor === 0) continue
    total += minor
    const open = lineOf(ledger, line)
    open.isDiscounted = true
    // Short cut: of gains alone nobody may ask what each unit costs.
    if (discounts === noEntries) {
      putOff(open, claim)
      continue
    }
    const units = unitsOf(open, claim, 'discount')
    if (discounts !== noEntries) {
      const entry = { promo: promo.id, action: action.type, stage: action.act.stage, amount_minor: minor, units }
      append(discounts, line, entry)
    }
    takeOff(open, units)
  }
  return total
}

function takeCredits(
  { ledger, credits }: Application,
  promo: Promo,
  action: PromoAction,
  kind: LineCredit['kind'],
  claims: readonly Claim[],
): number {
  let total = 0
  for (let i = 0; i < claims.length; i++) {
    const claim = claims[i]!
    const { line, minor } = claim
    if (minor === 0) continue
    total += minor
    if (credits === noEntries) continue
    const units = unitsOf(lineOf(ledger, line), claim, 'credit')
    const entry = { kind, promo: promo.id, action: action.type, stage: action.act.stage, amount_minor: minor, units }
    append(credits, line, entry)
  }
  return total
}
