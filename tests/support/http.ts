// Calls HTTP functions as API Gateway does, and holds every answer against the API's own OpenAPI document.
import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import type { HttpFunction, HttpResponse } from '../../lib/lambda/http-function.ts'
import { openapiOf } from '../../lib/lambda/openapi.ts'
import type { Route } from '../../lib/lambda/route.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'
import { captureOutput } from './capture-output.ts'

const readPayload = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../payloads/${name}`, import.meta.url), 'utf8'))

export type RequestOptions = {
  method?: string
  path?: string
  params?: Record<string, string>
  query?: Record<string, string> | string
  headers?: Record<string, string>
  token?: string | undefined
  /** Sent as JSON, with its content type. */
  json?: unknown
  /** Sent as it is. */
  body?: string | null
  base64?: boolean
  /** requestContext.authorizer, as API Gateway puts it there. */
  authorizer?: unknown
  payload?: 'api-gateway-v2.json' | 'serverless-offline.json'
}

/** AWS' own example with what the request says in the places where API Gateway says it. */
export function payloadOf(options: RequestOptions): Record<string, unknown> {
  const base = readPayload(options.payload ?? 'api-gateway-v2.json')
  const { method = 'GET', path = '/', query = '', json, token } = options
  const body = json === undefined ? (options.body ?? null) : JSON.stringify(json)
  const context = base.requestContext as { http: object; authorizer?: unknown }
  const authorizer = 'authorizer' in options ? options.authorizer : context.authorizer
  return {
    ...base,
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: typeof query === 'string' ? query : new URLSearchParams(query).toString(),
    headers: {
      ...(base.headers as object),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...options.headers,
    },
    pathParameters: options.params ?? null,
    body: options.base64 && body !== null ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: options.base64 ?? false,
    requestContext: { ...context, authorizer, http: { ...context.http, method, path } },
  }
}

export type Answer = {
  status: number
  headers: Record<string, string>
  body: string
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of the body, it says itself
  json: () => any
  /** What was written to stdout and stderr meanwhile. */
  logs: string
}

/** Calls the function; its answer must be one that the OpenAPI document promises for the route. */
export async function call(handler: HttpFunction, route: Route, options: RequestOptions = {}): Promise<Answer> {
  return await callWith(handler, route, payloadOf({ method: route.method, path: route.path, ...options }))
}

/** The same with any payload at all. */
export async function callWith(handler: HttpFunction, route: Route, payload: unknown): Promise<Answer> {
  let response: HttpResponse | undefined
  const logs = await captureOutput(async () => {
    response = await handler(payload)
  })
  if (!response) throw new Error(`${route.name} answered nothing`)
  if (response.body !== '') expectDocumented(route, response)
  const { statusCode: status, headers, body } = response
  return { status, headers, body, json: () => JSON.parse(body), logs }
}

type Node = { [key: string]: Node } | undefined

const document = openapiOf(allRoutes) as Node
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
const compiled = new Map<Node, ValidateFunction>()

const at = (steps: string[]): Node => steps.reduce<Node>((node, step) => node?.[step], document)

// Follows `$ref: #/...` within the document.
const resolved = (node: Node): Node => {
  const ref = node?.$ref as unknown
  return typeof ref === 'string' ? at(ref.split('/').slice(1)) : node
}

function validatorOf(schema: NonNullable<Node>): ValidateFunction {
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  return validate
}

const codes = new Set(
  [...readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8').matchAll(/^\| `(\w+\*?)` +\| \d{3} /gm)].map(
    (row) => row[1],
  ),
)

/** Fails unless status, media type and body of the response stand in the OpenAPI document for this route. */
export function expectDocumented(route: Route, { statusCode, headers, body }: HttpResponse): void {
  const answer = `${route.name} answered ${statusCode}: ${body}`
  const promised = resolved(at(['paths', route.path, route.method.toLowerCase(), 'responses', String(statusCode)]))
  expect(promised, `${answer}\nThis status is not in the OpenAPI document.`).toBeDefined()
  const mediaType = headers['content-type'] ?? ''
  const schema = resolved((promised?.content?.[mediaType] ?? promised?.content?.['*/*'])?.schema)
  if (!schema) throw new Error(`${answer}\nThe media type ${mediaType} is not in the OpenAPI document.`)
  const validate = validatorOf(schema)
  const valid = validate(mediaType.includes('json') ? JSON.parse(body) : body)
  expect(valid, `${answer}\n${ajv.errorsText(validate.errors)}`).toBe(true)
  if (mediaType !== 'application/problem+json') return
  const { code } = JSON.parse(body)
  const known = codes.has(code) || codes.has(`${code.split('_')[0]}_*`)
  expect(known, `${answer}\nThe code ${code} is not in docs/api.md.`).toBe(true)
}
