// Hints for cart and product page: what exactly is missing to a promo, tried on the changed cart before it is said.
import { limits } from '../base/limits.ts'
import type { Hint, ProductHints } from './allocation.ts'
import { type Application, applyPromos, gainOf, idleOf, outcomeOf } from './apply.ts'
import { type Decision, decide, decideAgain, type Request, usageIn } from './decide.ts'
import { isVisible } from './eligibility.ts'
import { type HintFacts, templateOf, wordHints } from './hint-words.ts'
import {
  changedSituation,
  goodsOf,
  isWithinLimits,
  judgeNode,
  listFacts,
  type Situation,
  situationOf,
} from './judging.ts'
import type { Language } from './languages.ts'
import { fullWork, spend, type Work } from './ledger.ts'
import { type HintStep, type MendGoods, type Mending, mendingsOf, takeChoice, takeStep } from './mending.ts'
import type { Order, Product } from './order.ts'
import { type ConditionReport, conditionsOf, type Promo } from './promo.ts'
import type { Audience } from './refusals.ts'
import { validUntil } from './validity.ts'
import { type WhatIf, whatIfOf, worthOf } from './what-if.ts'
import { isOpen } from './window.ts'

/** One way to a promo, with the goods that it is about. */
type Step = { mending: Mending; goods: MendGoods }
type Candidate = { promo: Promo; steps: readonly Step[] }
/** A candidate with the order that its steps lead to, and what it would give there if it were alone. */
type Attempt = Candidate & { situation: Situation; chosen: readonly HintStep[]; estimate: number }
type Found = HintFacts & { rank: number; deliveryMinor: number }

/** How far hints are looked for. */
export type HintReach = { shown: number; candidates: number; tries: number }

const { hints: shown, hintCandidates: candidates, hintTries: tries } = limits
/** Of those who set promos up, and of customers, who wait for the answer. */
export const hintReach: Record<Audience, HintReach> = {
  staff: { shown, candidates, tries },
  customer: {
    shown: limits.hintsShown,
    candidates: limits.hintCandidatesShown,
    tries: limits.hintTriesShown,
  },
}

/** The hints that an order gets, the greatest gain first. */
export function hintsOf(decision: Decision, language: Language, reach: HintReach): Hint[] {
  // What is left undone when this is used up is not said.
  const work = fullWork()
  const known = withDeliveryPrice(decision, work)
  const attempts = candidatesOf(known, language, reach, work).flatMap(
    (candidate) => attemptOf(candidate, known, work) ?? [],
  )
  attempts.sort((a, b) => b.estimate - a.estimate || a.promo.rank - b.promo.rank)
  const whatIf = whatIfOf(known)
  const found: Found[] = []
  for (const attempt of attempts.slice(0, reach.tries)) {
    if (found.length === reach.shown) break
    const hint = tried(attempt, known, whatIf(attempt.promo, attempt.situation, work))
    if (hint)
      found.push({ ...hint, gainMinor: hint.gainMinor - (hint.deliveryMinor > 0 ? known.situation.standInMinor : 0) })
  }
  return inWords(found, decision.set.settings.timeZone, language)
}

function inWords(found: Found[], timeZone: string, language: Language): Hint[] {
  const shown = found.sort((a, b) => b.gainMinor - a.gainMinor || a.rank - b.rank).slice(0, limits.hints)
  const texts = wordHints(shown, language, timeZone)
  return shown.map(({ promo, steps, gainMinor }, i) => ({
    promo: promo.id,
    text: texts[i]!,
    missing: [...steps],
    gain_minor: gainMinor,
  }))
}

/** Judging a promo in words takes about as long as so many steps of applying one. */
const stepsOfWords = 10

// Until a delivery is chosen its price is not known, and free delivery would seem to give nothing: a minor unit stands
// for it, which no total counts.
function withDeliveryPrice(decision: Decision, work: Work): Decision {
  const { order } = decision.situation
  if (order.delivery?.price_minor !== undefined) return decision
  const priced = { ...order, delivery: { ...order.delivery, price_minor: 1 } }
  const situation = { ...decision.situation, standInMinor: 1 }
  return decideAgain(priced, { ...decision, situation }, work) ?? decision
}

function candidatesOf(decision: Decision, language: Language, reach: HintReach, work: Work): Candidate[] {
  const found: Candidate[] = []
  for (const rank of decision.atHand()) {
    if (found.length === reach.candidates) break
    const outcome = outcomeOf(decision.application, rank)
    if (outcome?.gain && !outcome.needs) continue
    if (!spend(work, stepsOfWords)) break
    const promo = decision.set.promo(rank)
    if (promo.config.hint === false || !isVisible(promo, decision.tester)) continue
    const steps = stepsTo(promo, decision)
    if (!steps || steps.length === 0) continue
    // Codes are secret unless the marketer's own text is there to tell.
    const isSecret = steps.some(({ mending }) => mending.mend.kind === 'code')
    if (!isSecret || templateOf(promo, language) !== undefined) found.push({ promo, steps })
  }
  return found
}

