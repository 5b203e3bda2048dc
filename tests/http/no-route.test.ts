// What the API answers to a request that no route takes.
import { describe, expect, test } from 'vitest'
import { unmatchedFunction } from '../../lib/lambda/http-function.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'
import { captureOutput } from '../support/capture-output.ts'
import { payloadOf } from '../support/http.ts'

describe('what no route takes', () => {
  const unmatched = unmatchedFunction('no-route', allRoutes)
  const ask = async (method: string, path: string) => {
    let answer: Awaited<ReturnType<typeof unmatched>> | undefined
    await captureOutput(async () => {
      answer = await unmatched(payloadOf({ method, path }))
    })
    return { status: answer?.statusCode, allow: answer?.headers.allow, code: JSON.parse(answer?.body ?? '{}').code }
  }

  test.each([
    ['GET', '/'],
    ['GET', '/nothing'],
    ['GET', '/customers/'],
    ['GET', '/products/a/prices/b'],
  ])('%s %s is not found', async (method, path) => {
    expect(await ask(method, path)).toEqual({ status: 404, allow: undefined, code: 'no_such_route' })
  })

  test.each([
    ['DELETE', '/customers', 'POST, GET'],
    ['PUT', '/products/a', 'GET'],
    ['GET', '/purchases', 'POST'],
  ])('%s %s is not allowed', async (method, path, allow) => {
    expect(await ask(method, path)).toEqual({ status: 405, allow, code: 'method_not_allowed' })
  })
})
