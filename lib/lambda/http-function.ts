// The middleware stack of every HTTP function: who calls, may they, what do they ask; then the route's handler; then
// headers, problem details and one log line. It lets no error out: the embedded run's server would answer 200.
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { errorKinds, KramError } from '../base/errors.ts'
import { type JsonValue, parseJson } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { parseWith } from '../base/schema.ts'
import { newCorrelationId } from './correlation-id.ts'
import { backend, deps } from './deps.ts'
import { etagOf, isAmong } from './etag.ts'
import { bodyText, type HttpEvent, queryOf, readHttpEvent } from './http-event.ts'
import { createLog, errorFields, traceIdOf } from './log.ts'
import { httpRequests, httpSeconds } from './metrics.ts'
import { type InputPart, problemOf } from './problem.ts'
import type { Caller } from './roles.ts'
import {
  type AnswerOf,
  type CachedAnswer,
  type DepsOf,
  nothing,
  type RequestOf,
  type Route,
  saysNothing,
} from './route.ts'

/** API Gateway's answer, payload format 2.0. */
export type HttpResponse = {
  statusCode: number
  headers: { [name: string]: string }
  body: string
  /** Bytes rather than text; absent: text. */
  isBase64Encoded?: boolean
}

export type HttpFunction = (payload: unknown, context?: Partial<Context>) => Promise<HttpResponse>

// An API that no page is ever shown from: https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html
const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=63072000',
}

