// What `kram reconcile` does and prints.
import { reconcile } from '../app/reconcile.ts'
import { openShop } from '../local/shop.ts'
import { oneLine } from '../shop/print.ts'
import { counted } from './output.ts'

const shown = 10

export async function reconcileShop({ json, dataDir }: { json: boolean; dataDir: string }): Promise<void> {
  const shop = await openShop({ dataDir })
  try {
    const report = await reconcile(shop.table, shop.deps.settings)
    if (report.disagreement_count > 0) process.exitCode = 1
    if (json) return console.log(JSON.stringify(report))
    console.log(
      `${counted(report.orders, 'order', 'orders')}, ${counted(report.purchases, 'purchase', 'purchases')}, ` +
        `${counted(report.counters, 'counter of limits', 'counters of limits')}, stock of ${counted(report.products, 'product', 'products')}, ` +
        `${counted(report.statistics, 'counter of statistics', 'counters of statistics')}`,
    )
    if (report.disagreement_count === 0) return console.log('No difference.')
    console.log(`${counted(report.disagreement_count, 'difference', 'differences')}; the first:`)
    for (const { what, key, expected, actual } of report.disagreements.slice(0, shown)) {
      console.log(`  ${oneLine(`${what} ${key}: ${actual}, should be ${expected}`)}`)
    }
  } finally {
    await shop.stop()
  }
}
