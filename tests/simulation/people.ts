// People who use the shop: they record, edit promotions, order, read, redrive, discard and replay, each until the shop has
// answered or their patience is at an end.
import type { KramEvent } from '../../events/catalog.ts'
import { keys } from '../../lib/app/keys.ts'
import { getPromo } from '../../lib/app/promos/read-promos.ts'
import { isRetryable, KramError } from '../../lib/base/errors.ts'
import { toInstant, toMs } from '../../lib/base/time.ts'
import type { Action } from './actions.ts'
import { frozen } from './json.ts'
import { type Discarded, keeperRequests } from './keeper-requests.ts'
import type { MemoryStore } from './memory-store.ts'
import type { ModelBus } from './model-bus.ts'
import type { Oracle } from './oracle.ts'
import { orderRequests } from './order-requests.ts'
import type { Parts, SimDeps } from './parts.ts'
import type { Outcome, World } from './world.ts'

export type PeopleOptions = {
  world: World<SimDeps>
  kind: 'embedded' | 'eventbridge'
  store: MemoryStore
  bus: ModelBus
  oracle: Oracle
  parts: Parts
  /** Ids of events that the shop said it has. */
  acknowledged: Set<string>
  discarded: Discarded
  /** For what nobody waits for. */
  ignored: (what: string) => (outcome: Outcome<unknown>) => void
}

const tries = 6

/** What does an action, beginning now. */
export function createPeople(options: PeopleOptions): (action: Action) => void {
  const { world, kind, store, bus, oracle, parts, acknowledged, discarded, ignored } = options
  const { rng } = world
  const fail = (text: string): void => world.fail(text)

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

  const orders = orderRequests({ ask, parts, oracle, fail, save })
  const keeper = keeperRequests({ ask, rng, kind, store, bus, parts, discarded, fail })

  function rollBack({ promo, reason }: Action & { do: 'roll_back' }): void {
    const act = async (deps: SimDeps): Promise<number> => {
      const { version } = await getPromo(deps, promo)
      const saved = await parts.rollBackPromo(deps, { id: promo, to: 1, expectedVersion: version, reason, by: 'olha' })
      return saved.version
    }
    ask(`roll back ${promo}`, act, (version) => {
      const [first, saved] = [1, version].map((one) => oracle.promos.configOf(promo, one))
      if (saved === undefined || saved !== first) fail(`version ${version} of ${promo} is not the first one again`)
      return true
    })
  }

  function pause({ promos, reason }: Action & { do: 'pause' }): void {
    const act = (deps: SimDeps) => parts.pausePromos(deps, { promos, reason, by: 'olha' })
    ask('pause promotions', act, ({ paused }) => {
      for (const { id, version } of paused) {
        const config = oracle.promos.configOf(id, version)
        if (config === undefined || JSON.parse(config).state !== 'draft')
          fail(`version ${version} of ${id} is no draft`)
      }
      return true
    })
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
    else if (action.do === 'redrive') keeper.redrive({ all: action.all === true })
    else if (action.do === 'discard') keeper.discard()
    else if (action.do === 'look') keeper.look()
    else if (action.do === 'resend') keeper.resend()
    else if (action.do === 'discard_aside') keeper.discardAside(action.kind)
    else if (action.do === 'pause') pause(action)
    else if (action.do === 'replay') bus.replay(1)
    else if (action.do === 'sweep') world.invoke((deps) => parts.sweepOutbox(deps), ignored('sweep'))
    else if (action.do === 'reload') world.invoke((deps) => parts.reloadPromos(deps), ignored('reload'))
  }

  return perform
}