function attemptOf(candidate: Candidate, decision: Decision, work: Work): Attempt | undefined {
  if (!spend(work, candidate.steps.length)) return undefined
  const changed = changedOrder(candidate, decision)
  if (!changed) return undefined
  const { promo } = candidate
  const situation = changedSituation(decision.situation, changed.order)
  const alone = applyPromos([promo], situation, (own) => usageIn(decision.usage, own), work, true)
  return { ...candidate, situation, chosen: changed.chosen, estimate: worthOf(gainOf(alone, promo.rank)) }
}

/** What leads to a promo, or to more of it; undefined: nothing that the customer does now. */
function stepsTo(promo: Promo, { situation, usage, application, stack }: Decision): Step[] | undefined {
  const { rank } = promo
  const suppressed = stack.suppressed.get(rank)
  if (suppressed?.kind === 'conditions') return stepsOfConditions(promo, situation, usage, suppressed.reports)
  if (suppressed) return undefined
  const outcome = outcomeOf(application, rank)
  const idle = outcome && idleOf(outcome)
  if (outcome?.gain || idle?.kind === 'no_effect') return stepsOfNeeds(promo, situation, application)
  if (idle?.kind === 'stopped') return undefined
  return stepsOfConditions(promo, situation, usage, idle?.reports ?? [])
}

const noCodes: readonly string[] = []

const goodsFor = (promo: Promo, lines: readonly number[]): MendGoods => ({
  lines,
  filter: promo.filter,
  codes: promo.codes ? [...promo.codes.values()] : noCodes,
})

/** `late`: what was judged when the promo's turn came, in place of what list prices say. */
function stepsOfConditions(
  promo: Promo,
  situation: Situation,
  usage: Request['usage'],
  late: readonly ConditionReport[],
): Step[] | undefined {
  const lines = goodsOf(promo, situation)
  if (lines.length === 0 || !isOpenTo(promo, situation, usage)) return undefined
  const goods = goodsFor(promo, lines)
  const facts = listFacts(situation, lines)
  const steps: Step[] = []
  if (promo.codes && !hasCode(promo, situation))
    steps.push({ mending: { mend: { kind: 'code' }, missing: true }, goods })
  for (const node of conditionsOf(promo)) {
    const report = (node.late && late.find(({ pointer }) => pointer === node.pointer)) || judgeNode(node, facts)
    if (report.met) continue
    const mendings = mendingsOf(node, report)
    if (!mendings) return undefined
    for (const mending of mendings) steps.push({ mending, goods })
  }
  return steps
}

const hasCode = ({ codes }: Promo, { codes: entered }: Situation): boolean =>
  codes?.keys().some((code) => entered.has(code)) ?? false

/** Whether nothing stands in the way that the customer cannot change; of a promo that is visible. */
function isOpenTo(promo: Promo, situation: Situation, usage: Request['usage']): boolean {
  const { state, window, config, codes } = promo
  if (state === 'draft' || !isOpen(window, situation.nowMs)) return false
  if (config.currency !== undefined && config.currency !== situation.order.currency) return false
  // Any code may still be entered.
  const entered = codes && !hasCode(promo, situation) ? new Set(codes.keys()) : situation.codes
  return isWithinLimits(promo, entered, (own) => usageIn(usage, own))
}

function stepsOfNeeds(promo: Promo, situation: Situation, application: Application): Step[] | undefined {
  const need = outcomeOf(application, promo.rank)?.needs?.find(({ judgement }) => judgement.mend)
  if (!need?.judgement.mend || goodsOf(promo, situation).length === 0 || need.targets.length === 0) return undefined
  const { mend, missing } = need.judgement
  const filter = need.action.targets ?? promo.filter
  return [{ mending: { mend, missing }, goods: { ...goodsFor(promo, need.targets), filter } }]
}

// More rounds than conditions that one step can leave open.
const rounds = 10

// Sums last, since what is taken for other conditions counts for them; of one kind what lacks most, since that may be
// enough for the others.
function nextOf(steps: readonly Step[]): Step | undefined {
  if (steps.length < 2) return steps[0]
  const [first, ...others] = [...steps.filter((step) => !isSum(step)), ...steps.filter(isSum)]
  return others.reduce((most, step) => {
    const isMore = step.mending.mend.kind === most?.mending.mend.kind && missingIn(step) > missingIn(most)
    return isMore ? step : most
  }, first)
}

