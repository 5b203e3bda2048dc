// Timers of the code under test become tasks of the schedule: how long a checkout waits for promotions is decided by
// the seed too, not by the machine.
import type { World } from './world.ts'

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, timeout: AbortSignal.timeout }

/** Runs `act` with the world's timers in place of Node's. */
export async function withTimersOf<D, T>(world: World<D>, act: () => Promise<T>): Promise<T> {
  const set = (run: () => void, afterMs = 0): object => world.later(() => 'timer', run, { afterMs })
  Object.assign(globalThis, { setTimeout: set, clearTimeout: (task: object) => world.cancel(task) })
  // A store of the simulator answers late or never, and listens to nobody.
  AbortSignal.timeout = () => new AbortController().signal
  try {
    return await act()
  } finally {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout })
    AbortSignal.timeout = real.timeout
  }
}
