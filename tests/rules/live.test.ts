// What is live is kept by the day: the same for all of a day, a few days at once, and right however far away the time is.
import { expect, test } from 'vitest'
import { compileRules } from '../../lib/rules/compile.ts'
import { type Live, Lives } from '../../lib/rules/live.ts'
import { fromBytes } from '../../lib/rules/snapshot.ts'

const day = 86_400_000
const rules = [
  {
    name: 'tomorrow',
    when: [{ fact: 'now', where: [{ path: 'at', gte: day, lt: 2 * day }] }],
    insert: [{ type: 'hit' }],
  },
  { name: 'always', when: [], insert: [{ type: 'hit' }] },
]
const { program } = fromBytes(compileRules(rules).toBytes())
const rulesOf = ({ view }: Live): number[] => Array.from(view.unindexed)

test.each([0, 1, -1, 19_000, -700_000])('day %d is one, from its first millisecond to its last', (number) => {
  const lives = new Lives(program)
  const start = number * day
  const live = lives.at(start + day / 2)
  expect([live.from, live.until]).toEqual([start, start + day])
  for (const time of [start, start + 0.5, start + day - 1]) expect(lives.at(time)).toBe(live)
  for (const time of [start - 1, start + day]) expect(lives.at(time)).not.toBe(live)
  const first = new Lives(program).at(start)
  expect([first.from, first.until]).toEqual([start, start + day])
})

test('rules of other days are left out, and all with a window where no time is known', () => {
  const lives = new Lives(program)
  expect([0, day, 2 * day, Number.NaN].map((time) => rulesOf(lives.at(time)))).toEqual([[1], [0, 1], [1], [1]])
})

test('four days are kept, the latest made, and what needs no time', () => {
  const lives = new Lives(program)
  const timeless = lives.at(Number.NaN)
  const days = [0, 1, 2, 3].map((number) => lives.at(number * day))
  for (const number of [0, 3, 1, 2]) expect(lives.at(number * day)).toBe(days[number])
  const fifth = lives.at(4 * day)
  for (const number of [1, 2, 3]) expect(lives.at(number * day)).toBe(days[number])
  expect(lives.at(4 * day)).toBe(fifth)
  expect(lives.at(0)).not.toBe(days[0])
  expect(lives.at(Number.NaN)).toBe(timeless)
})

test('where days are no longer told apart, each time is by itself', () => {
  for (const time of [
    day * 2 ** 60,
    95_770_800_415_555_190_000,
    2 ** 80,
    -(2 ** 80),
    1e300,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
  ]) {
    const lives = new Lives(program)
    const live = lives.at(time)
    expect([live.from <= time, time < live.until, lives.at(time) === live]).toEqual([true, true, true])
    expect(rulesOf(live)).toEqual([1])
  }
})
