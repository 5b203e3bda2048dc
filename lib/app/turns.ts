// Those in one process who lost a race for the same item take turns instead of racing on: else, with many at it, all but
// one work in vain each time.

const queues = new WeakMap<object, Map<string, Promise<unknown>>>()

/** Runs `act` when all that came before with this owner and name are done, whether well or not. */
export async function inTurn<T>(owner: object, name: string, act: () => Promise<T>): Promise<T> {
  const queue = queues.get(owner) ?? new Map<string, Promise<unknown>>()
  queues.set(owner, queue)
  const turn = (queue.get(name) ?? Promise.resolve()).then(act, act)
  queue.set(name, turn)
  try {
    return await turn
  } finally {
    if (queue.get(name) === turn) queue.delete(name)
  }
}
