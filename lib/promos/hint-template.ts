// Templates of hints: text with placeholders from a fixed list, so that a typo is found when the promo is saved.
import type { Issue } from '../base/errors.ts'

export const placeholders = ['missing_sum', 'missing_units', 'delivery', 'payment', 'code', 'reward', 'title'] as const

/** Faults of a template: placeholders that there are none of. */
export function checkTemplate(text: string, pointer: string): Issue[] {
  const known: readonly string[] = placeholders
  return [...text.matchAll(/\{([^{}]*)\}/g)].flatMap(([, name = '']) =>
    known.includes(name.split(':')[0] ?? '')
      ? []
      : [{ pointer, message: `names {${name}}, which there is not: there are {${placeholders.join('}, {')}}` }],
  )
}
