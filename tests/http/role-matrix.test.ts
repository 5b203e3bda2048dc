// Every route with every role, with no token and with claims that nobody has checked: each cell is tried.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticateByClaims } from '../../lib/lambda/auth.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { roles } from '../../lib/lambda/roles.ts'
import { allFunctions } from '../support/all-functions.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'

let shop: HttpShop
beforeAll(async () => {
  shop = await openHttpShop()
})
afterAll(() => shop.close())

// Good enough to pass the door; what comes behind it is other tests' business.
const request: RequestOptions = { params: { id: 'x' }, json: {} }
const refused = (status: number): boolean => status === 401 || status === 403

describe.each(allFunctions.map(({ route, handler }) => [`${route.method} ${route.path}`, route, handler] as const))(
  '%s',
  (_name, route, handler) => {
    const open = route.roles === 'public'

    test.each(roles)('as %s', async (role) => {
      const allowed = open || (route.roles as readonly string[]).includes(role)
      const { status, json } = await call(handler, route, { ...request, token: await shop.token(role) })
      if (allowed) expect(refused(status), `${status}`).toBe(false)
      else expect({ status, code: json().code }).toEqual({ status: 403, code: 'role_not_allowed' })
    })

    test('without a token', async () => {
      const { status } = await call(handler, route, request)
      expect(status === 401).toBe(!open)
    })

    test('with a token that has ended', async () => {
      const token = await shop.token('admin')
      const { ms } = shop.clock
      shop.clock.ms += 3_601_000
      const { status } = await call(handler, route, { ...request, token })
      shop.clock.ms = ms
      expect(status === 401).toBe(!open)
    })

    test('with claims in requestContext that nobody has checked', async () => {
      const { status } = await call(handler, route, { ...request, payload: 'serverless-offline.json' })
      expect(status === 401).toBe(!open)
    })
  },
)

describe('on AWS, by the claims of the JWT authorizer', () => {
  const byClaims = authenticateByClaims({ rolesClaim: 'cognito:groups' })
  const cells = allFunctions.flatMap((served) => roles.map((role) => ({ ...served, role })))

  test.each(cells.map((cell) => [`${cell.route.method} ${cell.route.path} as ${cell.role}`, cell] as const))(
    '%s',
    async (_name, { route, handler, role }) => {
      const { authenticate } = await import('../../lib/lambda/deps.ts').then(({ deps }) => deps(['authenticate']))
      provideDeps({ authenticate: byClaims })
      const authorizer = { jwt: { claims: { sub: 'u-1', 'cognito:groups': `[${role} staff]` }, scopes: null } }
      const { status } = await call(handler, route, { ...request, authorizer })
      provideDeps({ authenticate })
      const allowed = route.roles === 'public' || (route.roles as readonly string[]).includes(role)
      expect(refused(status)).toBe(!allowed)
    },
  )
})
