// Time, chance and processes of one schedule. Everything that waits - a call of a port, a delivery, a request - is a
// task; the world picks one after the other. Between two tasks the code under test runs until it waits again, so that a
// schedule is a pure function of its seed.
import { KramError } from '../../lib/base/errors.ts'
import type { Fault, FaultPlan, Site } from './faults.ts'
import type { Rng } from './random.ts'

type Task = {
  /** For traces and messages: hardly ever asked for. */
  label: () => string
  /** Not before this moment. */
  at: number
  run: () => void
  /** Comes again by itself for as long as there is a shop: nothing waits for it to be done. */
  background: boolean
}

/** A process of the shop (a Lambda instance, or the embedded shop): what it holds in memory dies with it. */
export type Process<D> = {
  name: string
  alive: boolean
  /** Its clock is wrong by so much. */
  skewMs: number
  deps: D
  running: Set<Invocation>
}

type Invocation = { ended: boolean; die: () => void }

/** What became of something that was asked of a process; crashed: nobody knows. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: unknown; crashed: boolean }

/** A broken promise of the shop: what the simulator looks for. */
export class Violation extends Error {
  override name = 'Violation'
}

type Hold = { rate: number; mostMs: number }

const lagging = [
  'table.get',
  'table.query',
  'table.list',
  'table.write',
  'objects.get',
  'bus.publish',
  'functions.call',
] as const satisfies readonly Site[]

export class World<D> {
  nowMs: number
  step = 0
  /** How often a call or a delivery is held back while others go on, though nothing is wrong, and how long at most. */
  private readonly holds: { call: Hold; delivery: Hold }
  /** Sorts of calls that are held back nearly always. */
  private readonly lag: Hold & { sites: ReadonlySet<Site> }
  /** Calls at which a fault could have come. */
  calls = 0
  faults: FaultPlan
  violation: Violation | undefined
  readonly rng: Rng
  readonly trace: string[] | undefined
  /** Who made the call that is being carried out. */
  caller: Process<D> | undefined
  private tasks: Task[] = []
  /** Which tasks may be next: one list for all steps. */
  private readonly ready: number[] = []
  private processes: Process<D>[] = []
  private started = 0
  private readonly makeDeps: (process: Process<D>) => D

  constructor(options: {
    rng: Rng
    nowMs: number
    faults: FaultPlan
    makeDeps: (process: Process<D>) => D
    trace?: string[]
  }) {
    this.rng = options.rng
    this.nowMs = options.nowMs
    this.faults = options.faults
    this.makeDeps = options.makeDeps
    this.trace = options.trace
    const { rng } = this
    this.holds = {
      call: { rate: rng.pick([0, 0, 0.05, 0.15]), mostMs: rng.pick([20, 100, 400]) },
      delivery: { rate: rng.pick([0, 0, 0.1, 0.3]), mostMs: rng.pick([100, 1_000, 5_000]) },
    }
    const sites = [rng.pick(lagging), rng.pick<Site>(['objects.delete', 'objects.put'])].filter(() => rng.chance(0.5))
    this.lag = { sites: new Set(sites), rate: 0.8, mostMs: rng.pick([20, 100, 1_000]) }
  }

  /** How long something that was sent is on its way: mostly, whatever waits is as near as anything else that does. */
  heldMs(what: 'call' | 'delivery', site?: Site): number {
    const { rate, mostMs } = site !== undefined && this.lag.sites.has(site) ? this.lag : this.holds[what]
    return this.rng.chance(rate) ? this.rng.below(mostMs) : 0
  }

  say(text: () => string): void {
    this.trace?.push(`${String(this.step).padStart(5)} ${new Date(this.nowMs).toISOString().slice(8, 23)} ${text()}`)
  }

  fail(text: string): void {
    if (this.violation) return
    this.violation = new Violation(text)
    this.say(() => `VIOLATION ${text}`)
  }

  /** `afterMs`: not before so many milliseconds from now. */
  later(label: () => string, run: () => void, { afterMs = 0, background = false } = {}): object {
    const task: Task = { label, at: this.nowMs + afterMs, run, background }
    this.tasks.push(task)
    return task
  }

  cancel(task: object): void {
    this.tasks = this.tasks.filter((one) => one !== task)
  }

  faultAt(site: Site, what: () => string): Fault | undefined {
    this.calls++
    const fault = this.faults(site)
    if (fault) this.say(() => `fault ${fault} at ${what()}`)
    return fault
  }

  /** Starts as many processes as asked for; dead ones are replaced. */
  populate(count: number, skewMs: () => number): void {
    for (let i = 0; i < count; i++) this.processes.push(this.start(skewMs()))
  }

