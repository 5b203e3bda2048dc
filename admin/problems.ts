// What went wrong, in the reader's language where the page knows the code, else as the server says it.
import type { ApiError } from './api.ts'
import { type TextKey, t } from './i18n.ts'

const known: Readonly<Record<string, TextKey>> = {
  offline: 'problem.offline',
  role_not_allowed: 'problem.role',
  origin_not_allowed: 'problem.origin',
  invalid_promo: 'problem.invalid',
  promo_version_conflict: 'problem.conflict',
  unknown_promo: 'problem.unknown',
  internal: 'problem.internal',
  token_missing: 'problem.signedOut',
  token_expired: 'problem.signedOut',
  token_invalid: 'problem.signedOut',
}

/** One sentence. */
export function errorText({ code, status, message }: ApiError): string {
  const key = status === 401 ? 'problem.signedOut' : known[code]
  if (key) return t(key)
  if (status === 503 || status === 429) return t('problem.busy')
  return message
}
