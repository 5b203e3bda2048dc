// A process that fills the table at the given path until it can grow no more; exits with 0 when that was told as
// `unavailable`, reads still worked, and a small write could be tried again. Argument: path.

import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { KramError } from '../../lib/base/errors.ts'

// The signal of a file beyond its limit; without it the write fails, as on a full disk.
process.on('SIGXFSZ', () => {})

const [path = ''] = process.argv.slice(2)
const table = createSqliteTable({ path })
const text = 'x'.repeat(50_000)

for (let n = 0; n < 200; n++) {
  try {
    await table.write([
      { op: 'put', item: { pk: `${n}`, sk: 'mark' } },
      { op: 'put', item: { pk: `${n}`, sk: 'text', text } },
    ])
  } catch (error) {
    const told = error instanceof KramError && error.kind === 'unavailable'
    const [first] = await table.get([{ pk: '0', sk: 'mark' }])
    process.exit(told && first !== undefined ? 0 : 2)
  }
}
process.exit(3)