  rightClocks(): void {
    for (const process of this.processes) process.skewMs = 0
  }

  private start(skewMs: number): Process<D> {
    const process: Process<D> = {
      name: `process-${++this.started}`,
      alive: true,
      skewMs,
      deps: undefined as D,
      running: new Set(),
    }
    process.deps = this.makeDeps(process)
    return process
  }

  anyProcess(): Process<D> {
    return this.rng.pick(this.processes)
  }

  crash(process: Process<D>): void {
    if (!process.alive) return
    process.alive = false
    this.say(() => `${process.name} dies`)
    this.processes[this.processes.indexOf(process)] = this.start(process.skewMs)
    for (const invocation of process.running) invocation.die()
  }

  /** Runs `act` in a process; `done` hears of its end exactly once. */
  invoke<T>(act: (deps: D) => Promise<T>, done: (outcome: Outcome<T>) => void, on = this.anyProcess()): void {
    const end = (outcome: Outcome<T>): void => {
      if (invocation.ended) return
      invocation.ended = true
      on.running.delete(invocation)
      done(outcome)
    }
    const die = (): void => {
      end({ ok: false, error: new KramError('unavailable', 'crashed', 'The process died.'), crashed: true })
    }
    const invocation: Invocation = { ended: false, die }
    if (!on.alive) {
      invocation.die()
      return
    }
    on.running.add(invocation)
    act(on.deps).then(
      (value) => end({ ok: true, value }),
      (error: unknown) => end({ ok: false, error, crashed: false }),
    )
  }

  /** One call of a port by a process: answered when the schedule says so, with the fault that the plan says. */
  call<T>(site: Site, process: Process<D>, what: () => string, effect: (fault?: Fault) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // Nobody is there any more to ask.
      if (!process.alive) return
      const fault = this.faultAt(site, what)
      const act = (): T => {
        this.caller = process
        try {
          return effect(fault)
        } finally {
          this.caller = undefined
        }
      }
      const run = () => {
        if (!process.alive) {
          // It was on its way when the process died.
          if (this.rng.chance(0.5)) attempt(act)
          return
        }
        this.say(() => `${process.name} ${what()}`)
        if (fault === 'crash_before') {
          this.crash(process)
          return
        }
        if (fault === 'throw') return reject(new KramError('unavailable', 'store_away', `${site} is away.`))
        if (fault === 'throttle') return reject(new KramError('unavailable', 'throttled', `${site} is throttled.`))
        const answer = attempt(act)
        if (fault === 'crash_after') {
          this.crash(process)
          return
        }
        if (fault === 'lost_ack') return reject(new KramError('unavailable', 'timeout', `${site} did not answer.`))
        if (answer.ok) resolve(answer.value)
        else reject(answer.error)
      }
      this.later(what, run, { afterMs: fault === 'slow' ? 1 + this.rng.below(90_000) : this.heldMs('call', site) })
    })
  }

  private next(): Task | undefined {
    const { tasks, nowMs, ready } = this
    ready.length = 0
    let soonest = -1
    for (let i = 0; i < tasks.length; i++) {
      const task = tasks[i] as Task
      if (task.at <= nowMs) ready.push(i)
      else if (!task.background && (soonest < 0 || task.at < (tasks[soonest] as Task).at)) soonest = i
    }
    // Now and then time passes though there is something to do.
    const skips = soonest >= 0 && ready.length > 0 && this.rng.chance(0.02)
    const chosen = ready.length > 0 && !skips ? this.rng.pick(ready) : soonest
    if (chosen < 0) return undefined
    const task = this.tasks[chosen] as Task
    this.tasks[chosen] = this.tasks[this.tasks.length - 1] as Task
    this.tasks.pop()
    this.nowMs = Math.max(this.nowMs, task.at)
    return task
  }

  /** Until nothing is left to do but what comes again by itself, or a promise is broken. */
  async run(maxSteps: number): Promise<void> {
    for (let steps = 0; !this.violation; steps++) {
      const task = this.next()
      if (!task) return
      if (steps >= maxSteps) return this.fail(`the shop does not come to rest: ${task.label()} goes on`)
      this.step++
      this.nowMs += this.rng.below(4)
      task.run()
      await settled()
    }
  }
}

function attempt<T>(act: () => T): { ok: true; value: T } | { ok: false; error: unknown } {
  try {
    return { ok: true, value: act() }
  } catch (error) {
    return { ok: false, error }
  }
}

/** When everything that can go on without another task has gone on: Node runs ticks when no microtask is left. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))
