// What is said of changes, in each language.
import type { Language } from '../languages.ts'

export type ChangeWords = {
  created: (sentence: string) => string
  now: (text: string) => string
  noLonger: (text: string) => string
  also: (text: string) => string
  unlimited: string
  none: string
  always: string
  allGoods: string
  standardHint: string
  noHint: string
  /** Of a field that lists: the same entries at other places. */
  reordered: string
  /** Two ways to write one thing. */
  sameMeaning: string
  codes: (count: number) => string
}

const form = (language: Language, count: number, one: string, few: string, many: string): string => {
  const category = new Intl.PluralRules(language).select(count)
  return `${count} ${category === 'one' ? one : category === 'few' ? few : many}`
}

export const changeWords: Record<Language, ChangeWords> = {
  en: {
    created: (sentence) => `Created: ${sentence}`,
    now: (text) => `now ${text}`,
    noLonger: (text) => `no longer ${text}`,
    also: (text) => `now also ${text}`,
    unlimited: 'without limit',
    none: 'none',
    always: 'always',
    allGoods: 'all goods',
    standardHint: 'made from the config',
    noHint: 'none',
    reordered: 'in another order',
    sameMeaning: 'written differently, means the same',
    codes: (count) => form('en', count, 'code', 'codes', 'codes'),
  },
  pl: {
    created: (sentence) => `Utworzono: ${sentence}`,
    now: (text) => `teraz ${text}`,
    noLonger: (text) => `już nie ${text}`,
    also: (text) => `teraz także ${text}`,
    unlimited: 'bez limitu',
    none: 'brak',
    always: 'zawsze',
    allGoods: 'wszystkie produkty',
    standardHint: 'ułożona z ustawień',
    noHint: 'brak',
    reordered: 'w innej kolejności',
    sameMeaning: 'zapisane inaczej, znaczy to samo',
    codes: (count) => form('pl', count, 'kod', 'kody', 'kodów'),
  },
  uk: {
    created: (sentence) => `Створено: ${sentence}`,
    now: (text) => `тепер ${text}`,
    noLonger: (text) => `більше не ${text}`,
    also: (text) => `тепер також ${text}`,
    unlimited: 'без ліміту',
    none: 'немає',
    always: 'завжди',
    allGoods: 'всі товари',
    standardHint: 'складена з налаштувань',
    noHint: 'немає',
    reordered: 'в іншому порядку',
    sameMeaning: 'записано інакше, означає те саме',
    codes: (count) => form('uk', count, 'код', 'коди', 'кодів'),
  },
}
