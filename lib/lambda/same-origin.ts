// Whether a request comes from the admin page of this very shop. A browser sends the session's cookie by itself, so a
// page from anywhere else must not get to use it: not by a form (CSRF), not by a name that is made to point at this
// machine (DNS rebinding), not from another port of this machine, which shares its cookies.
import { KramError } from '../base/errors.ts'
import type { HttpEvent } from './http-event.ts'

/** Names of this machine: who gets another name to point here cannot make a browser send one of these. */
const localHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?$/i

/** Cookies are the same for all ports of a machine, so that each shop names its own after its port. */
const cookieName = ({ headers }: HttpEvent): string => `kram_session_${localHost.exec(headers.host ?? '')?.[1] ?? '80'}`

/** The session's text; undefined where there is none, or where there are several: one of them is not ours. */
export function sessionCookie(event: HttpEvent): string | undefined {
  const name = cookieName(event)
  const texts = (event.headers.cookie ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : []
  })
  return texts.length === 1 && texts[0] !== '' ? texts[0] : undefined
}

/** HttpOnly: no script reads it. Strict: no other site makes a browser send it. Not Secure: there is no TLS here. */
export const setCookie = (event: HttpEvent, text: string, seconds: number): string =>
  `${cookieName(event)}=${text}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Strict`

const refused = (code: string, message: string): KramError => new KramError('forbidden', code, message)

/** @throws KramError forbidden `host_not_allowed` for a request that was sent to another name than this machine's */
export function checkHost({ headers }: HttpEvent): void {
  if (localHost.test(headers.host ?? '')) return
  throw refused('host_not_allowed', 'Open the admin page at 127.0.0.1 or localhost: other names may be anybody’s.')
}

/**
 * What changes something must say that it comes from here; what only reads must not say otherwise.
 * @throws KramError forbidden: host_not_allowed, origin_not_allowed
 */
export function checkSameOrigin(event: HttpEvent): void {
  checkHost(event)
  const { host, origin, 'sec-fetch-site': site } = event.headers
  const reads = event.method === 'GET' || event.method === 'HEAD'
  const fromHere = origin === `http://${host}` || (origin === undefined && site === 'same-origin')
  const saysNothing = origin === undefined && (site === undefined || site === 'none')
  const contradicts = site !== undefined && site !== 'same-origin' && site !== 'none'
  if ((fromHere || (reads && saysNothing)) && !contradicts) return
  throw refused('origin_not_allowed', 'A session counts only in requests that the admin page itself makes.')
}
