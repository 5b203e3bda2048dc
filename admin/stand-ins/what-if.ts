// Stands in the page for lib/promos/what-if.ts: a changed cart is decided afresh.
import { gainOf } from '../../lib/promos/apply.ts'
import { type Decision, decideAgain } from '../../lib/promos/decide.ts'
import { worthOf } from '../../lib/promos/outcome.ts'
import type { whatIfOf as WhatIfOf } from '../../lib/promos/what-if.ts'

const worthIn = ({ application, situation }: Decision): number =>
  application.outcomes.reduce((sum, { gain }) => sum + worthOf(gain, situation.standInMinor), 0)

export const whatIfOf: typeof WhatIfOf = (before) => (promo, now, work) => {
  const after = decideAgain(now.order, before, work)
  return after && { gain: gainOf(after.application, promo.rank), betterMinor: worthIn(after) - worthIn(before) }
}
