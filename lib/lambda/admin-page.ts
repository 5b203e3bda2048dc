// What the function behind /admin answers, route by route.
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { toInstant } from '../base/time.ts'
import { encodedFor } from './admin-files.ts'
import { pageHeaders, reportedDirective } from './admin-policy.ts'
import { isAmong } from './etag.ts'
import { bodyText, type HttpEvent } from './http-event.ts'
import { type HttpFunction, type HttpResponse, httpFunction, rawFunction } from './http-function.ts'
import { createLog } from './log.ts'
import { cspReports } from './metrics.ts'
import type { RoutedFunction } from './one-function.ts'
import {
  adminPageRoutes,
  getAdmin,
  getAdminAsset,
  getAdminConfig,
  getAdminLogin,
  getAdminSession,
  postAdminLogout,
  postCspReports,
} from './routes/admin-page.ts'
import { checkHost, sessionCookie, setCookie } from './same-origin.ts'
import type { SignIn } from './sign-in.ts'

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The admin page is not built</title>
<h1>The admin page is not built</h1>
<p>The shop runs. Build its admin page and load this page again:</p>
<pre>npm run admin:build</pre>
</html>
`

const getPage: HttpFunction = rawFunction(getAdmin, async ({ adminFiles, signIn }, { http, ifNoneMatch }) => {
  const page = adminFiles.page()
  const headers = { 'content-type': 'text/html; charset=utf-8', ...pageHeaders(signIn) }
  if (!page) return { statusCode: 503, headers, body: notBuilt }
  const kept = { ...headers, 'cache-control': 'no-cache', etag: page.etag }
  // With an issuer's answer in the address it is another request than the one that was kept.
  if (isAmong(page.etag, ifNoneMatch) && http.rawQueryString === '') {
    return { statusCode: 304, headers: kept, body: '' }
  }
  return { statusCode: 200, headers: kept, body: page.bytes.toString() }
})

const yearSeconds = 31_536_000

const readAsset: HttpFunction = rawFunction(
  getAdminAsset,
  async ({ adminFiles }, { params, http, ifNoneMatch }): Promise<HttpResponse> => {
    const file = adminFiles.asset(params.file)
    if (!file) throw new KramError('not_found', 'no_such_file', 'The admin page has no such file; load it again.')
    const { bytes, encoding } = encodedFor(file, http.headers['accept-encoding'])
    // One tag for each writing of it, as caches ask for.
    const etag = encoding === undefined ? file.etag : `${file.etag.slice(0, -1)}-${encoding}"`
    const kept = { 'cache-control': `public, max-age=${yearSeconds}, immutable`, etag, vary: 'accept-encoding' }
    if (isAmong(etag, ifNoneMatch)) return { statusCode: 304, headers: kept, body: '' }
    const headers = {
      ...kept,
      'content-type': file.mediaType,
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    }
    return { statusCode: 200, headers, body: bytes.toString('base64'), isBase64Encoded: true }
  },
)

const authOf = (signIn: SignIn) => {
  if (signIn.kind === 'session') return { kind: signIn.kind }
  const { kind, issuer, clientId, scope } = signIn
  return { kind, issuer, client_id: clientId, scope }
}

const getConfig: HttpFunction = httpFunction(getAdminConfig, async ({ signIn, settings }) => ({
  auth: authOf(signIn),
  currency: settings.currency,
  time_zone: settings.timeZone,
}))

// Whoever loads pages ahead of people must not use up their links.
const isPrefetch = ({ headers }: HttpEvent): boolean =>
  /prefetch|prerender/.test(`${headers['sec-purpose'] ?? ''} ${headers.purpose ?? ''} ${headers['x-moz'] ?? ''}`)

const seeOther = (location: string, headers = {}): HttpResponse => ({
  statusCode: 303,
  headers: { location, ...headers },
  body: '',
})

const logIn: HttpFunction = rawFunction(getAdminLogin, async ({ sessions, clock }, { query, http }) => {
  checkHost(http)
  if (isPrefetch(http) || http.method === 'HEAD') {
    throw new KramError('forbidden', 'not_ahead', 'The link is good once: it is not followed ahead of a person.')
  }
  try {
    const { text, untilSeconds } = await sessions.begin(query.token)
    const before = sessionCookie(http)
    if (before !== undefined) await sessions.end(before)
    const seconds = Math.floor(untilSeconds - clock.now() / 1000)
    return seeOther('/admin', { 'set-cookie': setCookie(http, text, seconds) })
  } catch (error) {
    if (error instanceof KramError && error.kind === 'unauthorized') {
      return seeOther(`/admin#/sign-in?reason=${error.code}`)
    }
    throw error
  }
})

const tellSession: HttpFunction = httpFunction(getAdminSession, async ({ clock }, { caller }) => ({
  role: caller.roles.includes('admin') ? 'admin' : 'marketer',
  name: caller.subject,
  // A token of an issuer that names no end is asked for again within the hour.
  expires_at: toInstant(caller.untilSeconds ? caller.untilSeconds * 1000 : clock.now() + 3_600_000),
}))

const logOut: HttpFunction = rawFunction(postAdminLogout, async ({ sessions }, { http }) => {
  const session = sessionCookie(http)
  if (session !== undefined) await sessions.end(session)
  const headers = { 'content-type': 'application/json', 'set-cookie': setCookie(http, '', 0) }
  return { statusCode: 200, headers, body: JSON.stringify({ ended: true }) }
})

const reportPolicy: HttpFunction = rawFunction(postCspReports, async (_, { http }) => {
  const text = http.body === undefined || http.body.length > limits.bodyBytes * 2 ? undefined : bodyText(http)
  const directive = reportedDirective(text)
  cspReports({ directive })
  createLog({ function: postCspReports.name }).warn('csp_report', { directive })
  return { statusCode: 204, headers: {}, body: '' }
})

const answers: { [Name in keyof typeof adminPageRoutes]: HttpFunction } = {
  getAdmin: getPage,
  getAdminAsset: readAsset,
  getAdminConfig: getConfig,
  getAdminLogin: logIn,
  getAdminSession: tellSession,
  postAdminLogout: logOut,
  postCspReports: reportPolicy,
}

const names = Object.keys(adminPageRoutes) as (keyof typeof adminPageRoutes)[]

/** Every route of the page with what answers it. */
export const adminPage: readonly RoutedFunction[] = names.map((name) => ({
  route: adminPageRoutes[name],
  answer: answers[name],
}))
