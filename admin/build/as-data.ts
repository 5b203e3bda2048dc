// Words that lib/promos has as functions, as data that goes into the page's files of texts: `admin/spoken.ts` makes
// functions of them again. For vite.config.ts.

/** A text, with `{0}` in place of what its function is given first; or a list or table of such. */
export type AsData = string | readonly AsData[] | { readonly [name: string]: AsData }

// More than any function takes.
const places = ['{0}', '{1}', '{2}', '{3}', '{4}']

export function asData(words: unknown): AsData {
  if (typeof words === 'string') return words
  if (typeof words === 'function') return String(words(...places))
  if (Array.isArray(words)) return words.map(asData)
  return Object.fromEntries(Object.entries(words as object).map(([name, entry]) => [name, asData(entry)]))
}
