// One schedule: a shop of some processes, the bus, the table and the objects; people who use it; faults; then peace, in
// which everything must come right; then a replay, which must change nothing.
import { limits } from '../../lib/base/limits.ts'
import { readService } from '../../lib/local/service.ts'
import { compileRouter, type Router } from '../../lib/patterns/compile.ts'
import type { Action } from './actions.ts'
import type { Bug } from './bugs/plant.ts'
import { drawnPlan, type FaultPlan } from './faults.ts'
import { checkRest, hasDiscarded, stateText } from './finish.ts'
import { parts as product } from './parts.ts'
import { createRng } from './random.ts'
import { drawScript } from './script.ts'
import { createShop, type SimShop } from './shop.ts'
import { withTimersOf } from './timers.ts'

const service = readService('serverless.yml')
/** All but the one that only copies the log of EventBridge. */
export const subscriptions = service.subscriptions.filter(({ name }) => name !== 'archive-events')
const router = routingOnce(compileRouter(subscriptions))

/** Events on the bus are frozen: where one goes is found out once. */
function routingOnce({ route }: Router): Router {
  const known = new WeakMap<object, string[]>()
  return {
    route(event) {
      const found = known.get(event as object)
      if (found) return found
      const names = route(event)
      if (Object.isFrozen(event)) known.set(event as object, names)
      return names
    },
  }
}

export type ScheduleOptions = {
  seed: number
  /** Planted into the shop. */
  bug?: Bug
  /** Default: drawn from the seed. */
  faults?: FaultPlan
  script?: readonly Action[]
  kind?: 'embedded' | 'eventbridge'
  /** Whether all is replayed in the end. Default: in a quarter of the schedules. */
  replay?: boolean
  trace?: string[]
}

/** `state`: what the table then holds, as text. */
export type ScheduleResult = { seed: number; violation?: string; steps: number; calls: number; state: () => string }

/** Far more than any schedule that comes to rest has needed. */
const maxSteps = 20_000
const minuteMs = 60_000

const peaceful: FaultPlan = () => undefined

// Nobody reads the stacks of the thousands of errors that are made to happen.
Error.stackTraceLimit = 0

/** Runs the schedule of a seed from its beginning to rest. */
export function simulate(options: ScheduleOptions): Promise<ScheduleResult> {
  const rng = createRng(options.seed)
  const kind = options.kind ?? rng.pick(['embedded', 'eventbridge'])
  const faults = options.faults ?? drawnPlan(rng)
  const script = options.script ?? drawScript(rng)
  if (rng.chance(0.5)) Object.assign(limits, spreadEarly)
  const shop = createShop({
    rng,
    kind,
    faults,
    parts: options.bug?.plant(product) ?? product,
    subscriptions,
    router,
    ...(options.trace && { trace: options.trace }),
  })
  return withTimersOf(shop.world, () =>
    play(shop, script, { seed: options.seed, faults, replay: options.replay }),
  ).finally(() => Object.assign(limits, spreadLate))
}

async function play(
  shop: SimShop,
  script: readonly Action[],
  { seed, faults, replay }: { seed: number; faults: FaultPlan; replay: boolean | undefined },
): Promise<ScheduleResult> {
  const { world } = shop
  const { rng } = world
  // All at once, or one after the other.
  const spreadMs = rng.pick([1, 50, 500, 4_000])
  const orderMs = rng.pick([2_000, 5_000, 5_000])
  const orderSpreadMs = rng.pick([1, 1, 20, spreadMs])
  for (const action of script) {
    if (action.do === 'given') {
      await shop.give(action.events)
      continue
    }
    const afterMs =
      action.do in laterMs ? rng.pick(laterMs[action.do as keyof typeof laterMs]) : beginsAfterMs(action, orderMs)
    shop.act(action, afterMs + rng.below(afterMs > 0 ? orderSpreadMs : spreadMs))
  }
  await world.run(maxSteps)
  world.faults = peaceful
  await comeToRest(shop)
  if (!world.violation) await checkRest(shop)
  if (!world.violation && (replay ?? rng.chance(0.25))) await replayAll(shop, faults)
  return {
    seed,
    steps: world.step,
    calls: world.calls,
    state: () => stateText(shop.store),
    ...(world.violation && { violation: world.violation.message }),
  }
}

