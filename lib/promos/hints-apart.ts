// Hints beside each other: two that read alike name what they differ in.
import type { Language } from '../base/languages.ts'
import { facetsOfFilter } from './filter-words.ts'
import type { Values } from './hint-template.ts'
import { words } from './hint-texts.ts'
import { type HintFacts, hintText, nameIn, rewardOf, templateOf, valuesOf } from './hint-words.ts'
import type { HintStep } from './mending.ts'
import { type ConditionNode, conditionsOf, type Promo } from './promo.ts'

/** The texts, in the same order. */
export function wordHints(hints: readonly HintFacts[], language: Language, timeZone: string): string[] {
  const texts = hints.map((hint) => hintText(hint, language, () => valuesOf(hint, language, timeZone)))
  if (hints.length < 2 || areUnlike(hints, language)) return texts
  // With numbers alike, so that hints are compared by what else they say.
  const skeletons = hints
    .map(maskedFacts)
    .map((hint) => hintText(hint, language, () => masked(valuesOf(hint, language, timeZone))))
  const alike = Map.groupBy(hints.keys(), (i) => skeletons[i])
  for (const group of alike.values()) {
    if (group.length < 2) continue
    const names = differences(
      group.map((i) => hints[i]!.promo),
      language,
    )
    for (const [k, i] of group.entries()) texts[i] = `${names[k]}: ${texts[i]}`
  }
  return texts
}

// Whether no two sentences can read the same, which is told without writing them anew; what templates say is not known.
function areUnlike(hints: readonly HintFacts[], language: Language): boolean {
  if (hints.some(({ promo }) => templateOf(promo, language) !== undefined)) return false
  const steps = hints.map(({ steps, currency }) => stepsKey(steps, currency, language))
  if (isDistinct(steps)) return true
  const reward = ({ promo, gainMinor, currency }: HintFacts): string =>
    rewardOf(promo, Math.min(gainMinor, 1), currency, language)
  return isDistinct(hints.map((hint, i) => reward(hint) + steps[i]))
}

// Two of them may be said as one, whichever comes first.
function stepsKey(steps: readonly HintStep[], currency: string, language: Language): string {
  const keys = steps.map((step) => `\n${step.kind} ${nameIn(step, currency, language)}`)
  return keys.length === 1 ? keys[0]! : keys.sort().join('')
}

const masked = (values: Values): Values => ({
  ...values,
  ...(values.missing_sum === undefined ? {} : { missing_sum: '#' }),
  ...(values.missing_units === undefined ? {} : { missing_units: '#', units: 5 }),
  ...(values.gain === undefined ? {} : { gain: '#' }),
})

const maskedFacts = (hint: HintFacts): HintFacts => ({
  ...hint,
  gainMinor: Math.min(hint.gainMinor, 1),
  steps: hint.steps.map((step) => {
    if (step.kind === 'sum') return { ...step, missing_minor: 0 }
    return step.kind === 'units' ? { ...step, missing: 0 } : step
  }),
})

/** A name for each, by which they can be told apart: of goods, of conditions, else title or id. */
function differences(promos: readonly Promo[], language: Language): string[] {
  const facets = promos.map(facetsOf)
  const names = new Set(facets.flatMap((own) => [...own.keys()]))
  const told = (own: ReadonlyMap<string, string>, used: readonly string[]): string =>
    used.flatMap((name) => own.get(name) ?? []).join(', ') || words[language].allGoods
  const used: string[] = []
  for (const name of names) {
    const alone = facets.map((own) => told(own, [name]))
    if (isDistinct(alone)) return alone
    if (new Set(alone).size > 1) used.push(name)
    const together = facets.map((own) => told(own, used))
    if (isDistinct(together)) return together
  }
  const titles = promos.map(({ config, id }) => config.title ?? id)
  return isDistinct(titles) ? titles : promos.map(({ id }) => id)
}

const isDistinct = (texts: readonly string[]): boolean => texts.every((text, i) => texts.indexOf(text) === i)

function facetsOf(promo: Promo): Map<string, string> {
  const facets = new Map(promo.filter ? facetsOfFilter(promo.filter) : [])
  const walk = (node: ConditionNode): void => {
    if (node.kind !== 'leaf') return
    const { oneOf } = node.judge
    if (oneOf) facets.set(`/${node.type}`, oneOf.join(' / '))
  }
  for (const node of conditionsOf(promo)) walk(node)
  return facets
}
