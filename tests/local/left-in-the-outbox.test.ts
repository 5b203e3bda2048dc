// What a killed process left in the outbox is sent by the next start at once, not by the sweeper a minute later.
import '../support/quiet.ts'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { catalog } from '../../events/catalog.ts'
import { makeEvent } from '../../events/event.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { storeCustomer } from '../../lib/app/store-customer.ts'
import { openShop } from '../../lib/local/shop.ts'
import { temporaryFolder } from '../support/folder.ts'
import { itemsOf } from '../support/test-shop.ts'

test.for([
  { name: 'a moment old', aheadMs: 0 },
  { name: 'ahead of the clock', aheadMs: 240_000 },
])('an outbox item that is $name is sent at the start', async ({ aheadMs }) => {
  const dataDir = temporaryFolder()
  // Without a relay, as a process that dies between the commit and the relay.
  const table = createSqliteTable({ path: join(dataDir, 'table.sqlite') })
  const time = new Date(Date.now() + aheadMs).toISOString()
  const anna = { id: 'c1', first_name: 'Anna', last_name: 'Świgoń', address: 'plac 1\n12-612 Dąbrowa Górnicza' }
  await storeCustomer(
    { table, clock: { now: () => Date.now() } },
    makeEvent(catalog.new_customer, anna, { id: 'e1', time }),
    {},
  )
  await table.close()
  const shop = await openShop({ dataDir })
  try {
    expect(await itemsOf(shop.table, 'outbox#')).toHaveLength(1)
    await shop.start()
    expect(await itemsOf(shop.table, 'outbox#')).toEqual([])
  } finally {
    await shop.stop()
  }
})
