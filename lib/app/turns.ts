// Those in one process who lost a race for the same item take turns instead of racing on: else, with many at it, all but
// one work in vain each time.
import { limits } from '../base/limits.ts'

const queues = new WeakMap<object, Map<string, Promise<void>>>()

/**
 * Runs `act` when all that came before with this owner and name are done, whether well or not. Turns save work and make
 * nothing safe: who holds one for `limits.turnMs` waits for an answer that does not come, and holds up nobody else.
 */
export async function inTurn<T>(owner: object, name: string, act: () => Promise<T>): Promise<T> {
  const queue = queues.get(owner) ?? new Map<string, Promise<void>>()
  queues.set(owner, queue)
  const over = Promise.withResolvers<void>()
  const before = queue.get(name)
  queue.set(name, over.promise)
  await before
  const timer = setTimeout(over.resolve, limits.turnMs)
  try {
    return await act()
  } finally {
    clearTimeout(timer)
    over.resolve()
    if (queue.get(name) === over.promise) queue.delete(name)
  }
}
