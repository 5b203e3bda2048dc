// The simulated shop put together: shared stores, processes with their ports, the bus with the real handlers, the relay,
// the schedules, and the people who use it.
import type { KramEvent } from '../../events/catalog.ts'
import { contentHash } from '../../lib/app/content-hash.ts'
import { KramError } from '../../lib/base/errors.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import { toInstant, toMs } from '../../lib/base/time.ts'
import type { Router } from '../../lib/patterns/compile.ts'
import type { Subscription } from '../../lib/ports/bus.ts'
import type { Item, Table } from '../../lib/ports/table.ts'
import type { Action } from './actions.ts'
import type { FaultPlan } from './faults.ts'
import { frozen } from './json.ts'
import type { Discarded } from './keeper-requests.ts'
import { type Change, calmTable, createMemoryStore } from './memory-store.ts'
import { createModelBus, type QueuedFailure } from './model-bus.ts'
import { createOracle } from './oracle.ts'
import type { Parts, SimDeps } from './parts.ts'
import { createPeople } from './people.ts'
import { portsOf, type Shared } from './ports.ts'
import type { Rng } from './random.ts'
import { beginning } from './script.ts'
import { type Outcome, type Process, World } from './world.ts'

export type ShopOptions = {
  rng: Rng
  kind: 'embedded' | 'eventbridge'
  faults: FaultPlan
  parts: Parts
  subscriptions: readonly Subscription[]
  router: Router
  trace?: string[]
}

export type SimShop = ReturnType<typeof createShop>

const minuteMs = 60_000
const streamTries = 3

/** How often the queue of failures tells of one late, or twice, in one schedule. */
const tempers = [
  { late: 0, twice: 0 },
  { late: 0.5, twice: 0.6 },
  { late: 0, twice: 0.9 },
]

