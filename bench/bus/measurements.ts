// What is measured of the embedded bus; each answers figures of one fresh run.
import {
  allPurchases,
  openBus,
  openTable,
  project,
  purchases,
  quantile,
  secondsOf,
  subscriptionTo,
  withFolder,
} from './setup.ts'

/** Events published a second, in batches of `batch`, by so many publishers that each wait for their answer. */
export const publishing = (batch: number, batches: number, publishers: number): Promise<number> =>
  withFolder(async (folder) => {
    const bus = openBus(folder)
    const all = Array.from({ length: batches }, (_, n) => purchases(batch, n * batch))
    const lane = async () => {
      for (let events = all.pop(); events; events = all.pop()) {
        const { rejected } = await bus.publish(events)
        if (rejected.length > 0) throw new Error(rejected[0]?.message)
      }
    }
    const seconds = await secondsOf(() => Promise.all(Array.from({ length: publishers }, lane)))
    await bus.close()
    return (batch * batches) / seconds
  })

export type EndToEnd = { perSecond: number; p50Ms: number; p99Ms: number }

/**
 * Events published and handled a second, through a handler that writes the table. With `rate`, batches are published
 * when that many events a second are due; without, as fast as the publisher is answered. Times are from the call of
 * publish to the end of the handler.
 */
export const endToEnd = (count: number, { batch, rate }: { batch: number; rate?: number }): Promise<EndToEnd> =>
  withFolder(async (folder) => {
    const table = openTable(folder)
    const bus = openBus(folder)
    const publishedAt = new Map<string, number>()
    const waits: number[] = []
    const handle = project(table)
    bus.start(async (name, event) => {
      await handle(name, event)
      waits.push(performance.now() - (publishedAt.get(event.detail.id) ?? Number.NaN))
    })
    const startedMs = performance.now()
    for (let sent = 0; sent < count; sent += batch) {
      const events = purchases(batch, sent)
      const aheadMs = rate === undefined ? 0 : (sent / rate) * 1_000 - (performance.now() - startedMs)
      if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs))
      const now = performance.now()
      for (const { id } of events) publishedAt.set(id, now)
      const publishing = bus.publish(events)
      if (rate === undefined) await publishing
    }
    while (waits.length < count) await bus.idle()
    const seconds = (performance.now() - startedMs) / 1_000
    await bus.close()
    await table.close()
    waits.sort((a, b) => a - b)
    return { perSecond: count / seconds, p50Ms: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99) }
  })

/** Waiting events delivered in a second of CPU beside so many subscriptions, of which one gets each event. */
export const fanning = (count: number, subscriptions: number): Promise<number> =>
  withFolder(async (folder) => {
    const others = Array.from({ length: subscriptions - 1 }, (_, n) =>
      subscriptionTo(`other-${n}`, {
        'detail-type': ['customer_buys_product'],
        detail: { data: { product_id: [`other_${n}`], quantity: [{ numeric: ['>', n] }] } },
      }),
    )
    const bus = openBus(folder, [allPurchases, ...others])
    for (let sent = 0; sent < count; sent += 5_000) await bus.publish(purchases(Math.min(5_000, count - sent), sent))
    let handled = 0
    const before = process.cpuUsage()
    bus.start(async () => {
      handled++
    })
    await bus.idle()
    const { user, system } = process.cpuUsage(before)
    if (handled !== count) throw new Error(`${handled} of ${count} events were handled`)
    await bus.close()
    return count / ((user + system) / 1e6)
  })

/** Events a second that a replay sends. */
export const replaying = (count: number): Promise<number> =>
  withFolder(async (folder) => {
    const bus = openBus(folder)
    for (let sent = 0; sent < count; sent += 5_000) await bus.publish(purchases(Math.min(5_000, count - sent), sent))
    bus.start(async () => {})
    await bus.idle()
    const seconds = await secondsOf(async () => {
      await bus.replay({ from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' })
      await bus.idle()
    })
    await bus.close()
    return count / seconds
  })
