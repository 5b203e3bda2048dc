// The languages that Kram speaks to customers and to the shop's people.
export const languages = ['pl', 'uk', 'en'] as const
export type Language = (typeof languages)[number]

/** How each writes numbers, money and days. */
export const locales: Readonly<Record<Language, string>> = { pl: 'pl-PL', uk: 'uk-UA', en: 'en-GB' }
