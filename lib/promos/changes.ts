// What changed between two configs of a promo, in words: for history, diff, and the conflict of two editors.
import type { JsonValue } from '../base/json.ts'
import { sameJson } from '../base/json-diff.ts'
import type { ActionConfig } from './actions.ts'
import type { ConditionConfig } from './conditions.ts'
import { type PromoConfig, promoSchema } from './config.ts'
import type { Filter } from './filter-schema.ts'
import { labels } from './labels.ts'
import { type SentenceOptions, sentence, type Uses, windowTexts } from './sentence.ts'
import { actionText } from './sentences/actions.ts'
import type { ChangeWords } from './sentences/change-words.ts'
import { conditionText } from './sentences/conditions.ts'
import { goodsText } from './sentences/goods.ts'
import { formOf, joined, minorText, money, type Telling } from './sentences/telling.ts'
import { sentenceWords } from './sentences/words.ts'

type Field = keyof PromoConfig

/** A config that was saved, or nothing: before the first version there was none. */
type Before = PromoConfig | Record<string, never>

type Speaking = Telling & { own: ChangeWords; options: SentenceOptions }

/**
 * One sentence for each change, in the order of the form; none for configs that are the same. From nothing (`{}`) to a
 * first version it is one sentence that tells the whole. Both configs have passed the schema.
 */
export function changesInWords(before: Before, after: PromoConfig, options: SentenceOptions): string[] {
  const { language, currency } = options
  const words = sentenceWords[language]
  const own = words.changes
  if (Object.keys(before).length === 0) return [own.created(sentence(after, options))]
  const speaking = { words, language, currency: after.currency ?? currency, own, options }
  const older = before as PromoConfig
  return (Object.keys(promoSchema.entries) as Field[]).flatMap((field) => {
    if (same(older[field], after[field])) return []
    const { label } = labels[language].fields[field]
    const told = changesOf(field, older, after, speaking)
    return (told.length === 0 ? [own.sameMeaning] : told).map((text) => `${label}: ${text}`)
  })
}

// Configs are JSON; what is left out is undefined.
const same = (a: unknown, b: unknown): boolean =>
  a === undefined || b === undefined ? a === b : sameJson(a as JsonValue, b as JsonValue)

const arrow = (from: string, to: string): string[] => (from === to ? [] : [`${from} → ${to}`])

function changesOf(field: Field, before: PromoConfig, after: PromoConfig, speaking: Speaking): string[] {
  switch (field) {
    case 'order_filters':
      return listChanges(
        before.order_filters ?? [],
        after.order_filters ?? [],
        (one) => conditionIn(one, speaking),
        speaking,
      )
    case 'actions':
      return [...listChanges(before.actions, after.actions, (one) => actionIn(one, speaking), speaking)]
    case 'codes':
      return codeChanges(before.codes ?? [], after.codes ?? [], speaking)
    case 'limits':
      return limitChanges(before.limits ?? {}, after.limits ?? {}, speaking)
    default:
      return arrow(textOf(field, before, speaking), textOf(field, after, speaking))
  }
}

const quoted = (text: string | undefined, { own, words }: Speaking): string =>
  text === undefined ? own.none : words.quote(text)

function textOf(field: Field, config: PromoConfig, speaking: Speaking): string {
  const { own, words, language } = speaking
  switch (field) {
    case 'state':
      return labels[language].values[config.state ?? 'draft']
    case 'exclusive':
    case 'stop':
      return config[field] ? words.yes : words.no
    case 'priority':
      return String(config.priority ?? 0)
    case 'product_filters':
    case 'targets':
      // Without goods of its own a discount is on those of the promo.
      if (config[field] === undefined) return words[field === 'targets' ? 'theseGoods' : 'allGoods'].plain
      return goodsText(config[field] as Filter, speaking).plain
    case 'start':
    case 'finish':
    case 'recurrence':
      return windowTexts(config, speaking, speaking.options.timeZone)[field] ?? own.always
    case 'hint':
      return hintText(config, speaking)
    case 'currency':
    case 'time_zone':
      return config[field] ?? own.none
    case 'id':
    case 'title':
    case 'group':
    case 'notes':
      return quoted(config[field], speaking)
    default:
      return JSON.stringify(config[field])
  }
}

