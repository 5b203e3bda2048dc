// The contract of lib/ports/table.ts: one suite that every table adapter runs.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Table } from '../../lib/ports/table.ts'
import { contractCases, type Skips } from './contract.ts'
import { conditionCases } from './table-conditions.ts'
import { listingCases } from './table-listing.ts'
import { readCases } from './table-reads.ts'
import { writeCases } from './table-writes.ts'

export type TableContext = {
  table: Table
  /** A pk (or the name of a list) that no other case has; the table may be shared, and hold an earlier run's items. */
  fresh: (name?: string) => string
}

/**
 * Runs the suite on the table that `makeTable` gives, once for all cases. `skip` names cases that this backend cannot
 * meet, each with its reason.
 */
export function tableContract(name: string, makeTable: () => Promise<Table>, { skip }: { skip?: Skips } = {}): void {
  describe(`table contract: ${name}`, () => {
    let table: Table | undefined
    const run = randomUUID().slice(0, 8)
    let made = 0
    beforeAll(async () => {
      table = await makeTable()
    }, 120_000)
    afterAll(() => table?.close())

    const context = (): TableContext => {
      if (!table) throw new Error('the table could not be made')
      return { table, fresh: (text = 'case') => `${text}#${run}-${++made}` }
    }
    contractCases({ ...readCases, ...writeCases, ...conditionCases, ...listingCases })(context, skip)
  })
}
