// Conditions are put in an order in which each variable is bound before it is needed; what needs none stays as it is.
import { expect, test } from 'vitest'
import { arrangeAll } from '../../lib/rules/arrange.ts'
import { parseRule } from '../../lib/rules/parse.ts'
import { newContext } from '../../lib/rules/parse-context.ts'
import type { Condition } from '../../lib/rules/types.ts'

const whenOf = (when: readonly Condition[]) => parseRule({ name: 'r', when, insert: [{ type: 'hit' }] }, '', {}).when
const context = newContext('A rule', 'invalid_rule', {})
const places = (when: readonly Condition[]): number[] => whenOf(when).parts.map(({ index }) => index)

const a: Condition = { fact: 'a', bind: { x: 'n' } }
const b: Condition = { fact: 'b' }
const c: Condition = { fact: 'c', where: [{ path: 'n', gt: { var: 'x' } }] }
const check: Condition = { test: { var: 'x', gt: 5 } }
const absence: Condition = { not: { fact: 'd', bind: { x: 'n' } } }

test.each<[string, Condition[], number[]]>([
  ['as written, where each is bound in time', [a, b, c], [0, 1, 2]],
  ['what must wait, right after what it waits for', [c, b, a], [1, 2, 0]],
  ['absence, after what binds its variable', [absence, b, a], [1, 2, 0]],
  ['free tests as early as they can be told', [b, a, c, absence, check], [0, 1, 4, 2, 3]],
  ['free tests, as written among each other', [check, { test: { var: 'x', lt: 9 } }, a, b], [2, 0, 1, 3]],
])('%s', (_, when, wanted) => {
  expect(places(when)).toEqual(wanted)
})

test('conditions without variables are not even copied', () => {
  const all = whenOf([b, { test: { value: 1, eq: 1 } }])
  expect(arrangeAll(context, all, 0)).toBe(all)
  expect(all.parts.map(({ index }) => index)).toEqual([0, 1])
})
