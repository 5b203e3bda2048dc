// Ways to a promo: what a customer could do to get it, or more of it, and the order after doing so.
import { limits } from '../base/limits.ts'
import { oncePer } from '../base/remember.ts'
import type { Remedy } from './action.ts'
import { type Application, applyPromos, gainOf, outcomeOf } from './apply.ts'
import { type Decision, type Request, usageIn } from './decide.ts'
import { compileFilter, type FilterNode } from './filter.ts'
import { isNamed } from './filter-words.ts'
import { changedSituation, goodsOf, isWithinLimits, judgeNode, listFacts, type Situation } from './judging.ts'
import type { Work } from './ledger.ts'
import {
  type Branches,
  type HintStep,
  isShorter,
  type MendGoods,
  type Mending,
  mendingsOf,
  takeChoice,
  takeStep,
} from './mending.ts'
import type { Order } from './order.ts'
import { idleOf, type Need } from './outcome.ts'
import { type ConditionNode, type ConditionReport, conditionsOf, type Promo } from './promo.ts'
import { isOpen } from './window.ts'

/** One thing to do, with the goods that it is about. */
export type Step = { mending: Mending; goods: MendGoods }

/**
 * `branches`: alternatives that are not those of the fewest steps. `withNeeds`: what actions would lack, were all conditions
 * met, is among the steps. `isMore`: the promo gives something already.
 */
export type Way = { promo: Promo; steps: readonly Step[]; isMore: boolean } & Choice
type Choice = { branches: Branches; withNeeds: boolean }

/** `chosen`: the steps as they were taken. `unpriced`: lines of goods whose price is not known. */
export type Taken = { order: Order; chosen: readonly HintStep[]; unpriced: readonly number[] }

const fewest: Choice = { branches: new Map(), withNeeds: false }

/** The way with the fewest steps; undefined: there is none. */
export function wayTo(promo: Promo, decision: Decision, work: Work, choice = fewest): Way | undefined {
  const steps = stepsTo(promo, decision, work, choice)
  if (!steps || steps.length === 0) return undefined
  const outcome = outcomeOf(decision.application, promo.rank)
  const withNeeds = choice.withNeeds || outcome?.turn === 'open'
  return { promo, steps, isMore: outcome?.gain !== undefined, branches: choice.branches, withNeeds }
}

/** The same way with what actions lack; undefined: they lack nothing else. */
export function wayWithNeeds({ promo, steps, branches, withNeeds }: Way, decision: Decision, work: Work) {
  if (withNeeds || !promo.hasNeeds) return undefined
  const way = wayTo(promo, decision, work, { branches, withNeeds: true })
  return way && way.steps.length > steps.length ? way : undefined
}

/** Some others, the fewest steps first: each takes another alternative once. */
export function otherWays({ promo, steps }: Way, decision: Decision, work: Work): Way[] {
  const ways: Way[] = []
  const told = new Set([toldOf(steps)])
  for (const [pointer, count] of alternativesIn(conditionsOf(promo))) {
    for (let branch = 0; branch < count; branch++) {
      const way = wayTo(promo, decision, work, { ...fewest, branches: new Map([[pointer, branch]]) })
      if (!way || told.has(toldOf(way.steps))) continue
      told.add(toldOf(way.steps))
      const mendings = mendingsIn(way)
      const place = ways.findIndex((other) => isShorter(mendings, mendingsIn(other)))
      ways.splice(place === -1 ? ways.length : place, 0, way)
    }
  }
  return ways.slice(0, limits.hintWays)
}

const mendingsIn = ({ steps }: Way): Mending[] => steps.map(({ mending }) => mending)

const toldOf = (steps: readonly Step[]): string => JSON.stringify(steps.map(({ mending }) => mending))

/** The pointer of each `any`, with how many branches it has. */
const alternativesIn = (nodes: readonly ConditionNode[]): [pointer: string, count: number][] =>
  nodes.flatMap((node) => {
    if (node.kind === 'leaf' || node.kind === 'not') return []
    const inner = alternativesIn(node.parts)
    return node.kind === 'any' ? [[node.pointer, node.parts.length], ...inner] : inner
  })

