// Two and the third for nothing; a jacket and the scarf at half price. As often as the goods allow.

import * as v from 'valibot'
import { defineAction, type Remedy, type Turn } from '../action.ts'
import {
  checkReward,
  maxMinor,
  percentReward,
  pick,
  repeats,
  repeatsOf,
  rewardArgs,
  rewardOf,
  targets,
} from '../action-kinds.ts'
import { units } from '../args.ts'
import { byPrice, claimUnits, type Pick, type Segment, segmentsOf } from '../claims.ts'
import { nextMultiple, unitsMend, withUnits } from '../condition-kinds.ts'
import { lineOf, type Range } from '../ledger.ts'

export const buyXGetY = defineAction({
  code: 'buy_x_get_y',
  description: 'Who takes x units gets y more for nothing, or at a reward of their own; again and again.',
  args: {
    buy: v.pipe(units(), v.description('Units at full price, of the goods of product_filters')),
    get: v.pipe(units(), v.description('Units with the reward, of the same goods or of targets')),
    ...rewardArgs(),
    pick: pick('cheapest'),
    repeats: repeats(),
    targets: targets(),
    max_minor: maxMinor(),
  },
  check: (args) => checkReward(args, { needed: false }),
  make({ buy, get, pick = 'cheapest', repeats, ...args }) {
    const reward = rewardOf(args) ?? percentReward(100)
    const most = repeatsOf(repeats)
    return {
      stage: 1,
      propose(turn) {
        const segments = rewarded(turn, { buy, get, pick, most })
        return { kind: 'discount', claims: claimUnits(turn.ledger, segments, reward, 'discount') }
      },
      need: (turn) => needOf(turn, { buy, get, most }),
    }
  },
})

const always = (): boolean => true

/** Units that are only bought, only given, or either. */
function countUnits({ ledger, goods, targets }: Turn) {
  let onlyBought = 0
  let onlyGiven = 0
  let either = 0
  // Short cut: by far the most frequent.
  if (goods === targets) {
    for (const line of goods) either += lineOf(ledger, line).quantity
    return { isBought: always, onlyBought, onlyGiven, either }
  }
  const given = new Set(targets)
  const bought = new Set(goods)
  for (const line of bought) {
    if (given.has(line)) either += lineOf(ledger, line).quantity
    else onlyBought += lineOf(ledger, line).quantity
  }
  for (const line of given) if (!bought.has(line)) onlyGiven += lineOf(ledger, line).quantity
  return { isBought: (line: number): boolean => bought.has(line), onlyBought, onlyGiven, either }
}

/**
 * The units that get the reward: no unit is both bought and given, so of those that could be either only as many are
 * given as the bought ones can spare.
 */
function rewarded(
  turn: Turn,
  { buy, get, pick, most }: { buy: number; get: number; pick: Pick; most: number },
): Segment[] {
  const { isBought, onlyBought, onlyGiven, either } = countUnits(turn)
  const times = Math.min(
    most,
    Math.floor((onlyBought + either) / buy),
    Math.floor((onlyGiven + either) / get),
    Math.floor((onlyBought + either + onlyGiven) / (buy + get)),
  )
  // Short cut
  if (times === 0) return []
  let left = times * get
  let spare = onlyBought + either - times * buy
  const free: (Range & { line: number })[] = []
  for (const line of byPrice(turn.ledger, turn.targets, pick)) {
    const { quantity } = lineOf(turn.ledger, line)
    const count = Math.min(left, isBought(line) ? Math.min(quantity, spare) : quantity)
    if (count > 0) free.push({ line, from: 0, count })
    if (isBought(line)) spare -= count
    left -= count
  }
  return segmentsOf(free)
}

function needOf(turn: Turn, { buy, get, most }: { buy: number; get: number; most: number }) {
  const { onlyBought, onlyGiven, either } = countUnits(turn)
  if (either > 0 || turn.targets === turn.goods) {
    return withUnits(nextMultiple(onlyBought + either + onlyGiven, buy + get, most))
  }
  // Different goods are bought and given: whichever is short, or both.
  const times = Math.floor(onlyBought / buy)
  const isGivenShort = times > Math.floor(onlyGiven / get)
  const judgement = isGivenShort ? nextMultiple(onlyGiven, get, most) : nextMultiple(onlyBought, buy, most)
  const next = Math.min(times, Math.floor(onlyGiven / get)) + 1
  const remedies: Remedy[] = [
    { mend: unitsMend, missing: next * buy - onlyBought, of: 'goods' },
    { mend: unitsMend, missing: next * get - onlyGiven, of: 'targets' },
  ]
  return { ...judgement, remedies: remedies.filter(({ missing }) => missing > 0) }
}
