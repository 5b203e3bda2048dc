// The stack of every HTTP function, around a route made for these tests.
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { httpFunction } from '../../lib/lambda/http-function.ts'
import { defineRoute } from '../../lib/lambda/route.ts'
import { captureOutput, jsonLines } from '../support/capture-output.ts'
import { payloadOf, type RequestOptions } from '../support/http.ts'

const canary = 'Kanarkowska'

const route = defineRoute({
  name: 'put-thing',
  method: 'POST',
  path: '/things/{id}',
  summary: 'For tests',
  roles: ['shop'],
  needs: ['settings'],
  params: v.strictObject({ id: v.pipe(v.string(), v.maxLength(5)) }),
  query: v.strictObject({ tone: v.exactOptional(v.string()) }),
  body: v.strictObject({ name: v.string(), count: v.pipe(v.number(), v.integer()) }),
  idempotent: true,
  answer: { status: 200, description: 'Done.', schema: v.strictObject({ ok: v.boolean() }) },
})

const seen: unknown[] = []
let failure: unknown

const handler = httpFunction(route, async (_deps, request) => {
  if (failure !== undefined) throw failure
  seen.push(request)
  return { ok: true }
})

beforeEach(() => {
  seen.length = 0
  failure = undefined
  provideDeps({
    settings: { currency: 'PLN', timeZone: 'Europe/Kyiv' },
    authenticate: async ({ headers }) => {
      const role = /^Bearer (shop|admin)$/.exec(headers.authorization ?? '')?.[1]
      if (role === 'shop' || role === 'admin') return { subject: `${role}-1`, roles: [role] }
      if (headers.authorization === undefined) return undefined
      throw new KramError('unauthorized', 'token_invalid', 'No.')
    },
  })
})
afterEach(() => provideDeps({ settings: undefined, authenticate: undefined }))

const good: RequestOptions = {
  method: 'POST',
  path: '/things/t-1',
  params: { id: 't-1' },
  token: 'shop',
  json: { name: 'x', count: 1 },
}

const send = (options: RequestOptions) => invoke(payloadOf({ ...good, ...options }))

async function invoke(payload: unknown) {
  let answer: Awaited<ReturnType<typeof handler>> | undefined
  const logs = await captureOutput(async () => {
    answer = await handler(payload)
  })
  if (!answer) throw new Error('no answer')
  return { ...answer, logs, json: answer.body === '' ? undefined : JSON.parse(answer.body) }
}

