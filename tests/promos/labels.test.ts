// Everything in a promo's config has a name in each language; the lists are compared with the schema.
import { expect, test } from 'vitest'
import { languages } from '../../lib/base/languages.ts'
import { actions } from '../../lib/promos/actions.ts'
import { conditions } from '../../lib/promos/conditions.ts'
import { promoSchema, states } from '../../lib/promos/config.ts'
import { argumentNames, type Labels, labels } from '../../lib/promos/labels.ts'
import { weekdays } from '../../lib/promos/window.ts'

const sorted = (names: Iterable<string>): string[] => [...names].sort()

/** Every text of a table with its place. */
function* texts(value: unknown, place = ''): Generator<[place: string, text: string]> {
  if (typeof value === 'string') yield [place, value]
  else for (const [name, inner] of Object.entries(value ?? {})) yield* texts(inner, `${place}/${name}`)
}

test.each(languages)('%s names every field, condition and action that there is, and no other', (language) => {
  const own: Labels = labels[language]
  expect(sorted(Object.keys(own.fields))).toEqual(sorted(Object.keys(promoSchema.entries)))
  expect(sorted(Object.keys(own.conditions))).toEqual(sorted(Object.keys(conditions)))
  expect(sorted(Object.keys(own.actions))).toEqual(sorted(Object.keys(actions)))
  expect(sorted(Object.keys(own.arguments))).toEqual(sorted(argumentNames))
  for (const name of [...states, ...weekdays]) expect(own.values).toHaveProperty(name)
})

test('every argument of every kind has a name', () => {
  const known = new Set<string>(argumentNames)
  const used = [...Object.values(actions), ...Object.values(conditions)].flatMap(({ args }) => Object.keys(args))
  expect(used.filter((name) => !known.has(name))).toEqual([])
})

test('what a kind calls its value, it calls so in each language', () => {
  const [first, ...others] = languages.map((language) => sorted(Object.keys(labels[language].values_of)))
  for (const other of others) expect(other).toEqual(first)
  const kinds: { [kind: string]: { args: object } } = { ...actions, ...conditions }
  for (const kind of first ?? []) expect(kinds[kind]?.args).toHaveProperty('value')
})

test.each(languages)(
  '%s: labels are short, help is one or two sentences, nothing is empty or left in English',
  (language) => {
    for (const [place, text] of texts(labels[language])) {
      expect(text.trim(), place).toBe(text)
      expect(text.length, place).toBeGreaterThan(1)
      if (place.endsWith('/help')) expect(text, place).toMatch(/[.!]$/)
      else expect(text.length, place).toBeLessThan(40)
    }
    if (language === 'uk') {
      const latin = [...texts(labels.uk)].filter(([, text]) => /[A-Za-z]{2}/.test(text.replace(/SKU/g, '')))
      expect(latin).toEqual([])
    }
    const english = new Map(texts(labels.en))
    if (language !== 'en') {
      const same = [...texts(labels[language])].filter(([place, text]) => english.get(place) === text)
      // "Test" and "Tester" are the same word in Polish.
      expect(same.map(([place]) => place)).toEqual(
        language === 'pl' ? ['/conditions/tester/label', '/actions/voucher/label', '/values/test'] : [],
      )
    }
  },
)
