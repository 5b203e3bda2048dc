// Templates of hints: text with placeholders from a fixed list, so that a typo is found when the promo is saved.
import type { Issue } from '../base/errors.ts'
import type { Language } from '../base/languages.ts'
import { pluralForm } from './words.ts'

const placeholders = [
  'missing_sum',
  'missing_units',
  'delivery',
  'payment',
  'channel',
  'code',
  'goods',
  'reward',
  'gain',
  'title',
  'finish',
] as const

export type Placeholder = (typeof placeholders)[number]
const isPlaceholder = (name: string): name is Placeholder => placeholders.some((known) => known === name)

const slot = /\{([^{}]*)\}/g

/** Those that a template names, each once. */
export function placeholdersIn(text: string): Placeholder[] {
  const names = [...text.matchAll(slot)].map(([, inside = '']) => inside.split(':')[0] ?? '')
  return [...new Set(names.filter(isPlaceholder))]
}

/** Faults of a template: placeholders that there are none of, braces that do not close, forms that are too few. */
export function checkTemplate(text: string, pointer: string, language?: string): Issue[] {
  const issues: Issue[] = []
  for (const [, inside = ''] of text.matchAll(slot)) {
    const [name = '', forms] = inside.split(':')
    if (!isPlaceholder(name)) {
      const known = placeholders.join('}, {')
      issues.push({ pointer, message: `names {${inside.slice(0, 40)}}, which does not exist; there are {${known}}` })
    } else if (forms !== undefined) {
      const message = checkForms(name, forms.split('|').length, language)
      if (message) issues.push({ pointer, message })
    }
  }
  if (/[{}]/.test(text.replaceAll(slot, ''))) issues.push({ pointer, message: 'has a brace without its partner' })
  return issues
}

function checkForms(name: Placeholder, count: number, language: string | undefined): string | undefined {
  if (name !== 'missing_units') return `gives {${name}} forms, but only {missing_units} counts something`
  const wanted = language === 'en' ? 2 : 3
  if (count === wanted || (language === undefined && count === 2)) return undefined
  return `must give {missing_units} ${wanted} forms, such as ${wanted === 2 ? 'item|items' : 'sztuka|sztuki|sztuk'}`
}

/** Rendered values; without one, a template that names the placeholder has nothing to say. */
export type Values = { [Name in Placeholder]?: string } & { units?: number }

/** The text, or undefined when it names a placeholder that has no value now. */
export function renderTemplate(template: string, values: Values, language: Language): string | undefined {
  let complete = true
  const text = template.replaceAll(slot, (_, inside: string) => {
    const [name = '', forms] = inside.split(':')
    if (forms !== undefined && values.units !== undefined) return nounOf(forms.split('|'), values.units, language)
    const value = isPlaceholder(name) ? values[name] : undefined
    if (value === undefined) complete = false
    return value ?? ''
  })
  return complete ? text : undefined
}

function nounOf(forms: readonly string[], units: number, language: Language): string {
  const [one = '', few = one, many = few] = forms
  return { one, few, many }[pluralForm(units, language)]
}
