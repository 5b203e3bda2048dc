// A group of writes that was decided first and then written in one go leaves the rows that it leaves one by one.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDecidedRows, packRows, writePacked } from '../../lib/adapters/table/decided-rows.ts'
import { type NamedKey, namedKey } from '../../lib/adapters/table/named-key.ts'
import { openTableFile } from '../../lib/adapters/table/sqlite-file.ts'
import { createRows, type Rows } from '../../lib/adapters/table/sqlite-rows.ts'
import type { Listing } from '../../lib/ports/table.ts'

type Step = { act: 'put' | 'insert' | 'count' | 'delete' | 'find'; key: NamedKey; n: number; list: Listing | undefined }

// Few keys, so that steps meet; of two alphabets, since lengths are counted in UTF-16.
const key = fc
  .record({ pk: fc.constantFrom('a', 'ż'), sk: fc.constantFrom('x', '😀', 'xy') })
  .map((pair): NamedKey => namedKey(pair))
const list = fc.option(fc.record({ name: fc.constantFrom('one', 'дві'), sort: fc.constantFrom('1', '😀') }), {
  nil: undefined,
})
const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('put' as const, 'insert', 'count', 'delete', 'find'),
  key,
  n: fc.integer({ min: 0, max: 9 }),
  list,
})

/** What an insert answers and a read finds. */
function take(rows: Rows, { act, key: at, n, list: listing }: Step): unknown {
  const body = JSON.stringify({ n, text: 'Kraków 😀'.slice(0, n) })
  switch (act) {
    case 'put':
      return rows.put(at, body, listing)
    case 'insert':
      return rows.insert(at, body, listing)
    case 'count':
      return rows.count(at, { pk: at.pk, sk: at.sk, n }, JSON.stringify({ n }))
    case 'delete':
      return rows.delete(at)
    case 'find':
      return rows.find(at)?.n
  }
}

function open(before: readonly Step[]) {
  const { db, statements } = openTableFile(':memory:')
  const rows = createRows(statements)
  rows.refresh()
  for (const one of before) take(rows, one)
  const all = () => db.prepare('SELECT pk, sk, body, list, list_sort FROM items').all()
  return { db, statements, rows, all }
}

it('writes what one by one would be written, or says that it cannot', () => {
  let decidable = 0
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), fc.array(step, { maxLength: 8 }), (before, steps) => {
      const [oneByOne, atOnce] = [open(before), open(before)]
      const answers = steps.map((one) => take(oneByOne.rows, one))
      const stored = atOnce.all()
      const decided = createDecidedRows(atOnce.rows)
      let decidedAnswers: unknown[] | undefined
      try {
        decidedAnswers = steps.map((one) => take(decided, one))
      } catch {
        // A row that must be new and is gone again.
      }
      expect(atOnce.all()).toEqual(stored)
      if (decidedAnswers) {
        const isWritten = writePacked(atOnce.statements, packRows(decided.all()))
        // What it believed of new rows was wrong, and the writing must tell.
        if (JSON.stringify(decidedAnswers) !== JSON.stringify(answers)) expect(isWritten).toBe(false)
        if (isWritten) {
          decidable++
          expect(atOnce.all()).toEqual(oneByOne.all())
        }
      }
      oneByOne.db.close()
      atOnce.db.close()
    }),
    { seed: 20220424, numRuns: 500 },
  )
  expect(decidable).toBeGreaterThan(100)
})
