// Publishes and handles many events and prints, after each tenth of them, the heap in use after a collection and the
// resident memory, in MB. A process of its own (node --expose-gc). Argument: how many events.
import { openBus, openTable, project, purchases, withFolder } from './setup.ts'

const count = Number(process.argv[2] ?? 100_000)
const batch = 500
const ahead = 4_000

await withFolder(async (folder) => {
  const table = openTable(folder)
  const bus = openBus(folder)
  const handle = project(table)
  let handled = 0
  bus.start(async (name, event) => {
    await handle(name, event)
    handled++
  })
  const samples: { events: number; heapMb: number; rssMb: number }[] = []
  for (let sent = 0; sent < count; ) {
    await bus.publish(purchases(batch, sent))
    sent += batch
    while (sent - handled > ahead) await new Promise((resolve) => setTimeout(resolve, 5))
    if (sent % (count / 10) !== 0) continue
    await bus.idle()
    globalThis.gc?.()
    const { heapUsed, rss } = process.memoryUsage()
    samples.push({ events: handled, heapMb: heapUsed / 1e6, rssMb: rss / 1e6 })
  }
  console.log(JSON.stringify(samples))
  await bus.close()
  await table.close()
})
