// Stands in the page for lib/promos/hints-apart.ts: a preview is of one promotion, whose hint is beside no other.

import type { Language } from '../../lib/base/languages.ts'
import { type HintFacts, hintText, valuesOf } from '../../lib/promos/hint-words.ts'

export const wordHints = (hints: readonly HintFacts[], language: Language, timeZone: string): string[] =>
  hints.map((hint) => hintText(hint, language, () => valuesOf(hint, language, timeZone)))
