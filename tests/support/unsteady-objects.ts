// Objects that fail, hang or are slow where a test says so, and tell what was asked of them.
import { KramError } from '../../lib/base/errors.ts'
import type { Objects } from '../../lib/ports/objects.ts'

export type UnsteadyObjects = Objects & {
  /** Before each call of `get` and `put`: may throw, or wait. */
  before: (verb: 'get' | 'put', signal?: AbortSignal) => unknown
  calls: { get: number; put: number }
}

export const away = (): never => {
  throw new KramError('unavailable', 'objects_unavailable', 'The objects are away.')
}

/** Hangs until the caller gives up. */
export const hang = (_verb: string, signal?: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new KramError('unavailable', 'objects_unavailable', 'The caller gave up.'))
    })
  })

export function unsteady(objects: Objects): UnsteadyObjects {
  const self: UnsteadyObjects = {
    ...objects,
    before: () => undefined,
    calls: { get: 0, put: 0 },
    async get(key, options) {
      self.calls.get++
      await self.before('get', options?.signal)
      return await objects.get(key, options)
    },
    async put(key, bytes, options) {
      self.calls.put++
      await self.before('put')
      return await objects.put(key, bytes, options)
    },
  }
  return self
}
