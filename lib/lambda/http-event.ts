// One HTTP request as API Gateway's payload format 2.0 carries it, reduced to what we read and made uniform.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import * as v from 'valibot'
import { KramError } from '../base/errors.ts'
import { isObject } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { parseWith } from '../base/schema.ts'
import { utf8Of } from '../base/utf8.ts'

// It is logged: nothing but letters.
const methodText = v.pipe(v.string(), v.regex(/^[A-Za-z]{1,20}$/, 'must be a method of HTTP'))

const payloadSchema = v.object({
  rawPath: v.string(),
  rawQueryString: v.optional(v.string(), ''),
  // Each is looked at below.
  headers: v.nullish(v.custom<Record<string, unknown>>(isObject, 'must be an object'), {}),
  // API Gateway takes them out of the headers.
  cookies: v.nullish(v.array(v.string()), []),
  pathParameters: v.nullish(v.record(v.string(), v.optional(v.string())), {}),
  // serverless-offline parses bodies that are JSON scalars, and hands over the scalar.
  body: v.nullish(v.union([v.string(), v.number(), v.boolean()])),
  isBase64Encoded: v.optional(v.boolean(), false),
  requestContext: v.object({ http: v.object({ method: methodText }), authorizer: v.optional(v.unknown()) }),
})

export type HttpEvent = {
  /** Upper case. */
  method: string
  path: string
  /** Names in lower case. */
  headers: { [name: string]: string | undefined }
  pathParameters: { [name: string]: string | undefined }
  rawQueryString: string
  /** As it came; base64 when `isBase64Encoded`. */
  body: string | undefined
  isBase64Encoded: boolean
  /** Of requestContext. Only to be believed where API Gateway itself put it there. */
  authorizer: unknown
}

/** @throws KramError invalid `invalid_payload` for what is no such payload */
export function readHttpEvent(payload: unknown): HttpEvent {
  const { headers, cookies, requestContext, body, rawPath, rawQueryString, pathParameters, isBase64Encoded } =
    parseWith(payloadSchema, payload, { code: 'invalid_payload', what: 'The payload (API Gateway format 2.0)' })
  const lowered: Record<string, string> = Object.create(null)
  for (const name of Object.keys(headers ?? {})) {
    const value = headers?.[name]
    if (typeof value === 'string') lowered[name.toLowerCase()] = value
  }
  if (cookies?.length) lowered.cookie ??= cookies.join('; ')
  return {
    rawQueryString,
    isBase64Encoded,
    method: requestContext.http.method.toUpperCase(),
    path: rawPath,
    headers: lowered,
    pathParameters: pathParameters ?? {},
    body: body === null || body === undefined ? undefined : String(body),
    authorizer: requestContext.authorizer,
  }
}

/**
 * The body as text; undefined when there is none. It is refused before it is decoded when it cannot fit.
 * @throws KramError invalid: body_too_large, body_not_utf8
 */
export function bodyText({ body, isBase64Encoded }: HttpEvent): string | undefined {
  if (body === undefined || body === '' || !isBase64Encoded) return body || undefined
  if (body.length > Math.ceil(limits.bodyBytes / 3) * 4) {
    throw new KramError('invalid', 'body_too_large', `The body is larger than ${limits.bodyBytes} bytes.`)
  }
  return utf8Of(Buffer.from(body, 'base64'))
}

/**
 * The query's parameters. A name given twice is refused, not guessed at.
 * @throws KramError invalid `query_repeated`
 */
export function queryOf({ rawQueryString }: HttpEvent): Record<string, string> {
  if (rawQueryString === '') return {}
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    if (name in query) {
      const issues = [{ pointer: `/${name}`, message: 'must be given once' }]
      throw new KramError('invalid', 'query_repeated', 'A query parameter is given more than once.', {
        detail: { issues },
      })
    }
    query[name] = value
  }
  return { ...query }
}
