// The simulator's table is a table: it runs the suite that SQLite and DynamoDB run.
import type { Table } from '../../lib/ports/table.ts'
import { tableContract } from '../contract/table.ts'
import { createMemoryStore } from './memory-store.ts'

function memoryTable(): Table {
  const store = createMemoryStore()
  return {
    // The simulator's own copies nothing: what goes in and out is frozen.
    get: async (keys) => structuredClone(store.get(keys)),
    query: async (query) => structuredClone(store.query(query)),
    list: async (query) => store.list(query),
    write: async (ops) => store.write(structuredClone(ops)),
    async *scan({ prefix } = {}) {
      yield* structuredClone(store.scan(prefix))
    },
    close: async () => {},
  }
}

tableContract('in memory, of the simulator', async () => memoryTable())
