// Contract of a table, part three: conditions.
import { expect } from 'vitest'
import type { Condition, Item, WriteOp } from '../../lib/ports/table.ts'
import type { TableContext } from './table.ts'
import { put } from './table-reads.ts'

const ops = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const
type Op = (typeof ops)[number]

// For each pair: which of the operators hold for (stored, wanted).
const comparisons: [stored: Item['x'], wanted: string | number, holds: Op[]][] = [
  [5, 5, ['eq', 'lte', 'gte']],
  [5, 6, ['ne', 'lt', 'lte']],
  [10, 9, ['ne', 'gt', 'gte']],
  [-1, 0, ['ne', 'lt', 'lte']],
  [0, 0, ['eq', 'lte', 'gte']],
  [1.5, 1.25, ['ne', 'gt', 'gte']],
  ['10', '9', ['ne', 'lt', 'lte']],
  ['a', 'a', ['eq', 'lte', 'gte']],
  ['', 'a', ['ne', 'lt', 'lte']],
  ['Z', 'a', ['ne', 'lt', 'lte']],
  ['z', 'ł', ['ne', 'lt', 'lte']],
  ['\uffee', '😀', ['ne', 'lt', 'lte']],
  ['a\u0000', 'a', ['ne', 'gt', 'gte']],
  ['2022-04-24T19:41:07.123Z', '2022-04-24T19:41:07.124Z', ['ne', 'lt', 'lte']],
  // Of different types: not equal, and in no order.
  ['5', 5, ['ne']],
  [5, '5', ['ne']],
  [null, 'null', ['ne']],
  [true, 1, ['ne']],
  [['a'], 'a', ['ne']],
]

export const conditionCases: Record<string, (context: TableContext) => Promise<void>> = {
  'exists and not exists, on every sort of op': async ({ table, fresh }) => {
    const pk = fresh()
    const there = { pk, sk: 'there' }
    const missing = { pk, sk: 'missing' }
    const opsOn = (key: typeof there, condition: Condition): WriteOp[] => [
      { op: 'check', key, if: condition },
      { ...put({ ...key, n: 1 }), if: condition },
      { op: 'count', key, add: { n: 1 }, if: condition },
      { op: 'delete', key, if: condition },
    ]
    for (const [key, exists] of [
      [there, false],
      [missing, true],
    ] as const) {
      for (const op of opsOn(key, { exists })) {
        await table.write([put(there)])
        expect(await table.write([op]), `${op.op} ${key.sk}`).toEqual({ ok: false, failed: [0] })
        expect(await table.get([there, missing])).toEqual([there, undefined])
      }
    }
    for (const [key, exists] of [
      [there, true],
      [missing, false],
    ] as const) {
      for (const op of opsOn(key, { exists })) {
        await table.write([put(there), { op: 'delete', key: missing }])
        expect(await table.write([op]), `${op.op} ${key.sk}`).toEqual({ ok: true })
      }
    }
  },
  'comparisons of numbers, of texts by UTF-8 bytes, and of different types': async ({ table, fresh }) => {
    const pk = fresh()
    for (const [at, [stored, wanted, holding]] of comparisons.entries()) {
      const key = { pk, sk: `${at}` }
      await table.write([put({ ...key, x: stored })])
      const held: Op[] = []
      for (const op of ops) {
        const answer = await table.write([{ op: 'check', key, if: { attribute: 'x', op, value: wanted } }])
        if (answer.ok) held.push(op)
      }
      expect(held, `${JSON.stringify(stored)} with ${JSON.stringify(wanted)}`).toEqual(holding)
    }
  },
  'no comparison holds on a missing item or attribute, unless orAbsent lets it pass': async ({ table, fresh }) => {
    const pk = fresh()
    await table.write([put({ pk, sk: 'there', other: 1 })])
    for (const sk of ['there', 'missing']) {
      for (const op of ops) {
        // `constructor` and `toString` are inherited by every object, and are no attributes.
        for (const attribute of ['x', 'constructor', 'toString', '__proto__']) {
          for (const value of ['', 0]) {
            const check = (orAbsent?: boolean): WriteOp => ({
              op: 'check',
              key: { pk, sk },
              if: { attribute, op, value, ...(orAbsent === undefined ? {} : { orAbsent }) },
            })
            const label = `${sk} ${attribute} ${op}`
            expect(await table.write([check()]), label).toEqual({ ok: false, failed: [0] })
            expect(await table.write([check(true)]), label).toEqual({ ok: true })
          }
        }
      }
    }
  },
  'orAbsent passes only what is absent: a null, or a value out of bounds, is not': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    await table.write([put({ ...key, none: null, n: 5 })])
    const check = (attribute: string): WriteOp => ({
      op: 'check',
      key,
      if: { attribute, op: 'lt', value: 5, orAbsent: true },
    })
    expect(await table.write([check('none')])).toEqual({ ok: false, failed: [0] })
    expect(await table.write([check('n')])).toEqual({ ok: false, failed: [0] })
    expect(await table.write([check('other')])).toEqual({ ok: true })
  },
  'a condition of put and count is on the item as it was before': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    const later = (time: string): WriteOp => ({
      ...put({ ...key, time }),
      if: { attribute: 'time', op: 'lt', value: time, orAbsent: true },
    })
    expect(await table.write([later('2')])).toEqual({ ok: true })
    expect(await table.write([later('2')])).toEqual({ ok: false, failed: [0] })
    expect(await table.write([later('1')])).toEqual({ ok: false, failed: [0] })
    expect(await table.write([later('3')])).toEqual({ ok: true })
    const upTo = (value: number): WriteOp => ({
      op: 'count',
      key,
      add: { n: 1 },
      if: { attribute: 'n', op: 'lt', value, orAbsent: true },
    })
    expect(await table.write([upTo(1)])).toEqual({ ok: true })
    expect(await table.write([upTo(1)])).toEqual({ ok: false, failed: [0] })
    expect(await table.get([key])).toEqual([{ ...key, time: '3', n: 1 }])
  },
}
