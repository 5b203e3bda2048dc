// Ids of requests that bring none: UUIDv7, from randomness that is fetched for many at once (each fetch is a call into
// the operating system, and costs as much as pricing a line).
import { randomFillSync } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'

const idBytes = 16
const pool = new Uint8Array(256 * idBytes)
let used = pool.length

export function newCorrelationId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = pool.subarray(used, used + idBytes)
  used += idBytes
  return uuidv7({ random, msecs: Date.now() })
}
