// Signing in to the admin page of the embedded run: the link that is good once, the session that it becomes, and from
// where a browser may use it.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authenticateHere } from '../../lib/lambda/auth.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import type { Role } from '../../lib/lambda/roles.ts'
import { createSessions } from '../../lib/lambda/sessions.ts'
import { createTokens } from '../../lib/lambda/tokens.ts'
import { functionOf } from '../support/all-functions.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'

let shop: HttpShop
beforeEach(async () => {
  shop = await openHttpShop()
})
afterEach(() => shop.close())

const host = '127.0.0.1:3000'
const origin = `http://${host}`

const ask = (name: string, options: RequestOptions = {}) => {
  const { handler, route } = functionOf(name)
  return call(handler, route, { ...options, headers: { host, ...options.headers } })
}

const link = (role: Role = 'admin', subject = 'anna') => shop.sessions.link({ role, subject })

/** Logs in as a browser does; the cookie as it will send it. */
async function signIn(role: Role = 'admin', options: RequestOptions = {}): Promise<string> {
  const answer = await ask('get-admin-login', { ...options, query: { token: await link(role) } })
  expect(answer.status).toBe(303)
  expect(answer.headers.location).toBe('/admin')
  return String(answer.headers['set-cookie']).split(';')[0] ?? ''
}

const session = (cookie: string, headers = {}) => ask('get-admin-session', { headers: { cookie, ...headers } })

const config = { actions: [{ type: 'percent_off', value: 10 }] }
const save = (headers: Record<string, string>) =>
  ask('put-promo', { params: { id: 'p' }, json: { config, expected_version: 0, reason: 'why' }, headers })

