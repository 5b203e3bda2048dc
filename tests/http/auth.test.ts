import { expect, test } from 'vitest'
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