/** What leads to a promo, or to more of it; undefined: nothing that the customer does now. */
function stepsTo(promo: Promo, decision: Decision, work: Work, choice: Choice): Step[] | undefined {
  const { situation, usage, application, stack } = decision
  const { rank } = promo
  const suppressed = stack.suppressed.get(rank)
  if (suppressed && suppressed.kind !== 'conditions') return undefined
  const outcome = outcomeOf(application, rank)
  const idle = outcome && idleOf(outcome)
  if (outcome?.gain || idle?.kind === 'no_effect') return stepsOfNeeds(promo, situation, outcome?.needs)
  if (idle?.kind === 'stopped') return undefined
  const late = suppressed?.reports ?? idle?.reports ?? []
  return openSteps(promo, { situation, usage, work, ...choice, late })
}

type Open = Choice & {
  situation: Situation
  usage: Request['usage']
  work: Work
  /** What was judged when the promo's turn came, in place of what list prices say. */
  late: readonly ConditionReport[]
}

/** What conditions lack, and actions. */
function openSteps(promo: Promo, open: Open): Step[] | undefined {
  const steps = stepsOfConditions(promo, open)
  if (!steps || !open.withNeeds) return steps
  const { situation, usage, work } = open
  const alone = aloneOn(promo, situation, usage, work)
  const needs = gainOf(alone, promo.rank) ? [] : stepsOfNeeds(promo, situation, outcomeOf(alone, promo.rank)?.needs)
  return [...steps, ...(needs ?? [])]
}

/** The promo by itself, without regard to its conditions. */
export const aloneOn = (promo: Promo, situation: Situation, usage: Request['usage'], work: Work): Application =>
  applyPromos([promo], situation, (own) => usageIn(usage, own), work, true)

const noCodes: readonly string[] = []

/** What each action acts on. */
const targetsOf = oncePer(({ actions, filter }: Promo) =>
  actions.flatMap(({ act, targets }) => act.filters?.map((own) => compileFilter(own.filter)) ?? [targets ?? filter]),
)

const goodsFor = (promo: Promo, lines: readonly number[]): MendGoods => ({
  lines,
  filter: promo.filter,
  targets: targetsOf(promo),
  codes: promo.codes ? [...promo.codes.values()] : noCodes,
})