describe('the link', () => {
  test('becomes a session with its role and name, and leaves the address', async () => {
    const cookie = await signIn('marketer')
    const { status, json } = await session(cookie)
    expect(status).toBe(200)
    expect(json()).toEqual({ role: 'marketer', name: 'anna', expires_at: '2022-04-25T07:41:07.000Z' })
  })

  test('sets a cookie that no script reads, no other site sends, and that ends with the session', async () => {
    const { headers } = await ask('get-admin-login', { query: { token: await link() } })
    const [pair, ...attributes] = String(headers['set-cookie']).split('; ')
    expect(pair).toMatch(/^kram_session_3000=[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=43199', 'Path=/', 'SameSite=Strict'])
    expect(headers['cache-control']).toBe('no-store')
  })

  test('is good once, also after a restart', async () => {
    const token = await link()
    expect((await ask('get-admin-login', { query: { token } })).headers.location).toBe('/admin')
    const again = await ask('get-admin-login', { query: { token } })
    expect(again.headers.location).toBe('/admin#/sign-in?reason=link_spent')
    expect(again.headers['set-cookie']).toBeUndefined()
    const restarted = createSessions({ dataDir: join(shop.adminFolder, '..'), clock: shop.deps.clock })
    await expect(restarted.begin(token)).rejects.toMatchObject({ code: 'link_spent' })
  })

  test('is good once for those who use it at the same time', async () => {
    const token = await link()
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('get-admin-login', { query: { token } })))
    expect(answers.filter(({ headers }) => headers.location === '/admin')).toHaveLength(1)
  })

  test('ends after ten minutes', async () => {
    const token = await link()
    shop.clock.ms += 600_000
    const { headers } = await ask('get-admin-login', { query: { token } })
    expect(headers.location).toBe('/admin#/sign-in?reason=link_expired')
  })

  test.each(['x', 'a.b.c', ''])('that is none of ours leads nowhere: %j', async (token) => {
    const { headers } = await ask('get-admin-login', { query: { token } })
    expect(headers.location).toBe('/admin#/sign-in?reason=link_invalid')
    expect(headers['set-cookie']).toBeUndefined()
  })

  test('is no token of the API and no session, and a token is no link', async () => {
    const token = await link()
    expect((await ask('get-admin-session', { token })).json().code).toBe('token_invalid')
    expect((await session(`kram_session_3000=${token}`)).json().code).toBe('session_ended')
    const { headers } = await ask('get-admin-login', { query: { token: await shop.token('admin') } })
    expect(headers.location).toBe('/admin#/sign-in?reason=link_invalid')
  })

  test.each([
    ['a prefetch', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['an older prefetch', { headers: { purpose: 'prefetch' } }],
    ['a look at its headers', { method: 'HEAD' }],
  ])('is not spent by %s', async (_name, options: RequestOptions) => {
    const token = await link()
    const ahead = await ask('get-admin-login', { ...options, query: { token } })
    expect(ahead.status).toBe(403)
    expect((await ask('get-admin-login', { query: { token } })).headers.location).toBe('/admin')
  })

  test('is not followed under a name that is not this machine’s', async () => {
    const token = await link()
    const answer = await ask('get-admin-login', { query: { token }, headers: { host: 'evil.example:3000' } })
    expect(answer.json().code).toBe('host_not_allowed')
    expect((await ask('get-admin-login', { query: { token } })).headers.location).toBe('/admin')
  })
})

describe('a session', () => {
  test('is a new one at every sign-in: what a browser had before is not taken over, and ends', async () => {
    const planted = await signIn()
    const cookie = await signIn('admin', { headers: { cookie: planted } })
    expect(cookie).not.toBe(planted)
    expect((await session(cookie)).status).toBe(200)
    expect((await session(planted)).json().code).toBe('session_ended')
    const forged = await signIn('admin', { headers: { cookie: 'kram_session_3000=chosen-by-somebody' } })
    expect(forged).not.toContain('chosen')
  })

  test('ends by itself after twelve hours', async () => {
    const cookie = await signIn()
    shop.clock.ms += 12 * 3_600_000 - 2_000
    expect((await session(cookie)).status).toBe(200)
    shop.clock.ms += 2_000
    expect((await session(cookie)).json()).toMatchObject({ status: 401, code: 'session_ended' })
  })

  test('that was ended counts nowhere any more, wherever its cookie was copied to, also after a restart', async () => {
    const cookie = await signIn()
    const other = await signIn()
    const { status, headers, json } = await ask('post-admin-logout', { headers: { cookie, origin } })
    expect([status, json()]).toEqual([200, { ended: true }])
    expect(headers['set-cookie']).toMatch(/^kram_session_3000=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/)
    expect((await session(cookie)).status).toBe(401)
    const sessions = createSessions({ dataDir: join(shop.adminFolder, '..'), clock: shop.deps.clock })
    const tokens = createTokens({ keyPath: join(shop.adminFolder, '..', 'token.key'), clock: shop.deps.clock })
    provideDeps({ sessions, authenticate: authenticateHere({ tokens, sessions }) })
    expect((await session(cookie)).status).toBe(401)
    expect((await session(other)).status).toBe(200)
  })

  test('does what its role may, as a token does', async () => {
    const marketer = await signIn('marketer')
    expect((await save({ cookie: marketer, origin })).json()).toMatchObject({ version: 1, saved_by: 'anna' })
    expect((await ask('list-customers', { headers: { cookie: marketer } })).json().code).toBe('role_not_allowed')
    const admin = await signIn('admin')
    expect((await ask('list-customers', { headers: { cookie: admin } })).status).toBe(200)
  })

  test('is read where API Gateway’s payload puts cookies, too', async () => {
    const cookie = await signIn()
    const { handler } = functionOf('get-admin-session')
    const { payloadOf } = await import('../support/http.ts')
    const payload = { ...payloadOf({ path: '/admin/session', headers: { host } }), cookies: ['theme=dark', cookie] }
    expect((await handler(payload)).statusCode).toBe(200)
  })

  test.each(['kram_session_3000=', 'kram_session_3001=x', 'kram_session=x', 'x', ''])(
    'is not what another cookie says: %j',
    async (cookie) => expect((await session(cookie)).json().code).toBe('token_missing'),
  )

  test('is none where a second cookie of its name came along: one of the two is not ours', async () => {
    const cookie = await signIn()
    expect((await session(`${cookie}; kram_session_3000=planted`)).json().code).toBe('token_missing')
    expect((await session(`a=b; ${cookie}; c="d e"`)).status).toBe(200)
  })

  test.each([
    ['a changed letter', (text: string) => `${text.slice(0, -2)}${text.endsWith('AA') ? 'BB' : 'AA'}`],
    ['no signature', (text: string) => `${text.split('.').slice(0, 2).join('.')}.`],
    [
      'another role in it',
      (text: string) => text.replace(/\.[\w-]+\./, `.${btoa('{"role":"admin"}').replace(/=/g, '')}.`),
    ],
  ])('with %s is none', async (_name, forge) => {
    const cookie = await signIn('marketer')
    expect((await session(forge(cookie))).json().code).toBe('session_ended')
  })

  test('does not come from a folder whose list of spent links is broken: nobody is let in by a fault', async () => {
    const path = join(shop.adminFolder, '..', 'spent.json')
    const cookie = await signIn()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')))).toHaveLength(1)
    writeFileSync(path, '{')
    const sessions = createSessions({ dataDir: join(shop.adminFolder, '..'), clock: shop.deps.clock })
    await expect(sessions.verify(cookie.split('=')[1] ?? '')).rejects.toThrow()
  })

  test('that is over is forgotten: the list of spent ones does not grow for ever', async () => {
    const path = join(shop.adminFolder, '..', 'spent.json')
    for (let i = 0; i < 3; i++) await signIn()
    shop.clock.ms += 13 * 3_600_000
    await signIn()
    expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')))).toHaveLength(1)
  })
})

describe('where a browser may use it from', () => {
  const cases: [name: string, headers: Record<string, string>, reads: boolean, writes: boolean][] = [
    ['the page itself', { origin, 'sec-fetch-site': 'same-origin' }, true, true],
    ['the page itself, in a browser that sends no Origin', { 'sec-fetch-site': 'same-origin' }, true, true],
    ['the page under localhost', { host: 'localhost:3000', origin: 'http://localhost:3000' }, true, true],
    ['the address bar', { 'sec-fetch-site': 'none' }, true, false],
    ['something that says nothing', {}, true, false],
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false, false],
    ['another site that hides its origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }, false, false],
    ['a link of another site', { 'sec-fetch-site': 'cross-site' }, false, false],
    ['another port of this machine', { origin: 'http://127.0.0.1:5000', 'sec-fetch-site': 'same-site' }, false, false],
    ['another port, in a browser without Sec-Fetch-Site', { origin: 'http://127.0.0.1:5000' }, false, false],
    [
      'the other name of this machine',
      { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' },
      false,
      false,
    ],
    ['the same host by TLS', { origin: 'https://127.0.0.1:3000' }, false, false],
    ['a page that lies about where it is', { origin, 'sec-fetch-site': 'cross-site' }, false, false],
  ]
  test.each(cases)('%s', async (_name, headers, reads, writes) => {
    const shownHost = headers.host ?? host
    const cookie = await signIn('admin', { headers: { host: shownHost } })
    const read = await session(cookie, headers)
    expect(read.status === 200 || read.json().code).toBe(reads || 'origin_not_allowed')
    const written = await save({ cookie, ...headers })
    expect(written.status === 200 || written.json().code).toBe(writes || 'origin_not_allowed')
  })

  test.each([
    'evil.example',
    'evil.example:3000',
    '127.0.0.1.evil.example:3000',
    'kram.local:3000',
    '10.0.0.7:3000',
    '',
  ])('not under the name %j, which may be made to point here', async (name) => {
    const text = (await signIn()).split('=')[1]
    // The name decides which cookie it would be; one without a port of ours is that of port 80.
    const cookie = `kram_session_80=${text}`
    const answer = await session(cookie, { host: name, origin: `http://${name}` })
    expect(answer.json().code).toBe('host_not_allowed')
  })

  test('a token needs none of this: no browser sends it by itself', async () => {
    const token = await shop.token('admin')
    const headers = { host: 'shop.example', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await ask('get-admin-session', { token, headers })).status).toBe(200)
  })
})

test('links and sessions leave no trace in the logs', async () => {
  const token = await link()
  const begun = await ask('get-admin-login', { query: { token } })
  const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? ''
  const read = await session(cookie)
  const ended = await ask('post-admin-logout', { headers: { cookie, origin } })
  const logs = begun.logs + read.logs + ended.logs
  expect(logs).toContain('get-admin-login')
  for (const secret of [token, cookie.split('=')[1] ?? '', 'anna']) expect(logs).not.toContain(secret)
})
