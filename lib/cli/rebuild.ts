// What `kram rebuild` does and prints.
import { minorToText } from '../base/money.ts'
import { silenceLogs } from '../lambda/log.ts'
import type { Rebuilt } from '../local/rebuild.ts'
import { mustHaveShop } from './existing-shop.ts'
import { counted, waitingText } from './output.ts'

type Options = { into?: string; json: boolean; dataDir: string }

const howText = { missing: 'not in the log', extra: 'in the log, not in the table', different: 'not the same' } as const

function* reportLines(report: Rebuilt): Generator<string> {
  yield `${counted(report.events, 'event', 'events')} folded`
  for (const [kind, count] of Object.entries(report.equal)) yield `  ${kind}: ${count} equal`
  if (report.late_price_count > 0) {
    yield `${counted(report.late_price_count, 'purchase', 'purchases')} at a late price: the price event came after them`
    for (const { key, live_minor, rebuilt_minor } of report.late_prices.slice(0, 10)) {
      yield `  ${key}: bought for ${minorToText(live_minor)}, by the log ${minorToText(rebuilt_minor)}`
    }
  }
  if (report.unhandled.length > 0) {
    yield `${counted(report.unhandled.length, 'delivery', 'deliveries')} that no projection could handle`
    for (const { event_id, subscription, code } of report.unhandled.slice(0, 10)) {
      yield `  ${event_id} -> ${subscription}: ${code}`
    }
  }
  const waiting = waitingText(report.waiting)
  if (waiting !== undefined) yield waiting
  if (report.ok) yield 'No difference.'
  else yield `${counted(report.difference_count, 'difference', 'differences')}; the first:`
  for (const { key, how, fields } of report.differences.slice(0, 10)) {
    yield `  ${key}: ${howText[how]}${fields.length > 0 ? ` (${fields.join(', ')})` : ''}`
  }
}

export async function rebuildShop({ into, json, dataDir }: Options): Promise<void> {
  mustHaveShop(dataDir)
  // The functions log each event that they handle, on standard output.
  silenceLogs()
  const { rebuild } = await import('../local/rebuild.ts')
  const watched = process.stderr.isTTY && !json
  let events = 0
  const report = await rebuild({
    dataDir,
    ...(into !== undefined && { into }),
    ...(watched && {
      onProgress: (more) => {
        events += more
        process.stderr.write(`\r${events} events`)
      },
    }),
  })
  if (watched) process.stderr.write('\r\u001b[K')
  if (json) console.log(JSON.stringify(report))
  else for (const line of reportLines(report)) console.log(line)
  if (!report.ok) process.exitCode = 1
}
