// Accounts, in a real browser: at an OpenID Connect issuer as on AWS, and with the link of the embedded run.
import '../support/quiet.ts'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { authenticateByClaims } from '../../lib/lambda/auth.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { createSessions } from '../../lib/lambda/sessions.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type OidcIssuer, openOidcIssuer } from '../support/oidc-issuer.ts'
import { type ServedShop, serveShop } from '../support/served-shop.ts'
import { openBrowser } from './support/visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

let page: Page
let faults: string[]
beforeEach(async () => {
  const context = await browser.newContext({ locale: 'en-GB' })
  page = await context.newPage()
  faults = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (/content security policy|trusted ?types/i.test(message.text())) faults.push(message.text())
  })
})
afterEach(async () => {
  expect(faults).toEqual([])
  await page.context().close()
})

const signInHeading = () => page.getByRole('heading', { name: 'Please sign in' })
const isIn = () => page.getByRole('button', { name: 'Sign out' })

describe('at an issuer', () => {
  const clientId = 'kram-admin'
  let issuer: OidcIssuer
  let shop: ServedShop

  /** The shop behind what API Gateway's JWT authorizer does: issuer, client and time of every token are checked. */
  async function open(): Promise<void> {
    issuer = await openOidcIssuer({ clientId, redirectUris: () => [`${shop.url}/admin`] })
    const keys = createRemoteJWKSet(new URL(`${issuer.issuer}/jwks.json`))
    shop = await serveShop({
      dataDir: temporaryFolder(),
      authorizer: async (token) => {
        const verified = await jwtVerify(token, keys, { issuer: issuer.issuer }).catch(() => undefined)
        return verified?.payload.client_id === clientId ? verified.payload : undefined
      },
    })
    provideDeps({
      authenticate: authenticateByClaims({
        ...{ rolesClaim: 'cognito:groups', issuer: issuer.issuer, audience: clientId },
      }),
      signIn: { kind: 'oidc', issuer: issuer.issuer, clientId, scope: 'openid', origins: [issuer.issuer] },
    })
  }
  beforeEach(open)
  afterEach(() => {
    issuer.close()
    provideDeps({ signIn: undefined })
  })

  const signIn = async (): Promise<void> => {
    await page.goto(`${shop.url}/admin#/results`)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  test('a marketer signs in and comes back to where she was; neither code nor token stays in the address', async () => {
    issuer.person = { subject: 'olena', roles: ['marketer', 'staff'] }
    await signIn()
    await isIn().waitFor()
    expect(page.url()).toBe(`${shop.url}/admin#/results`)
    await expect(page.getByText('olena').first().isVisible()).resolves.toBe(true)
    expect(issuer.refused).toEqual([])
    // Loaded again, the tab is still signed in; another one is not.
    await page.reload()
    await isIn().waitFor()
    const other = await page.context().newPage()
    await other.goto(`${shop.url}/admin`)
    await other.getByRole('heading', { name: 'Please sign in' }).waitFor()
    expect(await page.context().cookies()).toEqual([])
  })

  test('who signs out is out', async () => {
    issuer.person = { subject: 'olena', roles: ['admin'] }
    await signIn()
    await isIn().click()
    await signInHeading().waitFor()
    await page.reload()
    await signInHeading().waitFor()
  })

  test('a token that ends asks to sign in again', async () => {
    issuer.person = { subject: 'olena', roles: ['admin'], ttlSeconds: 1 }
    await signIn()
    await page.waitForURL(/#\/results$/)
    await expect
      .poll(
        async () => {
          await page.reload()
          return await signInHeading().isVisible()
        },
        { timeout: 20_000 },
      )
      .toBe(true)
  })

  test('who has no role of ours is not let in, and is told so', async () => {
    issuer.person = { subject: 'mallory', roles: ['staff'] }
    await signIn()
    await page.getByText('neither the role marketer nor admin').waitFor()
    expect(await isIn().isVisible()).toBe(false)
  })

  test('who turns back at the issuer is told so and asked again, where she was', async () => {
    issuer.person = undefined
    await signIn()
    await page.getByText('did not let you in').waitFor()
    expect(page.url()).toBe(`${shop.url}/admin#/results`)
    issuer.person = { subject: 'olena', roles: ['marketer'] }
    await page.getByRole('button', { name: 'Sign in' }).click()
    await isIn().waitFor()
  })

  test.each([
    ['the ID token answers another sign-in', 'idClaims', { nonce: 'another' }, 'could not be finished'],
    ['the ID token is for another client', 'idClaims', { aud: 'another' }, 'could not be finished'],
    ['the ID token is of another issuer', 'idClaims', { iss: 'https://evil.example' }, 'could not be finished'],
    ['the answer is of another issuer', 'answered', { iss: 'https://evil.example' }, 'not begun in this tab'],
    ['the answer has another state', 'answered', { state: 'another' }, 'not begun in this tab'],
    ['the code is not the issuer’s', 'answered', { code: 'planted' }, 'could not be finished'],
  ] as const)('%s: nobody is signed in, and the page says so', async (_name, where, wrong, told) => {
    issuer.person = { subject: 'mallory', roles: ['admin'] }
    Object.assign(issuer[where], wrong)
    await signIn()
    await page.getByRole('alert').filter({ hasText: told }).waitFor()
    expect(await isIn().isVisible()).toBe(false)
    expect(await page.evaluate(() => sessionStorage.getItem('kram.token'))).toBe(null)
    expect(page.url()).not.toMatch(/code=|state=/)
  })

  test('an issuer that cannot be reached: the page says that the sign-in failed', async () => {
    await page.goto(`${shop.url}/admin`)
    await signInHeading().waitFor()
    issuer.close()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('could not be finished').waitFor()
  })

  test('an answer that this tab did not ask for is not taken: somebody else’s code is not spent', async () => {
    issuer.person = { subject: 'mallory', roles: ['admin'] }
    await page.goto(`${shop.url}/admin?code=planted&state=planted`)
    await signInHeading().waitFor()
    // Asked for, but with another state.
    await page.evaluate(() =>
      sessionStorage.setItem('kram.signin', JSON.stringify({ verifier: 'v', state: 'expected', place: '' })),
    )
    await page.goto(`${shop.url}/admin?code=planted&state=another`)
    await signInHeading().waitFor()
    expect(issuer.refused).toEqual([])
  })
})

describe('with the link of the embedded run', () => {
  const clock = { now: () => Date.now() }

  const linkOf = async (role: 'admin' | 'marketer' = 'admin'): Promise<string> => {
    const { url, dataDir } = inject('empty')
    const token = await createSessions({ dataDir, clock }).link({ role, subject: 'anna' })
    return `${url}/admin/login?token=${token}`
  }

  test('it is good once; the session survives a reload, is of this browser alone, and no script reads it', async () => {
    const link = await linkOf('marketer')
    await page.goto(link)
    await isIn().waitFor()
    expect(page.url()).not.toContain('token')
    expect(await page.evaluate(() => document.cookie)).toBe('')
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' })
    await page.reload()
    await isIn().waitFor()
    const other = await browser.newContext({ locale: 'en-GB' })
    const stranger = await other.newPage()
    await stranger.goto(link)
    await stranger.getByRole('heading', { name: 'Please sign in' }).waitFor()
    await stranger.getByText('This link was used before').waitFor()
    await other.close()
    await isIn().click()
    await signInHeading().waitFor()
    await page.reload()
    await signInHeading().waitFor()
  })

  test('a page of another port of this machine can neither read nor write with the session', async () => {
    const { createServer } = await import('node:http')
    const evil = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title>')
    })
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
    const { port } = evil.address() as { port: number }
    await page.goto(await linkOf())
    await isIn().waitFor()
    const { url } = inject('empty')
    await page.goto(`http://127.0.0.1:${port}/`)
    const outcomes = await page.evaluate(async (shop) => {
      const attempt = (path: string, init: RequestInit) =>
        fetch(shop + path, { credentials: 'include', ...init }).then(
          ({ status }) => status,
          () => 'blocked',
        )
      const json = { 'content-type': 'application/json' }
      const body = JSON.stringify({ config: { actions: [] }, expected_version: 0, reason: 'evil' })
      return [
        await attempt('/admin/session', {}),
        await attempt('/promos', {}),
        await attempt('/promos/evil', { method: 'PUT', headers: json, body }),
        await attempt('/promos/pause', { method: 'POST', headers: json, body: '{"all":true,"reason":"evil"}' }),
        await attempt('/admin/logout', { method: 'POST', mode: 'no-cors' }),
      ]
    }, url)
    // Either the browser does not let it happen, or the shop refuses; `0`: an answer that no script may see.
    for (const outcome of outcomes) expect(['blocked', 403, 0]).toContain(outcome)
    // A form needs no leave of the browser's.
    await page.evaluate((shop) => {
      const form = document.createElement('form')
      form.method = 'post'
      form.action = `${shop}/admin/logout`
      document.body.append(form)
      form.submit()
    }, url)
    await page.waitForURL(`${url}/admin/logout`)
    expect(await page.textContent('body')).toContain('origin_not_allowed')
    await page.goto(`${url}/admin`)
    await isIn().waitFor()
    evil.closeAllConnections()
    evil.close()
  })
})
