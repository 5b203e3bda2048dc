// What `kram reconcile` does and prints.
import { type Discarded, reconcile } from '../app/reconcile.ts'
import { openShop } from '../local/shop.ts'
import type { DeadLetters } from '../ports/bus.ts'
import { oneLine } from '../shop/print.ts'
import { mustHaveShop } from './existing-shop.ts'
import { counted, waitingText } from './output.ts'

const shown = 10

async function discardedOf(deadLetters: DeadLetters): Promise<Discarded[]> {
  const discarded: Discarded[] = []
  let after: string | undefined
  do {
    const page = await deadLetters.list(after === undefined ? {} : { after })
    discarded.push(...page.items.filter((letter) => letter.discarded !== undefined))
    after = page.next
  } while (after !== undefined)
  return discarded
}

export async function reconcileShop({ json, dataDir }: { json: boolean; dataDir: string }): Promise<void> {
  mustHaveShop(dataDir)
  const shop = await openShop({ dataDir })
  try {
    const report = await reconcile(shop.table, shop.deps.settings, await discardedOf(shop.bus.deadLetters))
    if (report.disagreement_count > 0) process.exitCode = 1
    if (json) return console.log(JSON.stringify(report))
    console.log(
      `${counted(report.orders, 'order', 'orders')}, ${counted(report.purchases, 'purchase', 'purchases')}, ` +
        `${counted(report.counters, 'counter of limits', 'counters of limits')}, stock of ${counted(report.products, 'product', 'products')}, ` +
        `${counted(report.statistics, 'counter of statistics', 'counters of statistics')}`,
    )
    if (report.discarded > 0) {
      console.log(`${counted(report.discarded, 'purchase was', 'purchases were')} discarded: kram events dead-letters`)
    }
    const waiting = waitingText(report.waiting)
    if (waiting !== undefined) console.log(waiting)
    if (report.disagreement_count === 0) return console.log('No difference.')
    console.log(`${counted(report.disagreement_count, 'difference', 'differences')}; the first:`)
    for (const { what, key, expected, actual } of report.disagreements.slice(0, shown)) {
      console.log(`  ${oneLine(`${what} ${key}: ${actual}, should be ${expected}`)}`)
    }
  } finally {
    await shop.stop()
  }
}
