// Numbers as people type them, and as their language writes them. Pure.
import type { Language } from '../../lib/base/languages.ts'

// `1,299.50`, `1.299,50`, `1,299,000`; alone, `1,299` may be either, and the checks refuse such an amount.
const grouped = /^-?\d{1,3}([.,])\d{3}((\1\d{3})+|(\1\d{3})*(?!\1)[.,]\d*)$/

/** What somebody typed, as a number where it reads as one (a comma is a point too, its unit may follow), else as it is. */
export function readNumber(text: string, scale = 1, unit = ''): number | string | undefined {
  const bare = text.trim()
  if (bare === '') return undefined
  // Spaces between thousands too: `1 299,50`.
  const joined = (bare.endsWith(unit) ? bare.slice(0, bare.length - unit.length).trim() : bare).replace(
    /\s(?=\d{3}(?!\d))/g,
    '',
  )
  const mark = grouped.exec(joined)?.[1]
  const plain = (mark ? joined.replaceAll(mark, '') : joined).replace(',', '.')
  if (!/^-?\d+(?:\.\d*)?$/.test(plain)) return text
  // 19.99 * 100 is not 1999 in binary fractions.
  return scale === 1 ? Number(plain) : Math.round(Number(plain) * scale)
}

/** With the decimal mark of the language; what is no number stays as it is. */
export function shownNumber(value: unknown, scale: number, language: Language): string {
  if (value === undefined) return ''
  if (typeof value !== 'number') return String(value)
  const text = String(value / scale)
  return language === 'en' ? text : text.replace('.', ',')
}