describe('a request', () => {
  test('comes to the handler parsed', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const { statusCode, json } = await send({
      query: { tone: 'low' },
      headers: { 'X-Correlation-Id': 'c-1', 'Idempotency-Key': 'k-1', traceparent },
    })
    expect({ statusCode, json }).toEqual({ statusCode: 200, json: { ok: true } })
    expect(seen).toEqual([
      {
        params: { id: 't-1' },
        query: { tone: 'low' },
        body: { name: 'x', count: 1 },
        caller: { subject: 'shop-1', roles: ['shop'] },
        correlationId: 'c-1',
        idempotencyKey: 'k-1',
        traceparent,
      },
    ])
  })

  test('may be base64, as API Gateway sends binary bodies', async () => {
    const body = JSON.stringify({ name: 'Łąka', count: 1 })
    await send({ json: undefined, body, base64: true, headers: { 'content-type': 'application/json' } })
    expect(seen).toMatchObject([{ body: { name: 'Łąka' } }])
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'has the content type %s',
    async (type) => {
      const { statusCode } = await send({ headers: { 'content-type': type } })
      expect(statusCode).toBe(200)
    },
  )

  test.each([
    ['with spaces', 'a b'],
    ['too long', 'x'.repeat(129)],
    ['with a line break', 'a\nb'],
    ['with markup', '<script>'],
    ['empty', ''],
  ])('gets a correlation id of ours for one that is %s', async (_name, given) => {
    const { headers } = await send({ headers: { 'x-correlation-id': given } })
    expect(headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each(['00-00000000000000000000000000000000-00f067aa0ba902b7-01', '01-x', 'x', ''])(
    'loses a traceparent that is none: %s',
    async (traceparent) => {
      await send({ headers: { traceparent } })
      expect(seen[0]).not.toHaveProperty('traceparent')
    },
  )
})

describe('a refusal', () => {
  const json = { 'content-type': 'application/json' }
  const raw = (body: string, headers: Record<string, string> = json): RequestOptions => ({
    json: undefined,
    body,
    headers,
  })
  const deep = `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`

  test.each<[string, RequestOptions, number, string, object | undefined]>([
    ['no token', { token: undefined }, 401, 'token_missing', undefined],
    ['a token that does not hold', { token: 'forged' }, 401, 'token_invalid', undefined],
    ['a role that is not named', { token: 'admin' }, 403, 'role_not_allowed', undefined],
    ['no body', { json: undefined }, 400, 'body_missing', { in: 'body', pointer: '' }],
    ['an empty body', raw(''), 400, 'body_missing', { in: 'body', pointer: '' }],
    ['malformed JSON', raw('{"name": "x", "count": '), 400, 'json_malformed', { in: 'body', pointer: '' }],
    ['JSON with a tail', raw('{} {}'), 400, 'json_malformed', { in: 'body', pointer: '' }],
    ['JSON that is too deep', raw(deep), 400, 'json_too_deep', { in: 'body' }],
    ['__proto__', raw('{"__proto__": {"name": "x"}}'), 400, 'json_forbidden_key', { pointer: '/__proto__' }],
    ['constructor', raw('{"constructor": 1}'), 400, 'json_forbidden_key', { pointer: '/constructor' }],
    ['a number with too many digits', raw('{"count": 1.00000000000000000001}'), 400, 'json_number_inexact', {}],
    ['64 KiB and a byte', raw(`"${'x'.repeat(65_535)}"`), 413, 'body_too_large', { in: 'body' }],
    ['64 KiB of two-byte letters', raw(`"${'ł'.repeat(32_768)}"`), 413, 'body_too_large', { in: 'body' }],
    ['a large body in base64', { ...raw('x'.repeat(70_000)), base64: true }, 413, 'body_too_large', undefined],
    ['no content type', raw('{}', {}), 415, 'unsupported_media_type', undefined],
    [
      'a form',
      raw('a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported_media_type',
      undefined,
    ],
    [
      'another charset',
      raw('{}', { 'content-type': 'application/json; charset=latin1' }),
      415,
      'unsupported_media_type',
      undefined,
    ],
    ['a wrong type', { json: { name: 5, count: 1 } }, 400, 'invalid_input', { in: 'body', pointer: '/name' }],
    [
      'a missing field',
      { json: { name: 'x' } },
      400,
      'invalid_input',
      { in: 'body', pointer: '/count', message: 'is missing' },
    ],
    [
      'an unknown field',
      { json: { name: 'x', count: 1, more: 1 } },
      400,
      'invalid_input',
      { in: 'body', pointer: '/more' },
    ],
    ['a list', { json: ['x', 1] }, 400, 'invalid_input', { in: 'body' }],
    ['null', { json: null }, 400, 'invalid_input', { in: 'body', pointer: '' }],
    [
      'an unknown query parameter',
      { query: { colour: 'x' } },
      400,
      'invalid_input',
      { in: 'query', pointer: '/colour' },
    ],
    ['__proto__ in the query', { query: '__proto__=1' }, 400, 'invalid_input', { in: 'query', pointer: '/__proto__' }],
    [
      'a repeated query parameter',
      { query: 'tone=a&tone=b' },
      400,
      'query_repeated',
      { in: 'query', pointer: '/tone' },
    ],
    ['a bad path', { params: { id: 'too-long' } }, 400, 'invalid_input', { in: 'path', pointer: '/id' }],
    [
      'a key with a space',
      { headers: { 'idempotency-key': 'a b' } },
      400,
      'idempotency_key',
      { in: 'header', pointer: '/idempotency-key' },
    ],
    [
      'a key that is too long',
      { headers: { 'idempotency-key': 'x'.repeat(129) } },
      400,
      'idempotency_key',
      { in: 'header' },
    ],
    ['another method', { method: 'GET' }, 405, 'method_not_allowed', undefined],
  ])('%s', async (_name, options, status, code, issue) => {
    const { statusCode, headers, json: problem } = await send(options)
    expect({ statusCode, code: problem.code }).toEqual({ statusCode: status, code })
    expect(headers['content-type']).toBe('application/problem+json')
    expect(problem).toMatchObject({
      type: `urn:kram:problem:${code}`,
      status,
      correlation_id: headers['x-correlation-id'],
    })
    if (issue) expect(problem.issues[0]).toMatchObject(issue)
    expect(seen).toEqual([])
  })

  test('says first who is calling: an unknown caller learns nothing of the body', async () => {
    const { json: problem } = await send({ token: undefined, json: { wrong: true } })
    expect(problem.code).toBe('token_missing')
  })

  test('tells a browser and a program what it needs', async () => {
    expect((await send({ token: undefined })).headers['www-authenticate']).toBe('Bearer realm="kram"')
    expect((await send({ token: 'forged' })).headers['www-authenticate']).toContain('error="invalid_token"')
    expect((await send({ method: 'PUT' })).headers.allow).toBe('POST')
    failure = new KramError('unavailable', 'not_ready', 'Away.')
    expect((await send({})).headers['retry-after']).toMatch(/^\d+$/)
  })
})

describe('whatever the handler throws is answered', () => {
  test.each<[string, unknown, number, string]>([
    ['a refusal', new KramError('not_found', 'unknown_customer', 'There is none.'), 404, 'unknown_customer'],
    ['a conflict', new KramError('conflict', 'conflict', 'Used.'), 409, 'conflict'],
    ['a limit', new KramError('limit', 'limit', 'Spent.'), 429, 'limit'],
    ['a store that is away', new KramError('unavailable', 'table_away', 'Away.'), 503, 'table_away'],
    ['a fault of ours', new TypeError(`no ${canary}`), 500, 'internal'],
    ['a text', canary, 500, 'internal'],
    ['null', null, 500, 'internal'],
  ])('%s', async (_name, thrown, status, code) => {
    failure = thrown
    const { statusCode, json, body, logs } = await send({})
    expect({ statusCode, code: json.code }).toEqual({ statusCode: status, code })
    expect(`${body}${logs}`).not.toContain(canary)
    expect(jsonLines(logs)).toMatchObject([
      { level: status === 503 || status === 500 ? 'ERROR' : expect.any(String), code },
    ])
  })

  test.each([undefined, null, 5, 'x', [], {}, { requestContext: {} }, { rawPath: 1, requestContext: { http: {} } }])(
    'and so is a payload that is none: %j',
    async (payload) => {
      const { statusCode, json } = await invoke(payload)
      expect({ statusCode, code: json.code }).toEqual({ statusCode: 400, code: 'invalid_payload' })
    },
  )

  test.each([0, true, 1.5])(
    'also where the body came parsed, as serverless-offline does with scalars: %j',
    async (body) => {
      const headers = { 'content-type': 'application/json' }
      const { statusCode, json } = await invoke({ ...payloadOf({ ...good, json: undefined, headers }), body })
      expect({ statusCode, issue: json.issues[0] }).toMatchObject({
        statusCode: 400,
        issue: { in: 'body', pointer: '' },
      })
    },
  )

  test('and a part of deps that cannot be had', async () => {
    provideDeps({ settings: undefined, authenticate: async () => Promise.reject(new Error('broken')) })
    const { statusCode, json } = await send({})
    expect({ statusCode, code: json.code }).toEqual({ statusCode: 500, code: 'internal' })
  })
})

test('a handler that Lambda would end is answered for in time', async () => {
  const never = httpFunction(route, () => new Promise<never>(() => undefined))
  let answer: Awaited<ReturnType<typeof never>> | undefined
  await captureOutput(async () => {
    answer = await never(payloadOf(good), { getRemainingTimeInMillis: () => 260 })
  })
  expect({ status: answer?.statusCode, code: JSON.parse(answer?.body ?? '').code }).toEqual({
    status: 503,
    code: 'timeout',
  })
})

describe('every answer', () => {
  test.each([
    ['success', {}],
    ['a problem', { token: undefined }],
  ])('has the security headers: %s', async (_name, options) => {
    const { headers } = await send(options)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })

  test.each<[string, RequestOptions, object]>([
    ['success', {}, { level: 'INFO', status: 200, roles: ['shop'] }],
    ['a bad body', { json: { name: canary, [canary]: canary } }, { level: 'INFO', status: 400, code: 'invalid_input' }],
    ['a bad path', { params: { id: canary } }, { level: 'INFO', status: 400, code: 'invalid_input' }],
    ['a bad query', { query: { [canary]: canary } }, { level: 'INFO', status: 400, code: 'invalid_input' }],
    [
      'malformed JSON',
      { json: undefined, body: `{${canary}`, headers: { 'content-type': 'application/json' } },
      { status: 400 },
    ],
    ['no method', { method: `${canary}<` }, { status: 400, code: 'invalid_payload', method: 'unknown' }],
    ['no role', { token: 'admin' }, { level: 'WARN', status: 403, code: 'role_not_allowed' }],
  ])('is one log line that quotes nothing: %s', async (_name, options, line) => {
    const { logs } = await send({ headers: { 'x-correlation-id': 'c-9' }, ...options })
    expect(jsonLines(logs)).toMatchObject([
      {
        message: 'answered',
        function: 'put-thing',
        route: '/things/{id}',
        method: 'POST',
        duration_ms: expect.any(Number),
        ...line,
      },
    ])
    expect(logs).not.toContain(canary)
  })

  test('and its log line have the same correlation id', async () => {
    const { headers, logs } = await send({ headers: { 'x-correlation-id': 'c-10' } })
    expect(headers['x-correlation-id']).toBe('c-10')
    expect(jsonLines(logs)).toMatchObject([{ correlation_id: 'c-10' }])
  })
})
