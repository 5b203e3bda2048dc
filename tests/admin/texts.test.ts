// The page's texts: the same in three languages, and every sentence of the checks has its words in each.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { opening } from '../../admin/build/lean.ts'
import { languages } from '../../lib/base/languages.ts'

type Texts = { [key: string]: string | [pattern: string, words: string][] }

const read = (language: string): Texts => JSON.parse(readFileSync(`admin/texts/${language}.json`, 'utf8'))
const english = read('en')
const patternsOf = ({ messages }: Texts): string[] => (Array.isArray(messages) ? messages.map(([first]) => first) : [])
const slots = (text: unknown): string[] => [...String(text).matchAll(/\{\w+\}/g)].map(([slot]) => slot).sort()

describe('each language has the same texts, with the same slots', () => {
  for (const language of languages) {
    test(language, () => {
      const own = read(language)
      expect(Object.keys(own)).toEqual(Object.keys(english))
      for (const [key, text] of Object.entries(own)) {
        if (key === 'messages') continue
        expect([key, slots(text)]).toEqual([key, slots(english[key])])
        expect(String(text).trim(), key).not.toBe('')
      }
      expect(patternsOf(own)).toEqual(patternsOf(english))
    })
  }
})

test('every text is used', () => {
  const source = readdirSync('admin', { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => readFileSync(`admin/${path}`, 'utf8'))
    .join('\n')
  const named = new Set([...source.matchAll(/['`"]([a-zA-Z][\w.]*)(?:['`"]|\$\{)/g)].map(([, name]) => name))
  const unused = Object.keys(english).filter((key) => {
    const stem = key.replace(/\.(?:one|few|many)$/, '')
    const parent = key.slice(0, key.lastIndexOf('.') + 1)
    const grandparent = parent.slice(0, parent.slice(0, -1).lastIndexOf('.') + 1)
    return key !== 'messages' && ![key, stem, parent, grandparent].some((name) => name !== '' && named.has(name))
  })
  expect(unused).toEqual([])
})

/** What the checks may say, as it stands in their source; a computed part reads as 7. */
function sentencesOfChecks(): string[] {
  const source = ['lib/promos', 'lib/promos/conditions', 'lib/promos/actions']
    .flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`))
    // Orders and usage come from programs, not from the form.
    .filter((path) => path.endsWith('.ts') && !/\/(?:evaluate|validate|order-schema)\.ts$/.test(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
  const literals = [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(
    ([, plain, template]) => plain ?? (template ?? '').replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '7'),
  )
  return literals.filter((text) => opening.test(text))
}

test('whatever a check says has its words', () => {
  const patterns = patternsOf(english).map((pattern) => new RegExp(`^${pattern}$`))
  const sentences = sentencesOfChecks()
  expect(sentences.length).toBeGreaterThan(80)
  expect(sentences.filter((text) => !patterns.some((pattern) => pattern.test(text)))).toEqual([])
})
