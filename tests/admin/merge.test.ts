// Two people changed one promotion: what comes of it is theirs, with what was chosen from mine.
import { expect, test } from 'vitest'
import { fieldChanges, merged, type Side } from '../../admin/editor/merge.ts'

const before = { title: 'a', priority: 1, actions: [{ type: 'percent_off', value: 10 }] }

test('a field that only one of the two changed is proposed from that one; of both, the reader decides', () => {
  const mine = { ...before, title: 'mine', notes: 'n' }
  const theirs = { ...before, title: 'theirs', priority: 2 }
  expect(fieldChanges(before, mine, theirs)).toEqual([
    { field: 'title', by: 'both', proposed: undefined },
    { field: 'priority', by: 'theirs', proposed: 'theirs' },
    { field: 'notes', by: 'mine', proposed: 'mine' },
  ])
})

test('what both changed alike is no question', () => {
  const same = { ...before, title: 'b', actions: [{ value: 10, type: 'percent_off' }] }
  expect(fieldChanges(before, same, { ...before, title: 'b' })).toEqual([])
})

test('a field that one took away is a change like any other', () => {
  const { priority: _, ...without } = before
  expect(fieldChanges(before, without, before)).toEqual([{ field: 'priority', by: 'mine', proposed: 'mine' }])
  expect(merged(without, before, new Map<string, Side>([['priority', 'mine']]))).toEqual(without)
})

test('nothing of theirs goes that was not chosen away', () => {
  const mine = { ...before, title: 'mine', state: 'live' }
  const theirs = { ...before, title: 'theirs', codes: ['A'] }
  const chosen = new Map<string, Side>(Object.entries({ title: 'theirs', state: 'mine' }))
  expect(merged(mine, theirs, chosen)).toEqual({ ...theirs, state: 'live' })
})
