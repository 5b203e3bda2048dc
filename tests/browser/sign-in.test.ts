// Who is not signed in is told how; at an issuer the page signs in with a code and PKCE (RFC 7636), and calls the API
// with the token. The issuer is played by the test, at an address of the shop's own origin.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createTokens } from '../../lib/lambda/tokens.ts'
import { openBrowser } from './support/visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

test('without a session the page says where the link is, in the reader’s language', async () => {
  const { url } = inject('sample')
  const page = await browser.newPage({ locale: 'pl-PL' })
  await page.goto(`${url}/admin#/promos/puma-shorts`)
  await page.getByRole('heading', { name: 'Zaloguj się' }).waitFor()
  expect(await page.locator('code').innerText()).toContain('token --admin-link')
  expect(await page.locator('main').count()).toBe(0)
  await page.close()
})

test('at an issuer: a code with PKCE, a token, and back to the place that was asked for', async () => {
  const { url, dataDir } = inject('sample')
  const issuer = `${url}/issuer`
  const clock = { now: () => Date.now() }
  const token = await createTokens({ keyPath: join(dataDir, 'token.key'), clock }).sign({
    ...{ role: 'marketer', subject: 'olha', ttlSeconds: 600 },
  })
  const page = await browser.newPage({ locale: 'en-GB' })
  const seen: { challenge?: string; verifier?: string; bearer?: string | undefined } = {}
  await page.route('**/admin/config.json', (route) =>
    route.fulfill({
      json: {
        auth: { kind: 'oidc', issuer, client_id: 'page', scope: 'openid' },
        ...{ currency: 'PLN', time_zone: 'Europe/Kyiv' },
      },
    }),
  )
  await page.route('**/issuer/**', (route) => {
    const asked = new URL(route.request().url())
    if (asked.pathname.endsWith('openid-configuration')) {
      return route.fulfill({
        json: { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
      })
    }
    if (asked.pathname.endsWith('/authorize')) {
      const { code_challenge, code_challenge_method, redirect_uri, state } = Object.fromEntries(asked.searchParams)
      expect([code_challenge_method, redirect_uri]).toEqual(['S256', `${url}/admin`])
      seen.challenge = code_challenge ?? ''
      return route.fulfill({ status: 302, headers: { location: `${redirect_uri}?code=once&state=${state}` } })
    }
    const form = new URLSearchParams(route.request().postData() ?? '')
    seen.verifier = form.get('code_verifier') ?? ''
    expect(form.get('code')).toBe('once')
    return route.fulfill({ json: { access_token: token, expires_in: 600 } })
  })
  page.on('request', (request) => {
    if (request.url().includes('/promos?')) seen.bearer = request.headers().authorization
  })
  await page.goto(`${url}/admin#/calendar`)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Calendar' }).waitFor()
  expect(page.url()).toBe(`${url}/admin#/calendar`)
  expect(
    createHash('sha256')
      .update(seen.verifier ?? '')
      .digest('base64url'),
  ).toBe(seen.challenge)
  expect(seen.bearer).toBe(`Bearer ${token}`)
  await page.getByText('olha').waitFor()
  await page.close()
})
