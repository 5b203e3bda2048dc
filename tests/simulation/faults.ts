// What can go wrong, and where: every call of a port, every delivery and every request of a client is a site, and each
// sort of site has its own classes of fault. How often each comes is drawn anew for every schedule.
import type { Rng } from './random.ts'

/**
 * throw, throttle: nothing was done, and it says so. lost_ack: done, but the caller hears of a failure. crash_before,
 * crash_after: the process dies, before or after it was done; its other calls may or may not be done. slow: takes its
 * time, while others go on. short_page: a page ends early, with a token for the rest, perhaps with nothing in it.
 * stale_list: the listing does not show the newest entries yet. partial: some entries of a batch are refused.
 * duplicate: done or delivered twice. missing, corrupt: the object is not there, or holds rubbish.
 */
export const faultClasses = [
  'throw',
  'throttle',
  'lost_ack',
  'crash_before',
  'crash_after',
  'slow',
  'short_page',
  'stale_list',
  'partial',
  'duplicate',
  'missing',
  'corrupt',
] as const
export type Fault = (typeof faultClasses)[number]

const anywhere = ['throw', 'throttle', 'lost_ack', 'crash_before', 'crash_after', 'slow'] as const

/** Which faults a site can have; one that is named more often comes more often. A lost answer to a read is a failure. */
export const siteFaults = {
  'table.get': anywhere,
  'table.query': [...anywhere, 'short_page', 'short_page', 'short_page'],
  'table.list': [...anywhere, 'short_page', 'stale_list'],
  'table.write': anywhere,
  'objects.get': [...anywhere, 'missing', 'corrupt'],
  'objects.put': anywhere,
  'objects.delete': anywhere,
  'bus.publish': [...anywhere, 'partial', 'duplicate'],
  'functions.call': ['throw', 'lost_ack', 'crash_before', 'crash_after', 'slow', 'duplicate'],
  'functions.start': ['throw', 'lost_ack'],
  /** The bus hands an event to a function; throttled: the function is not even called. */
  deliver: ['throttle', 'lost_ack', 'crash_before', 'crash_after', 'slow', 'duplicate'],
  /** Somebody asks the shop for something: the request or its answer may get lost, or be sent twice at once. */
  request: ['throw', 'lost_ack', 'slow', 'duplicate'],
  /** The table's commit calls the relay, or its stream does: which may not happen at all. */
  relay: ['throw', 'slow', 'duplicate'],
  /** The queue of failed events hands some to the function that records them. */
  queue: ['slow', 'duplicate', 'crash_before'],
} as const satisfies Record<string, readonly Fault[]>

export type Site = keyof typeof siteFaults

/** Asked at every call, in the order of the schedule. */
export type FaultPlan = (site: Site) => Fault | undefined

/** Those that only some sites can have. */
const ofSomeSites = ['short_page', 'stale_list', 'partial', 'duplicate', 'missing', 'corrupt'] as const

/** One or two classes, often, and nothing else: what all of them together would seldom leave room for. */
function fewClasses(rng: Rng): FaultPlan {
  const rates = new Map<Fault, number>()
  if (rng.chance(0.7)) {
    const fault = rng.pick(ofSomeSites)
    // What is doubled may double what it does in turn.
    rates.set(fault, rng.pick(fault === 'duplicate' ? [0.05, 0.2] : [0.1, 0.3, 0.6]))
  }
  if (rng.chance(0.5)) rates.set(rng.pick(anywhere), rng.pick([0.02, 0.1]))
  // So often they may make more work than is got done, without an end of their own.
  let left = 60
  return (site) => {
    if (left === 0) return undefined
    for (const [fault, rate] of rates) {
      if (!(siteFaults[site] as readonly Fault[]).includes(fault) || !rng.chance(rate)) continue
      left--
      return fault
    }
    return undefined
  }
}

/** One part of the shop is away from the beginning on: its first calls fail, nearly all, until it is back. */
function anOutage(rng: Rng, others: FaultPlan): FaultPlan {
  const away = rng.pick<Site>(['deliver', 'deliver', 'deliver', 'table.get', 'table.write', 'bus.publish', 'queue'])
  const fault: Fault = away === 'queue' ? 'slow' : 'throttle'
  let left = rng.pick([4, 8, 16])
  return (site) => {
    if (site !== away || left === 0 || rng.chance(0.1)) return others(site)
    left--
    return fault
  }
}

/**
 * Rates of this schedule: from none at all to one call in five, of which some classes do not come at all; or, in four of
 * ten, a few classes only (swarm testing: Groce and others, ISSTA 2012).
 */
export function drawnPlan(rng: Rng): FaultPlan {
  if (rng.chance(0.07)) return anOutage(rng, rng.chance(0.5) ? () => undefined : fewClasses(rng))
  if (rng.chance(0.4)) return fewClasses(rng)
  const level = rng.pick([0, 0.005, 0.02, 0.05, 0.1, 0.2])
  const weights = new Map(faultClasses.map((fault) => [fault, rng.chance(0.3) ? 0 : rng.next()]))
  return (site) => {
    if (!rng.chance(level)) return undefined
    const fault = rng.pick<Fault>(siteFaults[site])
    return rng.chance(weights.get(fault) ?? 0) ? fault : undefined
  }
}

/** One fault at one call; everything else goes well. */
export function singleFault(at: number, fault: Fault): FaultPlan {
  let calls = 0
  return (site) => (calls++ === at && (siteFaults[site] as readonly Fault[]).includes(fault) ? fault : undefined)
}
