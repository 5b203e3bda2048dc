// Stands in the page for lib/promos/sentences/words.ts (vite.config.ts sees to it): the words of the language that the
// reader has chosen, fetched with its texts. Whatever asks for a sentence does so after that.
import type { Language } from '../lib/promos/languages.ts'
import type { SentenceWords } from '../lib/promos/sentences/words.ts'

export const sentenceWords: { [language in Language]?: SentenceWords } = {}

const loaders: Record<Language, () => Promise<SentenceWords>> = {
  pl: async () => (await import('../lib/promos/sentences/words-pl.ts')).pl,
  uk: async () => (await import('../lib/promos/sentences/words-uk.ts')).uk,
  en: async () => (await import('../lib/promos/sentences/words-en.ts')).en,
}

export async function loadSentenceWords(language: Language): Promise<void> {
  sentenceWords[language] ??= await loaders[language]()
}
