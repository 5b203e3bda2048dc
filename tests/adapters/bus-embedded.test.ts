// The embedded bus: the contract.
import { createEmbeddedBus } from '../../lib/adapters/bus/embedded/bus.ts'
import { busContract } from '../contract/bus.ts'
import { temporaryFolder } from '../support/folder.ts'

busContract('embedded', async (subscriptions) => {
  const bus = createEmbeddedBus({
    path: `${temporaryFolder()}/bus.sqlite`,
    clock: { now: Date.now },
    random: { next: () => 0.01 },
    subscriptions,
  })
  return { bus, start: async (invoke) => bus.start(invoke) }
})
