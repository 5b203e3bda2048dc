// Page tokens: where a page ended, bound to the query that it belongs to. Opaque to callers, the same on every adapter.
import { hash } from 'node:crypto'
import { KramError } from '../base/errors.ts'

// Eight characters tell an honest mix-up of queries; a forged token can do no more than begin elsewhere in the query.
const scopeMark = (scope: readonly unknown[]): string => hash('sha256', JSON.stringify(scope), 'base64url').slice(0, 8)

/** `scope`: what must be the same on the next page; `position`: where this one ended. */
export const encodePageToken = (scope: readonly unknown[], position: readonly string[]): string =>
  Buffer.from(JSON.stringify([scopeMark(scope), ...position])).toString('base64url')

/**
 * The position in a token of ours for the same scope, of `parts` texts.
 * @throws KramError invalid `page_token`
 */
export function decodePageToken(token: string, scope: readonly unknown[], parts: number): string[] {
  const refused = new KramError('invalid', 'page_token', 'The page token is not one that this query gave out.')
  if (!/^[A-Za-z0-9_-]+$/.test(token)) throw refused
  let decoded: unknown
  try {
    decoded = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
  } catch {
    throw refused
  }
  if (!Array.isArray(decoded) || !decoded.every((part) => typeof part === 'string')) throw refused
  const [mark, ...position] = decoded
  if (mark !== scopeMark(scope) || position.length !== parts) throw refused
  return position
}