export function createShop({ rng, kind, faults, parts, subscriptions, router, trace }: ShopOptions) {
  const shared = { world: undefined, store: undefined, bus: undefined } as unknown as Shared
  const world = new World<SimDeps>({
    rng,
    faults,
    nowMs: toMs(beginning) + 6_000,
    makeDeps: (process) => portsOf(process, shared),
    ...(trace && { trace }),
  })
  const fail = (text: string): void => world.fail(text)
  const oracle = createOracle({
    fail,
    step: () => world.step,
    store: () => store,
    onBus: (id) => bus.has(id),
  })
  const store = createMemoryStore((changes) => {
    oracle.observe(changes)
    relay(changes, world.caller)
  })
  const bus = createModelBus<SimDeps>({
    world,
    kind,
    router,
    handlers: parts.handlers,
    subscriptions,
    alsoReplayed: parts.alsoReplayed,
    onBegin: (running) => {
      oracle.learn(running.event.detail)
      return oracle.begin(running)
    },
    onFailure: ({ subscription, event, error }) => {
      const { id } = event.detail
      const isRefused = error instanceof KramError && error.kind === 'invalid'
      if (isRefused && !poisoned.has(id)) fail(`${subscription} refused ${id}: ${error.message}`)
    },
    onQueued: (failure) => {
      if (rng.chance(temper.twice)) tellLate(rng.chance(0.5) ? failure : { ...failure, id: `${failure.id}-again` })
      if (rng.chance(temper.late)) return tellLate(failure)
      queue.push(failure)
      world.later(() => 'receive from the queue', receive, { afterMs: rng.below(2_000) })
    },
    // What is told late comes when it is least wanted: as a letter of it may just have been handled, and goes.
    onCalled: (name, { detail }, ok) => {
      if (!ok && rng.chance(0.7)) return
      for (const failure of late)
        if (failure.subscription === name && failure.event.detail.id === detail.id) tellNow(failure)
    },
  })
  const queue: QueuedFailure[] = []
  const late = new Set<QueuedFailure>()
  const temper = rng.pick(tempers)
  const discarded: Discarded = { letters: new Set(), aside: new Map() }
  const poisoned = new Set<string>()
  const acknowledged = new Set<string>()
  /** What people mean by an id: the hashes of what they say under it. */
  const meant = new Map<string, Set<string>>()
  Object.assign(shared, {
    world,
    store,
    bus,
    objects: { objects: new Map(), etags: 0 },
    onPut: oracle.promos.onPut,
    startFunction: () => redriveDue(),
  } satisfies Shared)
  world.populate(rng.pick([1, 2, 2, 3, 3]), () => (rng.chance(0.3) ? rng.below(240_000) - 120_000 : 0))

  /** The ports of a process to which nothing happens, over another table. */
  function calmDeps(table: Table): SimDeps {
    const deps = undefined as unknown as SimDeps
    return { ...portsOf({ name: 'calm', alive: true, skewMs: 0, deps, running: new Set() }, shared), table }
  }

  /** What a commit put into the outbox goes to the relay: in the same process, or through the table's stream. */
  function relay(changes: readonly Change[], by: Process<SimDeps> | undefined) {
    const put = changes.filter(({ op, key }) => op.op === 'put' && key.pk.startsWith('outbox#'))
    if (put.length === 0) return
    const items = put.map(({ after }) => after as Item)
    const fault = world.faultAt('relay', () => 'the relay')
    if (fault === 'throw') return
    const afterMs = fault === 'slow' ? rng.below(90_000) : 0
    const start = kind === 'embedded' ? () => relayItems(items, by) : () => relayRecords(items, 1)
    for (let copies = fault === 'duplicate' ? 2 : 1; copies > 0; copies--)
      world.later(() => 'relay', start, { afterMs })
  }

  function relayItems(items: Item[], by: Process<SimDeps> | undefined): void {
    if (by?.alive) world.invoke((deps) => parts.relayOutbox(deps, items), ignored('relay'), by)
  }

  function relayRecords(items: Item[], attempt: number) {
    const Records = items.map(({ pk, sk }, i) => ({
      eventName: 'INSERT',
      dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: String(i) },
    }))
    const again = (left: Item[]): void => {
      if (left.length > 0 && attempt <= streamTries) {
        world.later(
          () => 'stream again',
          () => relayRecords(left, attempt + 1),
          { afterMs: 1_000 },
        )
      }
    }
    world.invoke(
      (deps) => parts.relayStream(deps, { Records }),
      (outcome) => {
        if (!outcome.ok) return again(items)
        again(outcome.value.batchItemFailures.map(({ itemIdentifier }) => items[Number(itemIdentifier)] as Item))
      },
    )
  }

  /** A fault of our own code is found at once; everything else the caller bears. */
  const ignored =
    (what: string) =>
    (outcome: Outcome<unknown>): void => {
      if (!outcome.ok && !(outcome.error instanceof KramError)) fail(`${what} threw ${(outcome.error as Error)?.stack}`)
    }

  /** Somebody sends again what is due; then, or a minute later, the queue tells of it. */
  function tellLate(failure: QueuedFailure): void {
    late.add(failure)
    world.later(() => 'redrive', redriveDue, { afterMs: 60_000 + rng.below(600_000) })
    world.later(
      () => 'tell of a failure late',
      () => tellNow(failure),
      { afterMs: 720_000 },
    )
  }

  function tellNow(failure: QueuedFailure): void {
    if (!late.delete(failure)) return
    queue.push(failure)
    world.later(() => 'receive from the queue', receive, { afterMs: rng.below(rng.pick([6, 12])) })
  }

  /** EventBridge: failed events that wait in the queue are recorded in the table, or stay in the queue. */
  function receive() {
    const fault = world.faultAt('queue', () => 'the queue')
    if (fault === 'slow') {
      world.later(() => 'receive from the queue', receive, { afterMs: 60_000 })
      return
    }
    const batch = queue.splice(0, 10)
    if (batch.length === 0) return
    const back = (failed: QueuedFailure[]): void => {
      if (failed.length === 0) return
      queue.push(...failed)
      world.later(() => 'receive from the queue', receive, { afterMs: 30_000 })
    }
    if (fault === 'duplicate') back(batch)
    world.invoke(
      (deps) => recordBatch(deps, batch),
      (outcome) => back(outcome.ok ? outcome.value : batch),
    )
    if (fault === 'crash_before') world.crash(world.anyProcess())
  }

  async function recordBatch(deps: SimDeps, batch: readonly QueuedFailure[]): Promise<QueuedFailure[]> {
    const failed: QueuedFailure[] = []
    for (const message of batch) {
      try {
        await parts.recordFailed(deps, {
          ...bus.readFailure(message.error),
          subscription: message.subscription,
          event: message.event as unknown as JsonObject,
          tries: 3,
          failedAt: toInstant(message.failedAtMs),
          toldBy: message.id,
        })
      } catch {
        failed.push(message)
      }
    }
    return failed
  }

  function redriveDue(): void {
    if (kind !== 'eventbridge') return
    world.invoke((deps) => parts.redriveDue({ ...deps, readFailure: bus.readFailure }), ignored('redrive'))
  }

  /** What was said, and handled, before the schedule began: as if it came from a replay, of which nobody is told. */
  async function give(events: readonly KramEvent[]): Promise<void> {
    for (const said of events) {
      const { event } = bus.give(frozen(said))
      oracle.learn(event.detail)
      for (const name of router.route({ ...event, 'replay-name': 'given' })) {
        const end = oracle.begin({ subscription: name, event, replay: true, began: world.step })
        await parts.handlers[name]?.(calmDeps(calmTable(store)), event, { replay: true })
        end()
      }
    }
  }

  const perform = createPeople({
    ...{ world, kind, store, bus, oracle, parts, acknowledged, discarded, ignored },
  })

  const everyMinute = (): void => {
    world.invoke((deps) => parts.sweepOutbox(deps), ignored('sweep'))
    world.invoke((deps) => parts.reloadPromos(deps), ignored('reload'))
    redriveDue()
    world.later(() => 'schedules', everyMinute, { afterMs: minuteMs, background: true })
  }
  world.later(() => 'schedules', everyMinute, { afterMs: rng.below(minuteMs), background: true })

  return {
    ...{ world, kind, store, bus, oracle, queue, discarded, poisoned, acknowledged, router, subscriptions },
    ...{ parts, objects: shared.objects.objects },
    give,
    calmDeps,
    /** Whether people used the id for two events. */
    isUsedTwice: (id: string): boolean => (meant.get(id)?.size ?? 0) > 1,
    /** Does it, some time from now. */
    act(action: Action, afterMs: number): void {
      for (const event of action.do === 'record' ? action.events : []) {
        meant.set(event.id, (meant.get(event.id) ?? new Set()).add(contentHash(event)))
      }
      if (action.do === 'inject') {
        const { detail } = action.event as { detail: { id: string } }
        poisoned.add(detail.id)
      }
      world.later(
        () => action.do,
        () => perform(action),
        { afterMs },
      )
    },
    /** Changes whenever something was got done. */
    progress(): string {
      let [items, letters] = [0, 0]
      for (const { pk, sk } of store.items('')) {
        items++
        if (sk === 'letter' && pk.startsWith('deadletter#')) letters++
      }
      return `${bus.log.length} ${queue.length} ${oracle.handled.length} ${items} ${letters} ${bus.deadLetters.list().length}`
    },
  }
}
