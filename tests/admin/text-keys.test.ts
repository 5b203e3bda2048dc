// Texts that code names in whole are asked for by short keys in the page as it is built.
import { expect, test } from 'vitest'
import { textKeys } from '../../admin/build/text-keys.ts'
import english from '../../admin/texts/en.json' with { type: 'json' }

const { messages: _, ...texts } = english
const { inCode, inTexts } = textKeys(Object.keys(texts), 'admin')
const made = inTexts(texts)

test('every text is there under one key or two, in code and in texts the same', () => {
  for (const [key, text] of Object.entries(texts)) {
    const named = /^'(.*)'$/.exec(inCode(`'${key}'`))?.[1]
    expect(made[named ?? ''], key).toBe(text)
    expect(inCode(`"${key}"`)).toBe(`"${named}"`)
  }
})

test('a text whose name is put together keeps it', () => {
  expect(made['nav.list']).toBe(texts['nav.list'])
  expect(made['standing.live']).toBe(texts['standing.live'])
  expect(inCode("t('calendar.earlier')")).toMatch(/^t\('\d+'\)$/)
  expect(made['calendar.earlier']).toBeUndefined()
})

test('other texts of code stay as they are', () => {
  const source = "import x from './a.b.ts'; const y = ['kram.language', 'title', 'calendar.none of it']"
  expect(inCode(source)).toBe(source)
})
