// A process that fills the table at the given path until it can grow no more; exits with 0 when that was told as
// `unavailable`, reads still worked, and a small write could be tried again. Arguments: path, how many at once.

import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { KramError } from '../../lib/base/errors.ts'
import { watchThread } from './table-thread.ts'

// The signal of a file beyond its limit; without it the write fails, as on a full disk.
process.on('SIGXFSZ', () => {})

const [path = '', atOnce = '1'] = process.argv.slice(2)
const thread = watchThread()
const table = createSqliteTable({ path })
const text = 'x'.repeat(50_000)

const write = (n: number, text: string) =>
  table.write([
    { op: 'put', item: { pk: `${n}`, sk: 'mark' } },
    { op: 'put', item: { pk: `${n}`, sk: 'text', text } },
  ])

// As small as they are, many at once start the thread that writes large groups.
if (Number(atOnce) > 1) await thread.started(table)
for (let n = 0; n < 200; n += Number(atOnce)) {
  const writing = Array.from({ length: Number(atOnce) }, (_, at) => write(n + at, text))
  const failed = (await Promise.allSettled(writing)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  if (failed.length === 0) continue
  const told = failed.every((error) => error instanceof KramError && error.kind === 'unavailable')
  const [first] = await table.get([{ pk: '0', sk: 'mark' }])
  process.exit(told && first !== undefined ? 0 : 2)
}
process.exit(3)
