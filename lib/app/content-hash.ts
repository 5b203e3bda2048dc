// Tells whether two events with one id say the same.
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { assert } from '../base/assert.ts'
import { oncePerFrozen } from '../base/frozen.ts'

/**
 * SHA-256, in hex, of the canonical JSON (RFC 8785) of `{type, data}` as it was sent: not of the time, since a request
 * that is repeated makes the same id at a later time, and not of upcast data, which a new version would change.
 */
export const contentHash = oncePerFrozen(({ type, data }: { type: string; data: unknown }): string => {
  const text = canonicalize({ type, data })
  assert(text !== undefined, 'an event is JSON')
  return hash('sha256', text)
})
