// What the placeholders of hints stand for, in words for docs/promos.md.
import type { Placeholder } from './hint-template.ts'

export const placeholderTexts: Record<Placeholder, string> = {
  missing_sum: 'the money that is still missing: "30 zł"',
  missing_units: 'the units that are still missing: "2"; {missing_units:sztuka|sztuki|sztuk} is the noun for so many',
  delivery: 'the delivery to choose',
  payment: 'the payment to choose',
  channel: 'where to order',
  code: 'a code of the promo',
  goods: 'the goods that it is about, as its filter names them: "Puma Shorts"',
  reward: 'what the customer gets: "free delivery"',
  gain: 'how much cheaper it gets: "50 zł"',
  title: "the promo's title",
  finish: 'the last day of the promo',
}
