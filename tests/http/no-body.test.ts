// Routes that ask for something and have nothing to say of it: what a body may say there.
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { httpFunction } from '../../lib/lambda/http-function.ts'
import { defineRoute } from '../../lib/lambda/route.ts'
import { captureOutput } from '../support/capture-output.ts'
import { payloadOf } from '../support/http.ts'

const bare = defineRoute({
  name: 'end-thing',
  method: 'POST',
  path: '/things/{id}/end',
  summary: 'For tests',
  roles: ['shop'],
  needs: ['settings'],
  params: v.strictObject({ id: v.string() }),
  answer: { status: 200, description: 'Done.', schema: v.strictObject({ ok: v.boolean() }) },
})

beforeEach(() => {
  provideDeps({
    settings: { currency: 'PLN', timeZone: 'Europe/Kyiv' },
    authenticate: async () => ({ subject: 'shop-1', roles: ['shop'] }),
  })
})
afterEach(() => provideDeps({ settings: undefined, authenticate: undefined }))

describe('a route that takes no body', () => {
  const end = httpFunction(bare, async (_deps, { body }) => ({ ok: body === undefined }))
  const sent = async (body: string | undefined, type?: string) => {
    const headers = type === undefined ? {} : { 'content-type': type }
    let answer: Awaited<ReturnType<typeof end>> | undefined
    await captureOutput(async () => {
      answer = await end(
        payloadOf({
          ...{
            method: 'POST',
            path: '/things/t-1/end',
            params: { id: 't-1' },
            token: 'shop',
            json: undefined,
            headers,
          },
          ...(body !== undefined && { body }),
        }),
      )
    })
    return { status: answer?.statusCode, body: JSON.parse(answer?.body ?? '') }
  }

  test.each<[string, string | undefined, string?]>([
    ['none', undefined],
    ['none, and says of which type', undefined, 'application/json'],
    ['an empty one', ''],
    ['an empty one of a form', '', 'application/x-www-form-urlencoded'],
    ['an empty object', '{}', 'application/json'],
  ])('gets %s', async (_name, body, type) => {
    expect(await sent(body, type)).toEqual({ status: 200, body: { ok: true } })
  })

  const json = 'application/json'
  test.each<[string, string, string | undefined, number, string, object?]>([
    ['a field', '{"why": "x"}', json, 400, 'invalid_input', { pointer: '/why', message: 'is not a field here' }],
    ['a list', '[]', json, 400, 'invalid_input', { pointer: '' }],
    ['a text', '"x"', json, 400, 'invalid_input', { pointer: '' }],
    ['malformed JSON', '{', json, 400, 'json_malformed', { pointer: '' }],
    ['64 KiB and a byte', `"${'x'.repeat(65_535)}"`, json, 413, 'body_too_large'],
    ['a form', 'why=x', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['no content type', '{}', undefined, 415, 'unsupported_media_type'],
  ])('refuses %s', async (_name, body, type, status, code, issue) => {
    const answer = await sent(body, type)
    expect(answer).toMatchObject({ status, body: { code } })
    if (issue) expect(answer.body.issues).toMatchObject([{ in: 'body', ...issue }])
  })
})
