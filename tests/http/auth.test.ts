import { describe, expect, test } from 'vitest'
import { authenticateByClaims, authenticateByToken } from '../../lib/lambda/auth.ts'
import { readHttpEvent } from '../../lib/lambda/http-event.ts'
import { payloadOf } from '../support/http.ts'

const byClaims = authenticateByClaims({ rolesClaim: 'cognito:groups' })
const claimed = (claims: unknown) => readHttpEvent(payloadOf({ authorizer: { jwt: { claims, scopes: null } } }))

test.each([
  ['one role', 'shop', ['shop']],
  ['the authorizer’s way to write a list', '[shop tester]', ['shop', 'tester']],
  ['commas', 'shop,admin', ['shop', 'admin']],
  ['a list', ['marketer'], ['marketer']],
  ['groups that are no roles of ours', '[staff shop Admin administrators]', ['shop']],
  ['nothing', undefined, []],
  ['a number', 5, []],
  ['an object', { admin: true }, []],
])('claims with %s', async (_name, groups, roles) => {
  expect(await byClaims(claimed({ sub: 'u-1', 'cognito:groups': groups }))).toEqual({ subject: 'u-1', roles })
})

test('claims without a subject are refused', async () => {
  await expect(byClaims(claimed({ 'cognito:groups': 'admin' }))).rejects.toMatchObject({ code: 'token_invalid' })
})

test.each([undefined, null, {}, { jwt: {} }, { lambda: {} }, { iam: { userArn: 'x' } }, 'admin'])(
  'without claims of the JWT authorizer nobody is known: %j',
  async (authorizer) => {
    expect(await byClaims(readHttpEvent(payloadOf({ authorizer })))).toBeUndefined()
  },
)

test('on AWS the Authorization header itself is passed over: the authorizer has checked it', async () => {
  const event = readHttpEvent(payloadOf({ authorizer: undefined, token: 'a.b.c' }))
  expect(await byClaims(event)).toBeUndefined()
})

test('in the embedded run claims in requestContext are passed over: nobody has checked them', async () => {
  const byToken = authenticateByToken({
    sign: () => Promise.reject(new Error('not here')),
    verify: async (token) => ({ subject: token, roles: ['shop'] }),
  })
  const unchecked = readHttpEvent(payloadOf({ payload: 'serverless-offline.json' }))
  expect(unchecked.authorizer).toMatchObject({ jwt: { claims: { role: 'admin' } } })
  expect(await byToken(unchecked)).toBeUndefined()
  const withToken = readHttpEvent(payloadOf({ payload: 'serverless-offline.json', token: 'a.b.c' }))
  expect(await byToken(withToken)).toEqual({ subject: 'a.b.c', roles: ['shop'] })
})

describe('held to issuer and audience', () => {
  const own = { issuer: 'https://issuer.example', audience: 'kram' }
  const strict = authenticateByClaims({ rolesClaim: 'cognito:groups', ...own })
  const base = { sub: 'u-1', iss: own.issuer, 'cognito:groups': '[admin]' }

  test.each([
    ['an audience', { aud: 'kram' }],
    ['one of several audiences', { aud: ['other', 'kram'] }],
    ['several, as the authorizer writes them', { aud: '[other kram]' }],
    ['a client instead, as Amazon Cognito’s access tokens', { client_id: 'kram', token_use: 'access' }],
  ])('%s of ours is taken', async (_name, claims) => {
    expect(await strict(claimed({ ...base, ...claims }))).toEqual({ subject: 'u-1', roles: ['admin'] })
  })

  test.each([
    ['another issuer', { iss: 'https://issuer.example.evil', aud: 'kram' }],
    ['an issuer that differs by a stroke', { iss: 'https://issuer.example/', aud: 'kram' }],
    ['no issuer', { iss: undefined, aud: 'kram' }],
    ['another audience', { aud: 'kram2' }],
    ['another audience beside a client of ours', { aud: 'other', client_id: 'kram' }],
    ['another client', { client_id: 'other' }],
    ['neither audience nor client', {}],
    ['an ID token', { aud: 'kram', token_use: 'id' }],
  ])('%s is refused', async (_name, claims) => {
    await expect(strict(claimed({ ...base, ...claims }))).rejects.toMatchObject({ code: 'token_invalid' })
  })
})