const isSum = ({ mending }: Step): boolean => mending.mend.kind === 'sum'

const missingIn = ({ mending: { missing } }: Step): number => (typeof missing === 'number' ? missing : 0)

/**
 * The order when all steps are taken together, and no more than that: each is taken from where the one before led, so
 * that goods added for one condition count for the next.
 */
function changedOrder(
  { promo, steps }: Candidate,
  { situation, usage }: Decision,
): { order: Order; chosen: HintStep[] } | undefined {
  let { order } = situation
  let left: readonly Step[] | undefined = steps
  const chosen: HintStep[] = []
  for (let round = 0; round < rounds; round++) {
    const next = nextOf(left)
    if (!next) return { order, chosen }
    const taken = takeStep(order, next.mending, next.goods)
    if (!taken) return undefined
    order = taken.order
    chosen.push(taken.step)
    left = left.length === 1 ? [] : stepsOfConditions(promo, changedSituation(situation, order), usage, [])
    if (!left) return undefined
  }
  return undefined
}

/** The hint, if the promo gives something on the changed cart and the customer is no worse off by it. */
function tried(attempt: Attempt, decision: Decision, after: WhatIf | undefined): Found | undefined {
  const { promo } = attempt
  const before = decision.situation.order
  if (!after?.gain) return undefined
  const { gain, betterMinor } = after
  const gainMinor = Math.min(worthOf(gain) - worthOf(gainOf(decision.application, promo.rank)), betterMinor)
  if (gainMinor < 0 || (gainMinor === 0 && gain.gifts.length + gain.vouchers.length === 0)) return undefined
  return {
    promo,
    steps: stepsShown(attempt, decision),
    gainMinor,
    deliveryMinor: gain.deliveryMinor,
    currency: before.currency,
    rank: promo.rank,
  }
}

const keyOf = (step: HintStep): string => JSON.stringify({ ...step, missing: 0, missing_minor: 0 })

const amountOf = (step: HintStep): number => {
  if (step.kind === 'sum') return step.missing_minor
  return step.kind === 'units' ? step.missing : 0
}

const isAmount = ({ kind }: HintStep): boolean => kind === 'sum' || kind === 'units'

/**
 * Choices as they were made, which conditions may narrow one after another; then the amounts that are missing when they
 * are made, of the same goods the largest.
 */
function stepsShown({ promo, steps, chosen }: Attempt, { situation, usage }: Decision): HintStep[] {
  const shown = new Map<string, HintStep>()
  let { order } = situation
  for (const step of chosen) {
    if (isAmount(step)) continue
    shown.set(step.kind === 'code' ? keyOf(step) : step.kind, step)
    order = takeChoice(order, step)
  }
  const isSame = shown.size === 0 || promo.late
  const left = isSame ? steps : (stepsOfConditions(promo, changedSituation(situation, order), usage, []) ?? steps)
  for (const { mending, goods } of left) {
    const step = takeStep(order, mending, goods)?.step
    if (!step || !isAmount(step)) continue
    const known = shown.get(keyOf(step))
    if (known === undefined || amountOf(step) > amountOf(known)) shown.set(keyOf(step), step)
  }
  // As the promo's conditions stand.
  const placeOf = ({ kind }: HintStep): number => steps.findIndex(({ mending }) => mending.mend.kind === kind)
  return [...shown.values()].sort((a, b) => placeOf(a) - placeOf(b))
}

/**
 * What a product's page says: promos that one unit gets as it is, and what leads to others. Knows no customer, so that
 * it can be cached until `valid_until`.
 */
export function hintsForProduct(
  { currency, ...product }: Product,
  request: Omit<Request, 'usage'> & { usage?: Request['usage']; language: Language },
): ProductHints {
  const { usage = {}, language, ...rest } = request
  const order: Order = { currency, lines: [{ ...product, id: 'product', quantity: 1 }] }
  const decided = decide(order, { ...rest, usage })
  const situation = situationOf(order, rest.nowMs, rest.tester)
  const answer = { valid_until: validUntil(rest.set, situation), promos_version: rest.set.number }
  if (!decided) return { active: [], hints: [], ...answer }
  const decision = withDeliveryPrice(decided, fullWork())
  const active = decision.stack.stay.flatMap((promo) => {
    const gain = gainOf(decision.application, promo.rank)
    if (!gain || promo.config.hint === false) return []
    const gainMinor = worthOf(gain) - gain.deliveryMinor
    return [{ promo, steps: [], gainMinor, deliveryMinor: gain.deliveryMinor, currency, rank: promo.rank }]
  })
  return {
    active: inWords(active, rest.set.settings.timeZone, language).map(({ missing: _, ...hint }) => hint),
    hints: hintsOf(decided, language, hintReach.staff),
    ...answer,
  }
}
