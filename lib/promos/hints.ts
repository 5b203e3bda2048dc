// Hints for cart and product page: what exactly is missing to a promo, tried on the changed cart before it is said.

import type { Language } from '../base/languages.ts'
import { limits } from '../base/limits.ts'
import type { Hint, ProductHints } from './allocation.ts'
import { gainOf, outcomeOf } from './apply.ts'
import { type Decision, decide, decideOnSameFacts, type Request } from './decide.ts'
import { isVisible } from './eligibility.ts'
import { aloneOn, otherWays, stepsShown, type Taken, takeWay, type Way, wayTo, wayWithNeeds } from './hint-ways.ts'
import { type HintFacts, templateOf } from './hint-words.ts'
import { wordHints } from './hints-apart.ts'
import { changedSituation, type Situation, situationOf } from './judging.ts'
import { fullWork, spend, type Work } from './ledger.ts'
import type { Order, Product } from './order.ts'
import { type Outcome, worthOf } from './outcome.ts'
import type { Promo } from './promo.ts'
import type { Audience } from './refusals.ts'
import { validUntil } from './validity.ts'
import { type WhatIf, whatIfOf } from './what-if.ts'

/** A way with the order that it leads to, and what the promo would give there if it were alone. */
type Attempt = { way: Way; taken: Taken; situation: Situation; estimate: number; others: Way[] | undefined }
type Found = HintFacts & { rank: number }

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
  const search: Search = { decision: known, language, work }
  const attempts = candidatesOf(search, reach).flatMap(
    (way) => attemptOf(way, search) ?? nextAttempt(way, search) ?? [],
  )
  attempts.sort((a, b) => b.estimate - a.estimate || a.way.promo.rank - b.way.promo.rank)
  const whatIf = whatIfOf(known)
  const found: Found[] = []
  for (let i = 0; i < Math.min(attempts.length, reach.tries) && found.length < reach.shown; i++) {
    const attempt = attempts[i]!
    const hint = tried(attempt, search, whatIf)
    const next = hint ? undefined : nextAttempt(attempt.way, search, attempt.others)
    if (next) attempts.push(next)
    if (hint) found.push(hint)
  }
  return inWords(found, decision.set.settings.timeZone, language)
}

type Search = { decision: Decision; language: Language; work: Work }

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
  return decideOnSameFacts(priced, { ...decision, situation }, work) ?? decision
}

function candidatesOf(search: Search, reach: HintReach): Way[] {
  const { decision, work } = search
  const found: Way[] = []
  let looked = 0
  while (found.length < reach.candidates) {
    const { promos, end } = nextPromos(decision, looked, reach.candidates - found.length)
    if (promos.length === 0) break
    looked = end
    for (const promo of promos) {
      if (!spend(work, stepsOfWords)) return found
      if (promo.config.hint === false || !isVisible(promo, decision.tester)) continue
      const way = wayTo(promo, decision, work)
      const told =
        way && (isTold(way, search) ? way : otherWays(way, decision, work).find((one) => isTold(one, search)))
      if (told) found.push(told)
    }
  }
  return found
}

// Of those at hand from `place` on that may give something, or more. Together, so that their goods are looked up together.
function nextPromos({ set, application, situation, atHand }: Decision, place: number, count: number) {
  const ranks = atHand()
  const promos: Promo[] = []
  let end = place
  while (promos.length < count) {
    const rank = ranks.at(end++)
    if (rank === undefined) break
    const outcome = outcomeOf(application, rank)
    if (!outcome?.gain || outcome.needs) promos.push(set.promo(rank))
  }
  // Short cut
  situation.index.expect(promos.map(({ rank }) => rank))
  return { promos, end }
}

/** Codes are secret unless the marketer's own text is there to tell. */
const isTold = ({ promo, steps }: Way, { language }: Search): boolean =>
  templateOf(promo, language) !== undefined || !steps.some(({ mending }) => mending.mend.kind === 'code')

function attemptOf(way: Way, search: Search, others?: Way[]): Attempt | undefined {
  const { decision, work } = search
  if (!spend(work, way.steps.length)) return undefined
  const taken = takeWay(way, decision, work)
  if (!taken) return undefined
  const situation = changedSituation(decision.situation, taken.order)
  const gain = gainOf(aloneOn(way.promo, situation, decision.usage, work), way.promo.rank)
  const further = gain ? undefined : wayWithNeeds(way, decision, work)
  return further ? attemptOf(further, search, others) : { way, taken, situation, estimate: worthOf(gain), others }
}

/** The next way that can be taken, when one came to nothing. */
function nextAttempt(way: Way, search: Search, others?: Way[]): Attempt | undefined {
  const left = others ?? otherWays(way, search.decision, search.work).filter((one) => isTold(one, search))
  for (let next = left.shift(); next; next = left.shift()) {
    const attempt = attemptOf(next, search, left)
    if (attempt) return attempt
  }
  return undefined
}

/** Goods that the cart lacks may cost anything; a price that rewards can be taken off. */
const someMinor = 1_000_000

/** The hint, if the promo gives something on the changed cart and the customer is no worse off by it. */
function tried(attempt: Attempt, search: Search, whatIf: ReturnType<typeof whatIfOf>): Found | undefined {
  const { way, taken, situation } = attempt
  const { decision, work } = search
  const { promo } = way
  const known = gainIn(whatIf(promo, situation, work), way, decision)
  const isUnknown = known === undefined && taken.unpriced.length > 0
  const gain = isUnknown ? gainIn(whatIf(promo, priced(situation, taken), work), way, decision) : known
  if (gain === undefined) return undefined
  const { steps, all } = stepsShown(way, taken.chosen, decision, work)
  // Goods that are added for one count for the others too; who does not know that adds more.
  const inAll = all && gainIn(whatIf(promo, changedSituation(decision.situation, all), work), way, decision)
  if (all && inAll === undefined && !isUnknown) return undefined
  return {
    promo,
    steps,
    gainMinor: isUnknown ? 0 : Math.min(gain, inAll ?? gain),
    currency: situation.order.currency,
    rank: promo.rank,
  }
}

function priced(situation: Situation, { order, unpriced }: Taken): Situation {
  const lines = order.lines.map((line, i) => (unpriced.includes(i) ? { ...line, price_minor: someMinor } : line))
  return changedSituation(situation, { ...order, lines })
}

/** What the customer gains; undefined: nothing. Of a delivery whose price is not known it is 0. */
function gainIn(after: WhatIf | undefined, { promo }: Way, { application, situation }: Decision): number | undefined {
  if (!after?.gain) return undefined
  const { gain, betterMinor } = after
  const { standInMinor } = situation
  const before = worthOf(gainOf(application, promo.rank), standInMinor)
  const minor = Math.min(worthOf(gain, standInMinor) - before, betterMinor)
  const isDelivery = standInMinor > 0 && gain.deliveryMinor > 0 && !application.outcomes.some(isOffDelivery)
  const isSomething = minor > 0 || isDelivery || gain.gifts.length + gain.vouchers.length > 0
  return minor >= 0 && isSomething ? minor : undefined
}

const isOffDelivery = ({ gain }: Outcome): boolean => gain !== undefined && gain.deliveryMinor > 0

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
    const gainMinor = worthOf(gain, decision.situation.standInMinor)
    return [{ promo, steps: [], gainMinor, currency, rank: promo.rank }]
  })
  return {
    active: inWords(active, rest.set.settings.timeZone, language).map(({ missing: _, ...hint }) => hint),
    hints: hintsOf(decided, language, hintReach.staff),
    ...answer,
  }
}