/** What there is to do must be there: a log, or dead letters, which EventBridge's tries take three minutes to become. */
const laterMs = {
  replay: [20, 80, 300, 2_000, 20_000],
  discard: [100, 5_000, 200_000, 400_000],
  redrive: [0, 5_000, 200_000, 400_000],
  look: [200_000, 400_000],
  resend: [3_000],
  discard_aside: [3_000, 3_000, 3_000, 100_000],
}

/** Nobody orders before there are goods, nor, mostly, before there are promotions; who cancels has ordered, mostly. */
function beginsAfterMs(action: Action, orderMs: number): number {
  if (action.do === 'order' || (action.do === 'limit' && action.late)) return orderMs
  if (action.do === 'read') return 1_000
  if (action.do === 'record') return action.afterMs ?? 0
  return action.do === 'cancel' || action.do === 'return' ? orderMs + 100 : 0
}

/**
 * How limits are spread over shards in the shop: from hundreds of orders on; and so that a schedule sees them change. And
 * which events are large, so that those of dead letters are objects of their own, and those that no rule knows are not
 * kept; and so that a schedule has some.
 */
const { meterShards, shardUses, shardBudgetMinor, deadLetterEventBytes, unknownEventBytes } = limits
const spreadLate = { meterShards, shardUses, shardBudgetMinor, deadLetterEventBytes, unknownEventBytes }
const spreadEarly = {
  ...{ meterShards: [1, 4, 8], shardUses: 0.375, shardBudgetMinor: 12 },
  ...{ deadLetterEventBytes: 300, unknownEventBytes: 100 },
}

/** Time goes on without faults: schedules come round, people redrive what is left, until nothing changes. */
async function comeToRest(shop: SimShop): Promise<void> {
  const { world } = shop
  world.rightClocks()
  // Where nothing waits for them hardly anything can go wrong while the schedules come round: seen in some is enough.
  if (isDone(shop) && !world.rng.chance(0.2)) return
  for (let round = 0; round < 8 && !world.violation; round++) {
    const before = shop.progress()
    // Longer than the five minutes after which somebody who was sending a letter is taken for dead, by any clock.
    world.nowMs += 10 * minuteMs
    shop.act({ do: 'redrive', all: true }, 0)
    await world.run(maxSteps)
    if (shop.progress() === before || isDone(shop)) return
  }
  if (!world.violation) world.fail('the shop does not come to rest: there is always more to do')
}

/** Nothing waits for the schedules: no event in the outbox, no failure, no save of promotions that was not published. */
function isDone({ store, queue, bus, oracle }: SimShop): boolean {
  const waits = (prefix: string): boolean => !store.items(prefix).next().done
  return (
    queue.length === 0 &&
    bus.deadLetters.list().length === 0 &&
    oracle.promos.snapshotSet() === oracle.promos.saved.length &&
    !waits('outbox#') &&
    !waits('deadletter#')
  )
}

/** What people had discarded is handled by a replay after all; when all is handled, a replay changes nothing. */
async function replayAll(shop: SimShop, faults: FaultPlan): Promise<void> {
  const { world } = shop
  if (hasDiscarded(shop)) await replayOnce(shop, peaceful)
  const before = stateText(shop.store)
  await replayOnce(shop, world.rng.chance(0.5) ? faults : peaceful)
  if (world.violation) return
  if (stateText(shop.store) !== before) world.fail('a replay has changed the shop')
  await checkRest(shop)
}

async function replayOnce(shop: SimShop, faults: FaultPlan): Promise<void> {
  const { world, bus } = shop
  world.faults = faults
  bus.replay(2)
  await world.run(maxSteps)
  world.faults = peaceful
  await comeToRest(shop)
}