function hintText({ hint }: PromoConfig, { own, words }: Speaking): string {
  if (hint === undefined) return own.standardHint
  if (hint === false) return own.noHint
  if (typeof hint === 'string') return words.quote(hint)
  return Object.entries(hint)
    .map(([language, text]) => `${language} ${words.quote(String(text))}`)
    .join(', ')
}

const conditionIn = (config: ConditionConfig, speaking: Speaking): string =>
  conditionText(config, { ...speaking, own: () => speaking.words.theseGoods })

const actionIn = (config: ActionConfig, speaking: Speaking): string => {
  const { theseGoods } = speaking.words
  const goods = (targets: Filter | undefined) => (targets ? goodsText(targets, speaking) : theseGoods)
  const given = (targets: Filter | undefined) => targets && goodsText(targets, speaking)
  return actionText(config, { ...speaking, goods, given, own: () => theseGoods })
}

/** Entries that came, went, or became another of their kind at the same place. */
function listChanges<Entry extends object>(
  before: readonly Entry[],
  after: readonly Entry[],
  tell: (entry: Entry) => string,
  { own }: Speaking,
): string[] {
  const left = [...after]
  const gone: Entry[] = []
  for (const entry of before) {
    const at = left.findIndex((other) => same(entry, other))
    if (at >= 0) left.splice(at, 1)
    else gone.push(entry)
  }
  if (gone.length === 0 && left.length === 0) return same(before, after) ? [] : [own.reordered]
  const changes: string[] = []
  for (const entry of gone) {
    const type = typeOf(entry)
    const at = left.findIndex((other) => type !== undefined && typeOf(other) === type)
    const [other] = at < 0 ? [] : left.splice(at, 1)
    if (other === undefined) changes.push(own.noLonger(tell(entry)))
    else
      changes.push(
        ...(arrow(tell(entry), tell(other)).length === 0 ? [own.sameMeaning] : arrow(tell(entry), tell(other))),
      )
  }
  return [...changes, ...left.map((entry) => own.also(tell(entry)))]
}

const typeOf = (entry: object): string | undefined =>
  'type' in entry && typeof entry.type === 'string' ? entry.type : undefined

/** More codes than this are counted, not named. */
const namedCodes = 5

function codeChanges(
  before: readonly string[],
  after: readonly string[],
  { own, words, language }: Speaking,
): string[] {
  const tell = (codes: readonly string[]): string =>
    codes.length > namedCodes
      ? `${codes.length} ${formOf(codes.length, own.codes, language)}`
      : joined([...codes], words.and)
  const gone = before.filter((code) => !after.includes(code))
  const added = after.filter((code) => !before.includes(code))
  if (gone.length === 0 && added.length === 0) return [own.reordered]
  return [
    ...(gone.length === 0 ? [] : [own.noLonger(tell(gone))]),
    ...(added.length === 0 ? [] : [own.also(tell(added))]),
  ]
}

type Limits = NonNullable<PromoConfig['limits']>

function limitChanges(before: Limits, after: Limits, speaking: Speaking): string[] {
  const { own, words, language } = speaking
  const names = labels[language].arguments
  const number = (value: number | undefined): string => (value === undefined ? own.unlimited : String(value))
  const change = (label: string, from: string, to: string): string[] =>
    arrow(from, to).map((text) => `${label} ${text}`)
  const budget = ({ budget: units, budget_minor: minor }: Limits): string => {
    if (units !== undefined) return money(units, speaking)
    return minor === undefined ? own.unlimited : minorText(minor, speaking)
  }
  const uses = (from: Uses, to: Uses, prefix: string): string[] => [
    ...change(`${prefix}${names.uses.label}`, number(from.uses), number(to.uses)),
    ...change(`${prefix}${names.customer_uses.label}`, number(from.customer_uses), number(to.customer_uses)),
  ]
  const codes = new Set([...Object.keys(before.codes ?? {}), ...Object.keys(after.codes ?? {})])
  return [
    ...uses(before, after, ''),
    ...change(names.budget.label, budget(before), budget(after)),
    ...uses(before.each_code ?? {}, after.each_code ?? {}, `${names.each_code.label}, `),
    ...[...codes].flatMap((code) =>
      uses(before.codes?.[code] ?? {}, after.codes?.[code] ?? {}, `${words.quote(code)}, `),
    ),
  ]
}
