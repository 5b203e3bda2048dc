// What a process runs on: built once, from the environment, part by part.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { backend, deps, provideDeps, settingsFromEnvironment } from '../../lib/lambda/deps.ts'
import { functionOf } from '../support/all-functions.ts'
import { call } from '../support/http.ts'

const names = ['KRAM_BACKEND', 'KRAM_CURRENCY', 'KRAM_TIME_ZONE', 'KRAM_DELIVERIES', 'KRAM_ROLES_CLAIM'] as const
const before = new Map<string, string | undefined>()

beforeEach(() => {
  for (const name of names) {
    before.set(name, process.env[name])
    delete process.env[name]
  }
})
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  provideDeps({ settings: undefined, clock: undefined, authenticate: undefined })
})

describe('who signs in to the admin page', () => {
  const oidc = {
    KRAM_BACKEND: 'aws',
    KRAM_JWT_ISSUER: 'https://cognito-idp.eu-central-1.amazonaws.com/pool',
    KRAM_OIDC_CLIENT_ID: 'kram',
  }
  const signIn = async (more: { [name: string]: string } = {}) => {
    vi.unstubAllEnvs()
    for (const [name, value] of Object.entries({ ...oidc, ...more })) vi.stubEnv(name, value)
    provideDeps({ signIn: undefined })
    return (await deps(['signIn'])).signIn
  }
  afterEach(() => {
    vi.unstubAllEnvs()
    provideDeps({ signIn: undefined })
  })

  test('here, a session; on AWS the issuer, with the origins that the page may talk to', async () => {
    expect((await deps(['signIn'])).signIn).toEqual({ kind: 'session' })
    const issuer = oidc.KRAM_JWT_ISSUER
    const standard = { kind: 'oidc', issuer, clientId: 'kram', scope: 'openid' }
    const own = 'https://cognito-idp.eu-central-1.amazonaws.com'
    expect(await signIn()).toEqual({ ...standard, origins: [own] })
    expect(await signIn({ KRAM_OIDC_ORIGINS: 'none' })).toEqual({ ...standard, origins: [own] })
    const domain = 'https://kram.auth.eu-central-1.amazoncognito.com'
    expect(await signIn({ KRAM_OIDC_ORIGINS: `${domain}/login ${own}`, KRAM_OIDC_SCOPE: 'openid email' })).toEqual({
      ...standard,
      scope: 'openid email',
      origins: [own, domain],
    })
    expect(await signIn({ KRAM_JWT_ISSUER: 'http://localhost:4566/issuer' })).toMatchObject({
      origins: ['http://localhost:4566'],
    })
  })

  test.each([
    { KRAM_JWT_ISSUER: 'http://issuer.example' },
    { KRAM_JWT_ISSUER: 'issuer' },
    { KRAM_OIDC_ORIGINS: "https://a.example; script-src 'unsafe-inline'" },
    { KRAM_OIDC_ORIGINS: '*' },
    { KRAM_OIDC_ORIGINS: 'javascript:alert(1)' },
  ])('an origin that is none is refused, and does not get into the policy: %j', async (more) => {
    await expect(signIn(more)).rejects.toMatchObject({ code: 'settings' })
  })

  test('there are no sessions on AWS', async () => {
    vi.stubEnv('KRAM_BACKEND', 'aws')
    await expect(deps(['sessions'])).rejects.toMatchObject({ code: 'shop_not_open' })
  })
})

describe('the environment', () => {
  test('has defaults', () => {
    expect(backend()).toBe('embedded')
    const deliveries = { courier: 1_999, novaposhta: 1_499, pickup: 0 }
    expect(settingsFromEnvironment()).toEqual({ currency: 'PLN', timeZone: 'Europe/Kyiv', deliveries })
  })

  test('is read when a part is first asked for', async () => {
    process.env.KRAM_CURRENCY = 'UAH'
    process.env.KRAM_TIME_ZONE = 'Europe/Warsaw'
    process.env.KRAM_DELIVERIES = 'поштомат=50, pickup = 0.00,dhl.express=149.9'
    const { settings } = await deps(['settings'])
    const deliveries = { поштомат: 5_000, pickup: 0, 'dhl.express': 14_990 }
    expect(settings).toEqual({ currency: 'UAH', timeZone: 'Europe/Warsaw', deliveries })
    process.env.KRAM_CURRENCY = 'EUR'
    expect((await deps(['settings'])).settings).toBe(settings)
  })

  test.each([
    ['KRAM_CURRENCY', 'zł'],
    ['KRAM_CURRENCY', ''],
    ['KRAM_CURRENCY', 'JPY'],
    ['KRAM_CURRENCY', 'KWD'],
    ['KRAM_TIME_ZONE', 'Mars/Olympus'],
    ['KRAM_TIME_ZONE', ''],
    ['KRAM_DELIVERIES', ''],
    ['KRAM_DELIVERIES', 'courier'],
    ['KRAM_DELIVERIES', 'courier=1.999'],
    ['KRAM_DELIVERIES', 'courier=-1'],
    ['KRAM_DELIVERIES', 'courier=1,courier=2'],
  ])('is refused in a sentence that names it: %s=%s', (name, value) => {
    process.env[name] = value
    expect(settingsFromEnvironment).toThrow(
      expect.objectContaining({ code: 'settings', message: expect.stringContaining(name) }),
    )
  })

  test('cannot name another backend', () => {
    process.env.KRAM_BACKEND = 'azure'
    expect(backend).toThrow(expect.objectContaining({ code: 'unknown_backend' }))
  })
})

test('/metrics is there in the embedded run alone', async () => {
  process.env.KRAM_BACKEND = 'aws'
  const { handler, route } = functionOf('get-metrics')
  const answer = await call(handler, route)
  expect({ status: answer.status, code: answer.json().code }).toEqual({ status: 404, code: 'no_such_route' })
})

describe('a part', () => {
  test('that nobody opened is unavailable, and asked for again the next time', async () => {
    await expect(deps(['table'])).rejects.toMatchObject({ kind: 'unavailable', code: 'shop_not_open' })
    await expect(deps(['table'])).rejects.toMatchObject({ code: 'shop_not_open' })
  })

  test('that is not asked for is not there', async () => {
    expect(Object.keys(await deps(['clock']))).toEqual(['clock'])
  })

  test('can be provided, and forgotten', async () => {
    const clock = { now: () => 7 }
    provideDeps({ clock })
    expect((await deps(['clock'])).clock).toBe(clock)
    provideDeps({ clock: undefined })
    expect((await deps(['clock'])).clock).not.toBe(clock)
  })
})
