// Placeholders of a promo's hint that never have a value: the template then has nothing to say, and customers read the
// sentence that is made of the steps.
import { goodsText } from './filter-words.ts'
import { type Placeholder, placeholdersIn } from './hint-template.ts'
import { type ConditionNode, conditionsOf, type Promo } from './promo.ts'

/** Each with its place in the config. */
export function hintGaps(promo: Promo): { pointer: string; placeholder: Placeholder }[] {
  const { hint } = promo.config
  if (hint === undefined || hint === false) return []
  const texts = typeof hint === 'string' ? [['', hint]] : Object.entries(hint).map(([name, text]) => [`/${name}`, text])
  const lacking = lackingIn(promo)
  return texts.flatMap(([step, text]) =>
    placeholdersIn(text ?? '')
      .filter((placeholder) => lacking.has(placeholder))
      .map((placeholder) => ({ pointer: `/hint${step}`, placeholder })),
  )
}

function lackingIn(promo: Promo): Set<Placeholder> {
  const { config, codes, filter, window } = promo
  const steps = new Set(conditionsOf(promo).flatMap(stepsOf))
  // What an action lacks is told by its turn.
  const mayNeed = promo.actions.some(({ act }) => act.need !== undefined)
  const lacking = new Set<Placeholder>()
  const unless = (has: boolean, placeholder: Placeholder): void => {
    if (!has) lacking.add(placeholder)
  }
  unless(mayNeed || steps.has('sum'), 'missing_sum')
  unless(mayNeed || steps.has('units'), 'missing_units')
  for (const choice of ['delivery', 'payment', 'channel'] as const) unless(steps.has(choice), choice)
  unless(codes !== undefined || steps.has('code'), 'code')
  unless(goodsText(filter) !== '', 'goods')
  unless(config.title !== undefined, 'title')
  unless(Number.isFinite(window.finishMs), 'finish')
  return lacking
}

/** Kinds of steps that may be said of the condition, or of one nested in it. */
function stepsOf(node: ConditionNode): string[] {
  if (node.kind === 'leaf') return node.judge.mend ? [node.judge.mend.kind] : []
  return node.kind === 'not' ? [] : node.parts.flatMap(stepsOf)
}
