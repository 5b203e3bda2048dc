// `kram rebuild` on the embedded shop: the log folded into a fresh SQLite file, compared with the table that serves.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createSqliteTable } from '../adapters/table/sqlite.ts'
import { type Comparison, compareTables, type Folded, foldLog, type Projection } from '../app/rebuild.ts'
import { provideDeps } from '../lambda/deps.ts'
import { compilePattern } from '../patterns/compile.ts'
import { toBusEvent } from '../ports/bus-event.ts'
import { loadHandler } from './functions.ts'
import { projectService, readService } from './service.ts'
import { openShop, type ShopOptions } from './shop.ts'

export type Rebuilt = Folded & Comparison & { late_price_count: number; equal_count: number; ok: boolean }

const removeTable = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
}

async function projectionsOf(servicePath: string): Promise<Projection[]> {
  const subscriptions = readService(servicePath).subscriptions.filter(({ takesReplays }) => takesReplays)
  return Promise.all(
    subscriptions.map(async ({ name, pattern }) => {
      const handler = await loadHandler(name)
      const compiled = compilePattern(pattern)
      return {
        name,
        wants: (event) => compiled.matches(toBusEvent(event, 0, 'rebuild')),
        apply: async (event) => {
          await handler(toBusEvent(event, 0, 'rebuild'), { functionName: name, delivery: { replay: true } })
        },
      }
    }),
  )
}

/**
 * Folds the whole log of the shop in `dataDir` into `into` (default: a file that is removed afterwards) and compares.
 * Neither the log nor the shop's table is changed. Nothing may run on the folder meanwhile.
 * @throws KramError conflict `shop_in_use`
 */
export async function rebuild({
  into,
  onProgress,
  ...options
}: ShopOptions & { into?: string; onProgress?: (events: number) => void }): Promise<Rebuilt> {
  const shop = await openShop(options)
  const path = into ?? join(options.dataDir, 'rebuild.sqlite')
  try {
    removeTable(path)
    const table = createSqliteTable({ path })
    try {
      provideDeps({ table })
      const folded = await foldLog(
        shop.bus.archive,
        await projectionsOf(options.servicePath ?? projectService),
        onProgress,
      )
      const comparison = await compareTables(shop.table, table)
      const equal = Object.values(comparison.equal).reduce((sum, count) => sum + count, 0)
      return {
        ...folded,
        ...comparison,
        late_price_count: comparison.late_prices.length,
        equal_count: equal,
        ok: comparison.difference_count === 0,
      }
    } finally {
      await table.close()
      if (into === undefined) removeTable(path)
    }
  } finally {
    await shop.stop()
  }
}
