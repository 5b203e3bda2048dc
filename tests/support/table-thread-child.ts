// A process that writes much at once on the table at the given path, until a thread writes for it, and then has nothing
// more to do. With `exits` it says so. Arguments: path, how.
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { watchThread } from './table-thread.ts'

const [path = '', how] = process.argv.slice(2)
const thread = watchThread()
const table = createSqliteTable({ path })
await thread.started(table)
const writes = Array.from({ length: 200 }, (_, n) => table.write([{ op: 'put', item: { pk: 'a', sk: `${n}` } }]))
await Promise.all(writes)
console.log('written')
if (how === 'exits') process.exit(0)
