// Numbers as people of each language type and read them: nothing that can be read in one way only is refused.
import { describe, expect, test } from 'vitest'
import { readNumber, shownNumber } from '../../admin/editor/numbers.ts'

describe('what reads as a number is one', () => {
  const cases: [typed: string, value: number][] = [
    ['500', 500],
    [' 12,5 ', 12.5],
    ['12.', 12],
    ['-3', -3],
    ['1 299,50', 1299.5],
    ['1\u00a0299,50', 1299.5],
    ['1\u202f299\u202f000', 1_299_000],
    ['1,299.50', 1299.5],
    ['1.299,50', 1299.5],
    ['1,299,000', 1_299_000],
    ['-1.299.000,5', -1_299_000.5],
  ]
  for (const [typed, value] of cases) test(JSON.stringify(typed), () => expect(readNumber(typed)).toBe(value))

  test('with its own unit behind it', () => {
    expect(readNumber('12,5 %', 1, '%')).toBe(12.5)
    expect(readNumber('1 299,50 PLN', 100, 'PLN')).toBe(129_950)
  })
})

describe('what does not, stays as it is', () => {
  const cases = ['many', '5 %', '1 29', '12 34 567', '1,299.500,00', '1,29,000', '1.2.3', '1 2', '--1', '%']
  for (const typed of cases) test(typed, () => expect(readNumber(typed)).toBe(typed))

  test('nothing is no number', () => expect(readNumber(' ')).toBeUndefined())
})

test('one mark alone is the decimal one, so that what may be thousands is refused as too fine an amount', () => {
  expect(readNumber('1,299')).toBe(1.299)
  expect(readNumber('1.299')).toBe(1.299)
})

test('what is shown has the decimal mark of the language, and reads as what it was', () => {
  expect(shownNumber(1299.5, 1, 'pl')).toBe('1299,5')
  expect(shownNumber(129_950, 100, 'uk')).toBe('1299,5')
  expect(shownNumber(1299.5, 1, 'en')).toBe('1299.5')
  expect(shownNumber('many', 1, 'pl')).toBe('many')
  expect(shownNumber(undefined, 1, 'pl')).toBe('')
  expect(readNumber(shownNumber(129_950, 100, 'pl'), 100)).toBe(129_950)
})
