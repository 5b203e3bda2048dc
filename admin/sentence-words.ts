// Stands in the page for lib/promos/sentences/words.ts (vite.config.ts sees to it): the words of the language that the
// reader has chosen, which come as data with its texts. Whatever asks for a sentence does so after that.
import type { Language } from '../lib/base/languages.ts'
import type { SentenceWords } from '../lib/promos/sentences/words.ts'

export const sentenceWords: { [language in Language]?: SentenceWords } = {}
