// The simulated shop put together: shared stores, processes with their ports, the bus with the real handlers, the relay,
// the schedules, and the people who use it.
import type { KramEvent } from '../../events/catalog.ts'
import { keys } from '../../lib/app/keys.ts'
import { getPromo } from '../../lib/app/promos/read-promos.ts'
import { isRetryable, KramError } from '../../lib/base/errors.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import { toInstant, toMs } from '../../lib/base/time.ts'
import type { Router } from '../../lib/patterns/compile.ts'
import type { Subscription } from '../../lib/ports/bus.ts'
import type { Item, Table } from '../../lib/ports/table.ts'
import type { FaultPlan } from './faults.ts'
import { frozen } from './json.ts'
import { type Change, createMemoryStore } from './memory-store.ts'
import { createModelBus, type QueuedFailure } from './model-bus.ts'
import { createOracle } from './oracle.ts'
import { orderRequests } from './order-requests.ts'
import type { Parts, SimDeps } from './parts.ts'
import { portsOf, type Shared } from './ports.ts'
import type { Rng } from './random.ts'
import { type Action, beginning } from './script.ts'
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
const tries = 6
const streamTries = 3

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
    onFailure: () => {},
    onQueued: (failure) =>
      queue.push(failure) && world.later(() => 'receive from the queue', receive, { afterMs: rng.below(2_000) }),
  })
  const queue: QueuedFailure[] = []
  const discarded = new Set<string>()
  const poisoned = new Set<string>()
  const acknowledged = new Set<string>()
  Object.assign(shared, {
    world,
    store,
    bus,
    objects: { objects: new Map(), etags: 0 },
    onPut: oracle.promos.onPut,
    startFunction: () => redriveDue(),
  } satisfies Shared)
  world.populate(rng.pick([1, 2, 2, 3, 3]), () => (rng.chance(0.3) ? rng.below(240_000) - 120_000 : 0))

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

  /** Asks the shop for something until it has answered, or patience is at an end. */
  function ask<T>(
    what: string,
    act: (deps: SimDeps) => Promise<T>,
    done: (value: T) => boolean,
    refused?: (error: KramError) => boolean,
    attempt = 1,
  ) {
    const again = (): void => {
      if (attempt < tries)
        world.later(
          () => what,
          () => ask(what, act, done, refused, attempt + 1),
          { afterMs: 200 * attempt },
        )
    }
    const fault = world.faultAt('request', () => what)
    if (fault === 'throw') return again()
    if (fault === 'slow')
      return world.later(
        () => what,
        () => ask(what, act, done, refused, attempt),
        { afterMs: rng.below(90_000) },
      )
    world.say(() => what)
    if (fault === 'duplicate') world.invoke(act, () => {})
    world.invoke(act, (outcome) => {
      if (fault === 'lost_ack') return again()
      if (outcome.ok) return done(outcome.value) ? undefined : again()
      if (!(outcome.error instanceof KramError)) return fail(`${what} threw ${(outcome.error as Error)?.stack}`)
      if (refused?.(outcome.error)) return again()
      if (isRetryable(outcome.error)) again()
    })
  }

  const handlerOf: { [type: string]: string } = {
    new_customer: 'on-new-customer',
    new_product: 'on-new-product',
    customer_buys_product: 'on-customer-buys-product',
    voucher_granted: 'on-voucher-granted',
  }

  function record({ events, via, laterEachTry }: Action & { do: 'record' }): void {
    let attempt = 0
    const left = new Set(events.map(({ id }) => id))
    const act = async (deps: SimDeps) => {
      attempt++
      // Somebody who asks again makes the same id at a later time.
      const sent = events
        .filter(({ id }) => left.has(id))
        .map((one): KramEvent => {
          const isLater = laterEachTry && attempt > 1 && one.type === 'customer_buys_product'
          return isLater ? { ...one, time: toInstant(toMs(one.time) + attempt - 1) } : one
        })
      for (const event of sent) {
        oracle.learn(event)
        if (via === 'table')
          oracle.begin({
            subscription: handlerOf[event.type] ?? '',
            event: { detail: event } as never,
            replay: false,
            began: world.step,
          })
      }
      return await parts.recordEvents(deps, sent, { via })
    }
    ask(`record ${events.map(({ id }) => id)} via ${via}`, act, ({ accepted, rejected }) => {
      for (const id of accepted) {
        acknowledged.add(id)
        left.delete(id)
        const event = events.find((one) => one.id === id) as KramEvent
        const there = via === 'bus' ? bus.has(id) : store.peek(keys.seen(id, handlerOf[event.type] ?? ''))
        if (!there) fail(`${id} was acknowledged, and is nowhere`)
      }
      return !rejected.some(({ retryable }) => retryable)
    })
  }

  function save({ promo, config, reason }: Action & { do: 'save' }): void {
    let edited = -1
    const act = async (deps: SimDeps) => {
      if (edited < 0)
        edited = await getPromo(deps, promo).then(
          ({ version }): number => version,
          (error): number => {
            if (error.kind === 'not_found') return 0
            throw error
          },
        )
      return await parts.savePromo(deps, { id: promo, config, expectedVersion: edited, reason, by: 'olha' })
    }
    ask(`save ${promo}`, act, ({ version }) => {
      if (!oracle.promos.saved.some((one) => one.id === promo && one.version === version))
        fail(`version ${version} of ${promo} was acknowledged, and is nowhere`)
      return true
    })
  }

  function read(id: string): void {
    const expected = [...oracle.purchases.values()]
      .filter(({ event }) => event.data.customer_id === id)
      .map(({ item }) => String(item.event_id))
    const act = async (deps: SimDeps): Promise<number> => {
      let after: string | undefined
      let count = 0
      do {
        const page = await parts.getCustomer(deps, id, { limit: 1, ...(after !== undefined && { after }) })
        count += page.customer.products.length
        after = page.next
      } while (after !== undefined)
      return count
    }
    ask(`read ${id}`, act, (count) => {
      if (count < expected.length) fail(`the document of ${id} shows ${count} purchases of ${expected.length}`)
      return true
    })
  }

  function redrive(): void {
    if (kind === 'embedded') bus.deadLetters.redrive()
    else
      ask(
        'redrive',
        (deps) => parts.createDeadLetters(deps).redrive({}),
        () => true,
      )
  }

  function discard(): void {
    const letters =
      kind === 'embedded'
        ? bus.deadLetters.list().map(({ id }) => id)
        : store.scan('deadletter#').flatMap(({ pk, sk }) => (sk === 'letter' ? [pk.slice('deadletter#'.length)] : []))
    if (letters.length === 0) return
    const id = rng.pick(letters)
    discarded.add(id)
    if (kind === 'embedded') bus.deadLetters.discard(id, 'a test')
    else
      ask(
        'discard',
        (deps) => parts.createDeadLetters(deps).discard(id, 'a test'),
        () => true,
      )
  }

  const orders = orderRequests({ ask, parts, oracle, fail, save })

  function rollBack({ promo, reason }: Action & { do: 'roll_back' }): void {
    const act = async (deps: SimDeps): Promise<void> => {
      const { version } = await getPromo(deps, promo)
      await parts.rollBackPromo(deps, { id: promo, to: 1, expectedVersion: version, reason, by: 'olha' })
    }
    ask(`roll back ${promo}`, act, () => true)
  }

  function perform(action: Action): void {
    if (action.do === 'record') record(action)
    else if (action.do === 'save') save(action)
    else if (action.do === 'roll_back') rollBack(action)
    else if (action.do === 'limit') orders.limit(action)
    else if (action.do === 'order') orders.place(action)
    else if (action.do === 'cancel') orders.cancel(action)
    else if (action.do === 'return') orders.giveBack(action)
    else if (action.do === 'inject') bus.inject(frozen(action.event))
    else if (action.do === 'read') read(action.customer)
    else if (action.do === 'redrive') redrive()
    else if (action.do === 'discard') discard()
    else if (action.do === 'replay') bus.replay(1)
    else if (action.do === 'sweep') world.invoke((deps) => parts.sweepOutbox(deps), ignored('sweep'))
    else world.invoke((deps) => parts.reloadPromos(deps), ignored('reload'))
  }

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
    /** The ports of a process to which nothing happens, over another table. */
    calmDeps(table: Table): SimDeps {
      const deps = undefined as unknown as SimDeps
      return { ...portsOf({ name: 'calm', alive: true, skewMs: 0, deps, running: new Set() }, shared), table }
    },
    /** Does it, some time from now. */
    act(action: Action, afterMs: number): void {
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
