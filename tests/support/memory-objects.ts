// Objects in memory, which answer at once: for tests in which nobody may give up because the machine is busy.
import { createHash } from 'node:crypto'
import type { Objects, StoredObject } from '../../lib/ports/objects.ts'

export function createMemoryObjects(): Objects {
  const stored = new Map<string, StoredObject>()
  return {
    async get(key, { ifNoneMatch } = {}) {
      const object = stored.get(key)
      return object && object.etag === ifNoneMatch ? 'not_modified' : object
    },
    async put(key, bytes, { ifMatch, ifAbsent } = {}) {
      const before = stored.get(key)
      if ((ifAbsent && before) || (ifMatch !== undefined && before?.etag !== ifMatch)) return 'refused'
      const etag = createHash('sha256').update(bytes).digest('hex')
      stored.set(key, { bytes: Uint8Array.from(bytes), etag })
      return { etag }
    },
    async *list(prefix) {
      yield* [...stored.keys()].filter((key) => key.startsWith(prefix)).sort()
    },
    async delete(key) {
      stored.delete(key)
    },
  }
}
