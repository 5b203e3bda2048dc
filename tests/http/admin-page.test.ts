// The admin page's files as a browser gets them: policy, caching, encodings, and nothing from outside their folder.
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAdminFiles } from '../../lib/lambda/admin-files.ts'
import { deps, provideDeps } from '../../lib/lambda/deps.ts'
import { metricsText } from '../../lib/lambda/metrics.ts'
import { adminPage, adminScript } from '../support/admin-page.ts'
import { functionOf } from '../support/all-functions.ts'
import { call, payloadOf, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'

let shop: HttpShop
beforeAll(async () => {
  shop = await openHttpShop()
})
afterAll(() => shop.close())

const ask = (name: string, options: RequestOptions = {}) => {
  const { handler, route } = functionOf(name)
  return call(handler, route, options)
}

const asset = (file: string, headers: Record<string, string> = {}) =>
  ask('get-admin-asset', { path: `/admin/assets/${encodeURIComponent(file)}`, params: { file }, headers })

const directivesOf = (policy = '') =>
  Object.fromEntries(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ')
      return [name, sources.join(' ')]
    }),
  )

describe('the page', () => {
  test('lets a browser load from here and from nowhere else, frame it never, and run no text as script', async () => {
    const { status, headers, body } = await ask('get-admin')
    expect([status, body]).toEqual([200, adminPage])
    expect(directivesOf(headers['content-security-policy'])).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'font-src': "'self'",
      'connect-src': "'self'",
      'form-action': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
      'report-uri': '/admin/csp-reports',
    })
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'cache-control': 'no-cache',
    })
  })

  test('is asked for anew each time, and sent only when it has changed', async () => {
    const { headers } = await ask('get-admin')
    const etag = String(headers.etag)
    const again = await ask('get-admin', { headers: { 'if-none-match': `W/${etag}` } })
    expect([again.status, again.body]).toEqual([304, ''])
    expect(again.headers['content-security-policy']).toBe(headers['content-security-policy'])
    writeFileSync(join(shop.adminFolder, 'index.html'), `${adminPage}<p>new`)
    utimesSync(join(shop.adminFolder, 'index.html'), new Date(), new Date(Date.now() + 5_000))
    const changed = await ask('get-admin', { headers: { 'if-none-match': etag } })
    expect([changed.status, changed.body]).toEqual([200, `${adminPage}<p>new`])
  })

  test('takes the answer of an issuer in its query, and is not cached with it', async () => {
    const { headers } = await ask('get-admin')
    const query = { code: 'x y/z', state: 'a', iss: 'https://issuer.example' }
    const answer = await ask('get-admin', { query, headers: { 'if-none-match': String(headers.etag) } })
    expect(answer.status).toBe(200)
  })

  test('may talk with the issuer where one signs people in', async () => {
    const issuer = 'https://issuer.example/pool'
    const origins = ['https://issuer.example', 'https://login.example']
    provideDeps({ signIn: { kind: 'oidc', issuer, clientId: 'kram', scope: 'openid', origins } })
    const { headers } = await ask('get-admin')
    const config = await ask('get-admin-config')
    provideDeps({ signIn: undefined })
    const sources = "'self' https://issuer.example https://login.example"
    expect(directivesOf(headers['content-security-policy'])['connect-src']).toBe(sources)
    expect(config.json()).toEqual({
      auth: { kind: 'oidc', issuer, client_id: 'kram', scope: 'openid' },
      currency: 'PLN',
      time_zone: 'Europe/Kyiv',
    })
  })

  test('says how to build it where it is not built', async () => {
    const { adminFiles } = await deps(['adminFiles'])
    provideDeps({ adminFiles: createAdminFiles(join(shop.adminFolder, 'not-there')) })
    const { status, headers, body } = await ask('get-admin')
    const file = await asset('app-1.js')
    provideDeps({ adminFiles })
    expect([status, headers['content-type']]).toEqual([503, 'text/html; charset=utf-8'])
    expect(body).toContain('npm run admin:build')
    expect(headers['cache-control']).toBe('no-store')
    expect(file.status).toBe(404)
  })
})

describe('a file', () => {
  test.each([
    ['br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip;q=1.0, br;q=0', 'gzip', gunzipSync],
    ['BR', 'br', brotliDecompressSync],
  ])('comes in the encoding that is asked for: %s', async (accepted, encoding, decode) => {
    const { status, headers, body } = await asset('app-1.js', { 'accept-encoding': accepted })
    expect([status, headers['content-encoding']]).toEqual([200, encoding])
    expect(decode(Buffer.from(body, 'base64')).toString()).toBe(adminScript)
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    })
  })

  test.each(['', 'identity', 'zstd', 'br;q=0', 'brotli'])('comes as it is for %j', async (accepted) => {
    const { headers, body } = await asset('app-1.js', { 'accept-encoding': accepted })
    expect(headers['content-encoding']).toBeUndefined()
    expect(Buffer.from(body, 'base64').toString()).toBe(adminScript)
  })

  test('has another tag in another encoding, and is sent once to whoever keeps it', async () => {
    const plain = await asset('app-1.js')
    const brotli = await asset('app-1.js', { 'accept-encoding': 'br' })
    expect(plain.headers.etag).not.toBe(brotli.headers.etag)
    const kept = await asset('app-1.js', { 'accept-encoding': 'br', 'if-none-match': String(brotli.headers.etag) })
    expect([kept.status, kept.body]).toEqual([304, ''])
    expect((await asset('app-1.js', { 'if-none-match': String(brotli.headers.etag) })).status).toBe(200)
  })

  test.each([
    '..',
    '../secret.js',
    '..%2Fsecret.js',
    '%2e%2e%2fsecret.js',
    '..\\secret.js',
    '/etc/passwd',
    'folder',
    'app-1.js/',
    'app-1.js\u0000.css',
    'app-1.js.br',
    'app-1.js.map',
    'APP-1.JS',
    '__proto__',
    'constructor',
    '.',
    ' ',
  ])('is found by its own name alone, not as %j', async (file) => {
    const { status, json } = await asset(file)
    expect({ status, code: json().code }).toEqual({ status: 404, code: 'no_such_file' })
  })
})

test.each([
  [{ 'csp-report': { 'effective-directive': 'script-src-elem', 'blocked-uri': 'inline' } }, 'script-src-elem'],
  [{ 'csp-report': { 'violated-directive': 'require-trusted-types-for' } }, 'require-trusted-types-for'],
  [{ 'csp-report': { 'effective-directive': 'made-up"} 1\n' } }, 'other'],
  [[1], 'other'],
  ['no report at all', 'other'],
])('a report of a browser is counted by its directive: %j', async (report, directive) => {
  const counted = () =>
    Number(new RegExp(`kram_csp_reports_total\\{directive="${directive}"\\} (\\d+)`).exec(metricsText())?.[1] ?? 0)
  const before = counted()
  const headers = { 'content-type': 'application/csp-report' }
  const { status, body } = await ask('post-csp-reports', { body: JSON.stringify(report), headers })
  expect([status, body]).toEqual([204, ''])
  expect(counted()).toBe(before + 1)
})

test('an address under /admin that is no route is answered as everywhere', async () => {
  const { handler } = functionOf('get-admin')
  const unknown = await handler(payloadOf({ path: '/admin/nothing' }))
  expect([unknown.statusCode, JSON.parse(unknown.body).code]).toEqual([404, 'no_such_route'])
  const wrong = await handler(payloadOf({ path: '/admin/logout' }))
  expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'POST'])
})
