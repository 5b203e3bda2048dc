// The words of sentences and hints as the page has them, data made into functions again, beside those of lib/promos.
import { describe, expect, test } from 'vitest'
import { asData } from '../../admin/build/as-data.ts'
import { spoken } from '../../admin/spoken.ts'
import { languages } from '../../lib/base/languages.ts'
import { words as hintTexts } from '../../lib/promos/hint-texts.ts'
import { sentenceWords } from '../../lib/promos/sentences/words.ts'

/** All that the words say, by their place in the table, of these values. */
function said(words: unknown, values: readonly string[], place = ''): [place: string, text: string][] {
  if (typeof words === 'string') return [[place, words]]
  if (typeof words === 'function') return [[place, words(...values)]]
  return Object.entries(words as object).flatMap(([name, entry]) => said(entry, values, `${place}/${name}`))
}

describe.each(languages)('%s', (language) => {
  const own = { sentences: sentenceWords[language], hints: hintTexts[language] }
  const page = spoken(JSON.parse(JSON.stringify(asData(own))))

  // What a function would do otherwise with one value than with another must not be in the words.
  test.each([[['1', '2', '3', '4', '5']], [['', '', '', '', '']], [['{1}', '$&', '"', 'ї', '1']]])(
    'of %j',
    (values) => {
      expect(said(page, values)).toEqual(said(own, values))
    },
  )

  test('there are many of them', () => {
    expect(said(page, []).length).toBeGreaterThan(100)
  })
})
