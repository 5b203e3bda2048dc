// The table at rest as the shop's own tools see it: `kram reconcile` finds that its parts agree, `kram rebuild` makes it
// again from the log alone.

import { defaultSettings } from '../../lib/app/deps.ts'
import { compareTables, type Projection } from '../../lib/app/rebuild.ts'
import { toInstant } from '../../lib/base/time.ts'
import { compilePattern } from '../../lib/patterns/compile.ts'
import type { Archive, BusEvent, Envelope } from '../../lib/ports/bus.ts'
import { calmTable, createMemoryStore } from './memory-store.ts'
import type { SimShop } from './shop.ts'

/** Orders, documents, counters and stock agree, where nothing waits and nobody made an order's purchases up. */
export async function checkReconciled({ world, store, parts }: SimShop): Promise<void> {
  const { disagreement_count, disagreements } = await parts.reconcile(calmTable(store), defaultSettings)
  if (disagreement_count > 0) world.fail(`reconcile: ${JSON.stringify(disagreements)}`)
}

/** What the log folds into is what the table holds; a price that came late is named as such. */
export async function checkRebuilt({ world, store, bus, parts, router, calmDeps }: SimShop): Promise<void> {
  const fresh = createMemoryStore()
  const deps = calmDeps(calmTable(fresh))
  const archive: Archive = {
    async *read({ pattern }) {
      const compiled = pattern && compilePattern(pattern)
      for (const { event, takenAtMs } of bus.log) {
        if (!compiled || compiled.matches(event)) yield { event: event.detail, takenAt: toInstant(takenAtMs) }
      }
    },
  }
  const replayed = new Map(
    bus.log.map(({ event }) => [event.detail, Object.freeze({ ...event, 'replay-name': 'rebuild' })]),
  )
  const asReplayed = (event: Envelope): BusEvent => {
    const found = replayed.get(event)
    if (!found) throw new Error('the log has no such event')
    return found
  }
  const projections = Object.entries(parts.handlers).map(
    ([name, handle]): Projection => ({
      name,
      wants: (event) => router.route(asReplayed(event)).includes(name),
      apply: async (event) => void (await handle(deps, asReplayed(event), { replay: true })),
    }),
  )
  await parts.foldLog(archive, projections)
  const { difference_count, differences } = await compareTables(calmTable(store), calmTable(fresh))
  if (difference_count > 0) world.fail(`a rebuild makes another table: ${JSON.stringify(differences)}`)
}
