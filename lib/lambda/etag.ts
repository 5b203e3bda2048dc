// ETags of answers, and whether a caller has one already. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
import { createHash } from 'node:crypto'

/** Of the body: the same text, the same tag. */
export const etagOf = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`

/** Whether a list of tags (`If-None-Match`), weak or not, names this one; `*` names every one. */
export function isAmong(etag: string, list: string | undefined): boolean {
  if (list === undefined) return false
  return list.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)
}