function stepsOfConditions(promo: Promo, { situation, usage, branches, late }: Open): Step[] | undefined {
  const lines = goodsOf(promo, situation)
  if (lines.length === 0 || !isOpenTo(promo, situation, usage)) return undefined
  const goods = goodsFor(promo, lines)
  const facts = listFacts(situation, lines)
  const steps: Step[] = []
  if (promo.codes && !hasCode(promo, situation)) {
    steps.push({ mending: { mend: { kind: 'code' }, missing: true }, goods })
  }
  for (const node of conditionsOf(promo)) {
    const report = (node.late && late.find(({ pointer }) => pointer === node.pointer)) || judgeNode(node, facts)
    if (report.met) continue
    const mendings = mendingsOf(node, report, branches)
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

/** Of the first action that goods can help. */
function stepsOfNeeds(promo: Promo, situation: Situation, needs: readonly Need[] | undefined): Step[] | undefined {
  const need = needs?.find(({ judgement }) => judgement.remedies.length > 0)
  if (!need || goodsOf(promo, situation).length === 0) return undefined
  const steps: Step[] = []
  for (const remedy of need.judgement.remedies) {
    const step = stepOf(remedy, promo, need)
    if (!step) return undefined
    steps.push(step)
  }
  return steps
}

// undefined: it cannot be said which goods they are.
function stepOf({ mend, missing, of }: Remedy, promo: Promo, need: Need): Step | undefined {
  const isOwn = of === 'goods'
  const lines = isOwn ? need.goods : need.targets
  const filter = isOwn ? promo.filter : (need.action.targets ?? promo.filter)
  const goods = { ...goodsFor(promo, lines), filter }
  const part = mend.kind === 'units' && typeof mend.goods === 'object' ? mend.goods : undefined
  if (!part && lines.length > 0) return { mending: { mend, missing }, goods }
  const parts = [filter, part].flatMap((one) => one ?? [])
  // Of goods that the cart lacks nothing is known but what filters say.
  const asked: FilterNode = { kind: 'all', parts }
  if (parts.length === 0 || !isNamed(asked)) return undefined
  return { mending: { mend: { kind: 'units', goods: asked }, missing }, goods }
}

// More rounds than conditions that one step can leave open.
const rounds = 10

// Sums last, since what is taken for other conditions counts for them; of one kind what lacks most, since that may be
// enough for the others.
function nextOf(steps: readonly Step[]): Step | undefined {
  // Short cut
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
export function takeWay(way: Way, { situation, usage }: Decision, work: Work): Taken | undefined {
  const { promo, steps, isMore } = way
  let { order } = situation
  let left: readonly Step[] | undefined = steps
  const chosen: HintStep[] = []
  const unpriced: number[] = []
  for (let round = 0; round < rounds; round++) {
    const next = nextOf(left)
    if (!next) return { order, chosen, unpriced }
    const taken = takeStep(order, next.mending, next.goods)
    if (!taken) return undefined
    if (taken.isUnpriced) unpriced.push(order.lines.length)
    order = taken.order
    chosen.push(taken.step)
    if (isMore || left.length === 1) left = left.filter((step) => step !== next)
    else left = openSteps(promo, { ...way, situation: changedSituation(situation, order), usage, work, late: [] })
    if (!left) return undefined
  }
  return undefined
}

type Amount = Extract<HintStep, { kind: 'sum' | 'units' }>

const amountOf = (step: Amount): number => (step.kind === 'sum' ? step.missing_minor : step.missing)

const isAmount = (step: HintStep): step is Amount => step.kind === 'sum' || step.kind === 'units'

const lineOf = (step: Amount): string | undefined => (step.kind === 'units' ? step.line : undefined)

/** Whether both are amounts of the same goods. */
const areAlike = (a: Amount, b: Amount): boolean =>
  a.kind === b.kind &&
  a.goods === b.goods &&
  lineOf(a) === lineOf(b) &&
  a.price_from_minor === b.price_from_minor &&
  a.price_to_minor === b.price_to_minor

const withAmount = (step: Amount, amount: number): Amount =>
  step.kind === 'sum' ? { ...step, missing_minor: amount } : { ...step, missing: amount }

/** `all`: the order of who takes each of the amounts by itself; undefined: that is the order that was tried. */
export type Shown = { steps: HintStep[]; all: Order | undefined }

/**
 * Choices as they were made, which conditions may narrow one after another; then the amounts that are missing when they
 * are made, of the same goods the largest; or where all are of the same goods, what was added of them.
 */
export function stepsShown(way: Way, chosen: readonly HintStep[], { situation, usage }: Decision, work: Work): Shown {
  const { promo, steps } = way
  if (steps.length === 1 && chosen.length === 1) return { steps: [...chosen], all: undefined }
  const choices = new Map<string, HintStep>()
  let { order } = situation
  for (const step of chosen) {
    if (isAmount(step)) continue
    choices.set(step.kind === 'code' ? `code ${step.value}` : step.kind, step)
    order = takeChoice(order, step)
  }
  const isSame = choices.size === 0 || promo.late
  const changed = isSame ? undefined : changedSituation(situation, order)
  const left = changed && openSteps(promo, { ...way, situation: changed, usage, work, late: [] })
  const amounts: { step: Amount; of: Step }[] = []
  for (const of of left ?? steps) {
    const step = takeStep(order, of.mending, of.goods)?.step
    if (!step || !isAmount(step)) continue
    const known = amounts.findIndex((one) => areAlike(one.step, step))
    if (known === -1) amounts.push({ step, of })
    else if (amountOf(step) > amountOf(amounts[known]!.step)) amounts[known] = { step, of }
  }
  const added = chosen.filter(isAmount)
  const [only] = amounts
  const isOne = only !== undefined && amounts.length === 1 && added.every((step) => areAlike(step, only.step))
  if (isOne)
    only.step = withAmount(
      only.step,
      added.reduce((sum, step) => sum + amountOf(step), 0),
    )
  // As the promo's conditions stand.
  const placeOf = ({ kind }: HintStep): number => steps.findIndex(({ mending }) => mending.mend.kind === kind)
  const shown = [...choices.values(), ...amounts.map(({ step }) => step)]
  shown.sort((a, b) => placeOf(a) - placeOf(b))
  if (isOne || added.length === 0) return { steps: shown, all: undefined }
  for (const { of } of amounts) order = takeStep(order, of.mending, of.goods)?.order ?? order
  return { steps: shown, all: order }
}