const correlationPattern = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,${limits.requestIdChars - 1}}$`)
// W3C Trace Context, version 00; all-zero ids are invalid.
const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
const idempotencyPattern = new RegExp(`^[\\x21-\\x7e]{1,${limits.requestIdChars}}$`)

const nobody: Caller = { subject: 'anonymous', roles: [] }

/** What the stack knows of one request; where it is logged and answered. */
type Exchange = {
  startedMs: number
  correlationId: string
  /** The caller's W3C trace context, when it sent a good one. */
  traceparent?: string
  method: string
  caller: Caller
}

type Stack = middy.Request<unknown, HttpResponse, Error, Context, { exchange?: Exchange }>

type Fault = { in: InputPart; pointer: string; code: string; message: string }

const fault = ({ in: part, pointer, code, message }: Fault): KramError =>
  new KramError('invalid', code, `The ${part}${pointer.replace('/', ' ')} ${message}.`, {
    detail: { in: part, issues: [{ pointer, message }] },
  })

// Names the part of the request that an error of `read` is about.
function inPart<T>(part: InputPart, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof KramError) error.detail.in ??= part
    throw error
  }
}

async function authorize(route: Route, event: HttpEvent): Promise<Caller> {
  if (route.roles === 'public') return nobody
  const { authenticate } = await deps(['authenticate'])
  const caller = await authenticate(event)
  if (!caller) throw new KramError('unauthorized', 'token_missing', 'Send a token: Authorization: Bearer <token>.')
  const allowed: readonly string[] = route.roles
  if (!caller.roles.some((role) => allowed.includes(role))) {
    throw new KramError('forbidden', 'role_not_allowed', `Only ${allowed.join(', ')} may do this.`)
  }
  return caller
}

function readBody(route: Route, event: HttpEvent): unknown {
  if (route.body) return readJson(route.body, event)
  if (saysNothing(route) && bodyText(event) !== undefined) readJson(nothing, event)
  return undefined
}

function readJson(schema: NonNullable<Route['body']>, event: HttpEvent): unknown {
  const text = bodyText(event)
  if (text === undefined) {
    throw fault({ in: 'body', pointer: '', code: 'body_missing', message: 'is missing: send JSON' })
  }
  const mediaType = event.headers['content-type'] ?? ''
  if (!/^application\/json *(?:; *charset="?utf-8"? *)?$/i.test(mediaType)) {
    throw new KramError('invalid', 'unsupported_media_type', 'The content type must be application/json (UTF-8).')
  }
  const json: JsonValue = parseJson(text)
  return parseWith(schema, json, { what: 'The body' })
}

function readKey(route: Route, event: HttpEvent): { idempotencyKey?: string } {
  const key = event.headers['idempotency-key']
  if (key === undefined && route.idempotent === 'required') {
    const message = 'is missing: with it a request that is repeated is done once'
    throw fault({ in: 'header', pointer: '/idempotency-key', code: 'idempotency_key', message })
  }
  if (key === undefined || !route.idempotent) return {}
  if (idempotencyPattern.test(key)) return { idempotencyKey: key }
  const message = `must be 1 to ${limits.requestIdChars} printable ASCII characters without spaces`
  throw fault({ in: 'header', pointer: '/idempotency-key', code: 'idempotency_key', message })
}

function readInput(route: Route, event: HttpEvent, { caller, correlationId, traceparent }: Exchange): object {
  const params = inPart('path', () =>
    route.params ? parseWith(route.params, event.pathParameters, { what: 'The path' }) : undefined,
  )
  const query = inPart('query', () => parseWith(route.query ?? nothing, queryOf(event), { what: 'The query' }))
  const idempotencyKey = readKey(route, event)
  const body = inPart('body', () => readBody(route, event))
  const { 'if-none-match': ifNoneMatch } = event.headers
  const trace = traceparent === undefined ? {} : { traceparent }
  return { params, query, body, caller, correlationId, ifNoneMatch, ...trace, ...idempotencyKey }
}

const methodNotAllowed = (methods: readonly string[]): KramError => {
  const message = `This address takes ${methods.join(', ')} alone.`
  return new KramError('invalid', 'method_not_allowed', message, { detail: { allow: methods.join(', ') } })
}

function checkMethod(route: Route, { method }: HttpEvent): void {
  const allowed = route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]
  if (!allowed.includes(method)) throw methodNotAllowed(allowed)
}

/** Makes the exchange, and lets `decide` refuse the request or put what it asks in the event's place. */
const admit = (decide: (event: HttpEvent, exchange: Exchange) => Promise<unknown>) => ({
  before: async (request: Stack): Promise<void> => {
    const exchange: Exchange = {
      startedMs: performance.now(),
      correlationId: newCorrelationId(),
      method: 'unknown',
      caller: nobody,
    }
    request.internal.exchange = exchange
    const event = readHttpEvent(request.event)
    const { 'x-correlation-id': given, traceparent } = event.headers
    if (given !== undefined && correlationPattern.test(given)) exchange.correlationId = given
    if (traceparent !== undefined && traceparentPattern.test(traceparent)) exchange.traceparent = traceparent
    exchange.method = event.method
    request.event = await decide(event, exchange)
  },
})

function problemResponse(edge: Edge, error: unknown, correlationId = newCorrelationId()): HttpResponse {
  const { status, headers, problem } = problemOf(error, { correlationId, part: edge.body ? 'body' : 'query' })
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify(problem),
  }
}

const levelOf = (failure?: { error: unknown }): 'info' | 'warn' | 'error' => {
  if (!failure) return 'info'
  return failure.error instanceof KramError ? errorKinds[failure.error.kind].level : 'error'
}

/** Turns an error into a problem, and completes whatever is answered: headers, log line, metrics. */
function complete(route: Edge) {
  const finish = ({ response, internal: { exchange } }: Stack, failure?: { error: unknown }): void => {
    if (!response || !exchange) return
    response.headers = { ...securityHeaders, ...response.headers, 'x-correlation-id': exchange.correlationId }
    if (exchange.method === 'HEAD') response.body = ''
    const durationMs = performance.now() - exchange.startedMs
    httpRequests({ route: route.name, status: String(response.statusCode) })
    httpSeconds({ route: route.name }, durationMs / 1000)
    createLog({ function: route.name, correlation_id: exchange.correlationId })[levelOf(failure)]('answered', {
      trace_id: traceIdOf(exchange.traceparent),
      method: exchange.method,
      route: route.path,
      status: response.statusCode,
      roles: [...exchange.caller.roles],
      duration_ms: Math.round(durationMs),
      ...(failure ? errorFields(failure.error) : {}),
    })
  }
  return {
    after: (request: Stack): void => finish(request),
    onError: (request: Stack): void => {
      request.response = problemResponse(route, request.error, request.internal.exchange?.correlationId)
      finish(request, request)
    },
  }
}

function responseOf({ answer: { status, mediaType } }: Route, body: unknown): HttpResponse {
  return {
    statusCode: status,
    headers: { 'content-type': mediaType ?? 'application/json' },
    body: mediaType === undefined ? JSON.stringify(body) : String(body),
  }
}

/** The body of a cached answer, or 304 when the caller has it already. */
function cachedResponseOf(route: Route, answer: CachedAnswer<unknown>, ifNoneMatch: string | undefined): HttpResponse {
  const { body, maxAgeSeconds, staleSeconds, shared } = answer
  const response = responseOf(route, body)
  const etag = etagOf(response.body)
  response.headers['cache-control'] =
    `${shared ? 'public' : 'private'}, max-age=${maxAgeSeconds}, stale-while-revalidate=${staleSeconds}`
  response.headers.etag = etag
  // What a role may see is for this token.
  response.headers.vary = 'authorization'
  if (!isAmong(etag, ifNoneMatch)) return response
  const { 'content-type': _, ...headers } = response.headers
  return { statusCode: 304, headers, body: '' }
}

const noSuchRoute = (): KramError =>
  new KramError('not_found', 'no_such_route', 'There is nothing at this address; GET /openapi.json says what there is.')

// Before Lambda ends the function: enough to write an answer and a log line.
const answerBeforeEndMs = 250

type Edge = Pick<Route, 'name' | 'path' | 'body'>

// The whole stack around a handler that gets what `decide` answered.
function edgeFunction(
  edge: Edge,
  decide: (event: HttpEvent, exchange: Exchange) => Promise<unknown>,
  handle: (input: unknown) => Promise<HttpResponse>,
): HttpFunction {
  const stack = middy<unknown, HttpResponse, Error, Context, { exchange?: Exchange }>({
    timeoutEarlyInMillis: answerBeforeEndMs,
    timeoutEarlyResponse: () => {
      throw new KramError('unavailable', 'timeout', 'It took too long. It may have happened all the same.')
    },
  })
    .use(complete(edge))
    .use(admit(decide))
    .handler(handle)
  return async (payload, context = {}) => {
    try {
      return await stack(payload, context as Context)
    } catch (error) {
      // Only a fault in the stack itself comes here.
      createLog({ function: edge.name }).error('edge_failed', errorFields(error))
      return problemResponse(edge, error)
    }
  }
}

type Handle<R extends Route, Answer> = (deps: DepsOf<R>, request: RequestOf<R>) => Promise<Answer>

function routeFunction<const R extends Route, Answer>(
  route: R,
  handle: Handle<R, Answer>,
  respond: (answer: Answer, request: RequestOf<R>) => HttpResponse,
): HttpFunction {
  const decide = async (event: HttpEvent, exchange: Exchange): Promise<unknown> => {
    if (route.embeddedOnly && backend() !== 'embedded') throw noSuchRoute()
    checkMethod(route, event)
    exchange.caller = await authorize(route, event)
    const input = readInput(route, event, exchange)
    return route.raw ? { ...input, http: event } : input
  }
  return edgeFunction(route, decide, async (input) => {
    const parts = await deps<R['needs'][number]>(route.needs)
    // `decide` has made it as the route's schemas describe it.
    const request = input as RequestOf<R>
    return respond(await handle(parts, request), request)
  })
}

/** The Lambda function of a route. It never rejects: whatever goes wrong is answered as a problem. */
export const httpFunction = <const R extends Route>(route: R, handle: Handle<R, AnswerOf<R>>): HttpFunction =>
  routeFunction(route, handle, (answer) => responseOf(route, answer))

/** The same for a `cached` route. */
export const cachedFunction = <const R extends Route & { cached: true }>(
  route: R,
  handle: Handle<R, CachedAnswer<AnswerOf<R>>>,
): HttpFunction =>
  routeFunction(route, handle, (answer, { ifNoneMatch }) => cachedResponseOf(route, answer, ifNoneMatch))

/** For a route that answers files, redirections or cookies: the handler makes the whole response. */
export const rawFunction = <const R extends Route & { raw: true }>(
  route: R,
  handle: (deps: DepsOf<R>, request: RequestOf<R>) => Promise<HttpResponse>,
): HttpFunction => routeFunction(route, handle, (answer: HttpResponse) => answer)

/** Whether a path is one of a route's template. */
export const matches = (template: string, path: string): boolean => {
  const steps = template.split('/')
  const given = path.split('/')
  return (
    steps.length === given.length &&
    steps.every((step, i) => (step.startsWith('{') ? given[i] !== '' : step === given[i]))
  )
}

/** For what no route takes (API Gateway's `$default`): 405 where another method would do, else 404. */
export function unmatchedFunction(name: string, routes: readonly Route[]): HttpFunction {
  const decide = async ({ path, method }: HttpEvent): Promise<never> => {
    const methods = routes.filter((route) => matches(route.path, path)).map((route) => route.method)
    if (methods.length === 0 || methods.some((one) => one === method)) throw noSuchRoute()
    throw methodNotAllowed(methods)
  }
  return edgeFunction({ name, path: '$default' }, decide, () => Promise.reject(noSuchRoute()))
}
