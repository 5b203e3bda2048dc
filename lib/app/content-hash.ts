// Tells whether two events with one id say the same.
import { hash } from 'node:crypto'
import { assert } from '../base/assert.ts'
import { canonicalJson } from '../base/canonical-json.ts'
import { oncePerFrozen } from '../base/frozen.ts'

type Told = { type: string; data: unknown }

/** `chars`: of the canonical JSON that was hashed, which is as long as any other JSON of `{type, data}`. */
export type Content = { hash: string; chars: number }

/**
 * SHA-256, in hex, of the canonical JSON (RFC 8785) of `{type, data}` as it was sent: not of the time, since a request
 * that is repeated makes the same id at a later time, and not of upcast data, which a new version would change.
 */
export function contentOf({ type, data }: Told): Content {
  const text = canonicalJson({ type, data })
  assert(text !== undefined, 'an event is JSON')
  return { hash: hash('sha256', text), chars: text.length }
}

export const contentHash = oncePerFrozen((told: Told): string => contentOf(told).hash)
