// What went wrong, in the reader's language where the page knows the code, else as the server says it.
import type { ApiError } from './api.ts'
import { textOf } from './i18n.ts'

/** For who is not signed in, and of a shop that has too much to do, whatever the code. */
const states: Readonly<Record<number, string>> = { 401: 'signedOut', 429: 'busy', 503: 'busy' }

/** One sentence. */
export const errorText = ({ code, status, message }: ApiError): string =>
  textOf(`problem.${states[status] ?? code}`) ?? message
