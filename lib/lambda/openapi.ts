// The OpenAPI 3.1 document of the API, made from the routes and the very schemas that requests are parsed with.
// https://spec.openapis.org/oas/v3.1.1.html
import { toJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { limits } from '../base/limits.ts'
import { problemSchema } from './problem.ts'
import { nothing, type Route, saysNothing } from './route.ts'

type Json = { [name: string]: unknown }

// What a schema says of itself (`jsonSchema` in its metadata), where its words are not those of JSON Schema.
function ownWords(schema: v.GenericSchema<unknown, unknown>): Json | undefined {
  const inner = 'wrapped' in schema ? (schema.wrapped as typeof schema) : schema
  const { jsonSchema } = v.getMetadata(inner)
  return jsonSchema as Json | undefined
}

// Checks that JSON Schema has no word for are left out of the document; they are made all the same.
function schemaOf(schema: v.GenericSchema<unknown, unknown>): Json {
  const { $schema: _, ...json } = toJsonSchema(schema, {
    errorMode: 'ignore',
    typeMode: 'input',
    target: 'draft-2020-12',
    overrideSchema: ({ valibotSchema }) => ownWords(valibotSchema),
  })
  return json
}

const problemTexts: Record<number, string> = {
  400: 'Malformed, of a wrong shape or beyond a limit; `issues` says where.',
  401: 'No token, or one that does not hold.',
  403: 'The token’s role may not do this.',
  404: 'There is no such thing.',
  405: 'The address takes other methods.',
  409: 'The id or Idempotency-Key was used before with other content.',
  413: 'The body is too large.',
  415: 'The body is not application/json.',
  500: 'A fault of ours; the log knows it by the correlation id.',
  503: 'A store or the bus is away; try again.',
}

const correlationHeader = { 'x-correlation-id': { $ref: '#/components/headers/CorrelationId' } }

function problemStatuses(route: Route): number[] {
  const { roles, body, needs, problems = [] } = route
  const statuses = [400, 405, 500, ...problems]
  if (roles !== 'public') statuses.push(401, 403)
  if (body || saysNothing(route)) statuses.push(413, 415)
  if (needs.length > 0) statuses.push(503)
  return [...new Set(statuses)].sort((a, b) => a - b)
}

function responsesOf(route: Route): Json {
  const { status, description, schema, mediaType = 'application/json' } = route.answer
  const hasBody = status !== 204 && status !== 303
  const content = hasBody ? { content: { [mediaType]: { schema: schemaOf(schema) } } } : {}
  const responses: Json = { [status]: { description, headers: correlationHeader, ...content } }
  if (route.cached) responses[304] = { description: 'The caller has it already (`If-None-Match`).' }
  for (const problem of problemStatuses(route)) {
    responses[problem] = { $ref: `#/components/responses/Problem${problem}` }
  }
  if (mediaType.startsWith('text/html')) {
    const description = 'A page that says what is missing.'
    responses[503] = { description, headers: correlationHeader, content: { [mediaType]: { schema: schemaOf(schema) } } }
  }
  return responses
}

function parametersOf(route: Route): Json[] {
  const parameters: Json[] = [{ $ref: '#/components/parameters/CorrelationId' }]
  if (route.idempotent) {
    const name = route.idempotent === 'required' ? 'RequiredIdempotencyKey' : 'IdempotencyKey'
    parameters.push({ $ref: `#/components/parameters/${name}` })
  }
  const sources = [
    { in: 'path', schema: route.params },
    { in: 'query', schema: route.query },
  ]
  for (const source of sources) {
    if (!source.schema) continue
    const { properties = {}, required = [] } = schemaOf(source.schema) as { properties?: Json; required?: string[] }
    for (const [name, schema] of Object.entries(properties)) {
      parameters.push({ name, in: source.in, required: source.in === 'path' || required.includes(name), schema })
    }
  }
  return parameters
}

function requestBodyOf(route: Route): Json {
  if (!route.body && !saysNothing(route)) return {}
  const description = route.body ? `At most ${limits.bodyBytes} bytes.` : 'May be missing: there is nothing to say.'
  const content = { 'application/json': { schema: schemaOf(route.body ?? nothing) } }
  return { requestBody: { required: route.body !== undefined, description, content } }
}

function operationOf(route: Route): Json {
  const who = route.roles === 'public' ? 'For everybody.' : `Roles: ${route.roles.join(', ')}.`
  return {
    operationId: route.name,
    tags: [route.path.split('/')[1]],
    summary: route.summary,
    description: route.description ? `${route.description}\n\n${who}` : who,
    ...(route.roles === 'public' ? { security: [] } : { 'x-kram-roles': route.roles }),
    parameters: parametersOf(route),
    ...requestBodyOf(route),
    responses: responsesOf(route),
  }
}

function pathsOf(routes: readonly Route[]): Json {
  const paths: { [path: string]: Json } = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return paths
}

const requestId = { type: 'string', minLength: 1, maxLength: limits.requestIdChars }

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Makes a repeated request the same one; the same key with other content is a conflict.',
  schema: requestId,
}

function componentsOf(): Json {
  const responses: Json = {}
  for (const [status, description] of Object.entries(problemTexts)) {
    responses[`Problem${status}`] = {
      description,
      headers: correlationHeader,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }
  }
  return {
    schemas: { Problem: schemaOf(problemSchema) },
    responses,
    headers: { CorrelationId: { description: 'Of the chain of events that this request began.', schema: requestId } },
    parameters: {
      CorrelationId: {
        name: 'x-correlation-id',
        in: 'header',
        description: 'Letters, digits and . _ : - ; without it one is made.',
        schema: requestId,
      },
      IdempotencyKey: idempotencyKey,
      RequiredIdempotencyKey: { ...idempotencyKey, required: true },
    },
    securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  }
}

/** The document for these routes. */
export const openapiOf = (routes: readonly Route[]): Json => ({
  openapi: '3.1.1',
  info: {
    title: 'Kram',
    version: '1.0.0',
    summary: 'A shop backbone: customers, products and purchases on an event bus.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  security: [{ token: [] }],
  paths: pathsOf(routes),
  components: componentsOf(),
})
