// The SQLite table and its slow twin: the same contract, and the same answers to the same random calls.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyOf } from '../../lib/adapters/table/checks.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import type { Condition, Item, Key, ListQuery, Query, Table, WriteOp } from '../../lib/ports/table.ts'
import { tableContract } from '../contract/table.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createSlowTable } from '../support/slow-table.ts'
import { watchThread } from '../support/table-thread.ts'

tableContract('the slow twin', async () => createSlowTable())

// Few of each, so that random calls meet.
const pk = fc.constantFrom('a', 'b', '\uffee')
const sk = fc.constantFrom('x', 'x#1', 'x#2', 'y', '😀', '\uffee', 'x#\u{10ffff}')
const key: fc.Arbitrary<Key> = fc.record({ pk, sk })
const name = fc.constantFrom('n', 'm', 'constructor', '__proto__')
const value = fc.constantFrom<string | number>(0, 1, 5, -3, '', '1', 'a', '😀')
const attributes = fc.array(fc.tuple(name, fc.oneof(value, fc.constantFrom(null, true))), { maxLength: 3 })
const item: fc.Arbitrary<Item> = fc
  .tuple(key, attributes)
  .map(([at, pairs]) => ({ ...at, ...Object.fromEntries(pairs) }))
const optional = <Name extends string, T>(field: Name, arbitrary: fc.Arbitrary<T>) =>
  fc
    .option(arbitrary, { nil: undefined })
    .map((one) => (one === undefined ? {} : ({ [field]: one } as Record<Name, T>)))

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ exists: fc.boolean() }),
  fc
    .tuple(
      name,
      fc.constantFrom('eq' as const, 'ne', 'lt', 'lte', 'gt', 'gte'),
      value,
      optional('orAbsent', fc.boolean()),
    )
    .map(([attribute, op, than, orAbsent]) => ({ attribute, op, value: than, ...orAbsent })),
)
const listing = fc.record({ name: fc.constantFrom('one', 'two'), sort: sk })
const bounds = fc.record({ n: fc.integer({ min: -4, max: 6 }) })
const op: fc.Arbitrary<WriteOp> = fc.oneof(
  fc
    .tuple(item, optional('list', listing), optional('if', condition))
    .map(([one, list, when]) => ({ op: 'put' as const, item: one, ...list, ...when })),
  fc
    .tuple(
      key,
      fc.integer({ min: -3, max: 3 }),
      optional('atMost', bounds),
      optional('atLeast', bounds),
      optional('if', condition),
    )
    .map(([at, by, most, least, when]) => ({
      op: 'count' as const,
      key: at,
      add: { n: by },
      ...most,
      ...least,
      ...when,
    })),
  fc.tuple(key, optional('if', condition)).map(([at, when]) => ({ op: 'delete' as const, key: at, ...when })),
  fc.tuple(key, condition).map(([at, when]) => ({ op: 'check' as const, key: at, if: when })),
)
const keyText = (one: WriteOp): string =>
  JSON.stringify(one.op === 'put' ? [one.item.pk, one.item.sk] : [one.key.pk, one.key.sk])
const ops = fc.uniqueArray(op, { maxLength: 5, selector: keyText })
const limit = optional('limit', fc.integer({ min: 1, max: 4 }))
const range = fc.tuple(optional('from', sk), optional('to', sk)).map(([from, to]) => ({ ...from, ...to }))
const query: fc.Arbitrary<Query> = fc
  .tuple(pk, fc.oneof(range, optional('prefix', sk)), optional('reverse', fc.boolean()), limit)
  .map(([at, where, reverse, size]) => ({ pk: at, ...where, ...reverse, ...size }))
const listQuery: fc.Arbitrary<ListQuery> = fc
  .tuple(fc.constantFrom('one', 'two'), range, limit)
  .map(([list, where, size]) => ({ name: list, ...where, ...size }))

type Call = (table: Table) => Promise<unknown>

/** All pages, with what each page held. */
async function pages<T extends { next?: string }>(read: (after: object) => Promise<T>): Promise<T[]> {
  const all = [await read({})]
  for (let next = all[0]?.next; next !== undefined; next = all.at(-1)?.next) all.push(await read({ after: next }))
  return all
}

const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 5,
    arbitrary: ops.map(
      (some): Call =>
        (table) =>
          table.write(some),
    ),
  },
  // At the same time: one after the other, in the order of the calls.
  {
    weight: 2,
    arbitrary: fc.array(ops, { maxLength: 4 }).map(
      (many): Call =>
        (table) =>
          Promise.allSettled(many.map((some) => table.write(some))),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(key, { maxLength: 4 }).map(
      (keys): Call =>
        (table) =>
          table.get(keys),
    ),
  },
  {
    weight: 2,
    arbitrary: query.map(
      (one): Call =>
        (table) =>
          pages((after) => table.query({ ...one, ...after })),
    ),
  },
  {
    weight: 2,
    arbitrary: listQuery.map(
      (one): Call =>
        (table) =>
          pages((after) => table.list({ ...one, ...after })),
    ),
  },
  {
    weight: 1,
    arbitrary: optional('prefix', pk).map(
      (one): Call =>
        (table) =>
          Array.fromAsync(table.scan(one)),
    ),
  },
)

/** The answer or error as text: `__proto__` is a name like any other there. */
const answerOf = async (table: Table, one: Call): Promise<string> =>
  one(table).then(
    (answer) => JSON.stringify(answer, (_key, part) => (part instanceof Error ? `${part}` : part)),
    (error) => JSON.stringify(`${error}`),
  )

/** Attributes in the order of their names: an item has no order of its own. */
const sorted = (text: string): unknown =>
  JSON.parse(text, (_key, part) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))
      : part,
  )

it('answers random calls as its slow twin does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 25 }), async (calls) => {
      const table = createSqliteTable({ path: ':memory:' })
      const twin = createSlowTable()
      for (const one of calls) {
        const [answer, expected] = [await answerOf(table, one), await answerOf(twin, one)]
        if (answer !== expected) expect(sorted(answer)).toEqual(sorted(expected))
      }
      await table.close()
    }),
    { seed: 20220424, numRuns: 400 },
  )
})

it('answers many writes at once as its slow twin does, while a thread writes', async () => {
  const path = `${temporaryFolder()}/table.sqlite`
  const thread = watchThread()
  const table = createSqliteTable({ path })
  const twin = createSlowTable()
  await thread.started(table)
  for (const item of await Array.fromAsync(table.scan())) await twin.write([{ op: 'put', item }])
  await fc.assert(
    fc.asyncProperty(fc.array(ops, { minLength: 16, maxLength: 80 }), listQuery, async (many, listed) => {
      const calls: Call[] = [
        (one) => Promise.allSettled(many.map((some) => one.write(some))),
        (one) => Array.fromAsync(one.scan()),
        (one) => one.get(many.flatMap((some) => some.map(keyOf))),
        (one) => pages((after) => one.list({ ...listed, ...after })),
      ]
      for (const one of calls) {
        const [answer, expected] = [await answerOf(table, one), await answerOf(twin, one)]
        if (answer !== expected) expect(sorted(answer)).toEqual(sorted(expected))
      }
    }),
    { seed: 20220424, numRuns: 60 },
  )
  // Groups that the thread has written, and those that it could not, since a row was there already.
  expect(thread.answers.filter((kept) => kept).length).toBeGreaterThan(10)
  expect(thread.answers.filter((kept) => !kept).length).toBeGreaterThan(3)
  await table.close()
})
