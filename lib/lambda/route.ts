// A route of the HTTP API as data: the middleware stack, OpenAPI, docs/api.md and the role matrix all follow from it.
import * as v from 'valibot'
import type { Parts } from './deps.ts'
import type { HttpEvent } from './http-event.ts'
import type { Caller, Role } from './roles.ts'

type Schema = v.GenericSchema<unknown, unknown>
type ObjectSchema = v.GenericSchema<unknown, { [name: string]: unknown }>

export type AnswerDefinition = {
  status: 200 | 202 | 204 | 303
  description: string
  /** Of the body as it is sent: a JSON value, or the text when `mediaType` is not JSON. */
  schema: Schema
  /** Default: application/json. */
  mediaType?: string
}

export type Route = {
  /** operationId in OpenAPI, and the function: functions/<name>.ts, unless `function` names another. */
  name: string
  /** Of the function that answers several routes. */
  function?: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** API Gateway's template: `/customers/{id}`. */
  path: string
  /** One line for the documentation. */
  summary: string
  description?: string
  /** Whoever is not named is refused. `public` asks for no token at all. */
  roles: readonly Role[] | 'public'
  /** The parts of deps that it uses; nothing else is built. */
  needs: readonly (keyof Parts)[]
  /** Strict schemas of what comes in. Values of `params` and `query` are texts. */
  params?: ObjectSchema
  query?: ObjectSchema
  /** Absent: a GET takes none, and what else asks for something takes an empty one or `{}` (`nothing`). */
  body?: Schema
  /** Takes an `Idempotency-Key`, or must have one. */
  idempotent?: true | 'required'
  /** Answered with 404 elsewhere than in the embedded run. */
  embeddedOnly?: true
  answer: AnswerDefinition
  /** Its handler is given the request as it came too, and makes the whole response (`rawFunction`). */
  raw?: true
  /** Callers and caches may keep the answer, and ask whether it is still the same (`cachedFunction`). */
  cached?: true
  /** Problems beside those that every route may answer with. */
  problems?: readonly (403 | 404 | 409)[]
}

/** Declares a route; its type keeps the schemas, so that handlers are checked against them. */
/* @__NO_SIDE_EFFECTS__ */
export function defineRoute<const R extends Route>(route: R): R {
  return route
}

type InputOf<R, Name extends string> = R extends { [N in Name]: infer S extends Schema } ? v.InferOutput<S> : undefined

/** What a route's handler is given: everything parsed. */
export type RequestOf<R extends Route> = {
  params: InputOf<R, 'params'>
  query: InputOf<R, 'query'>
  body: InputOf<R, 'body'>
  /** On a public route: nobody (`anonymous`, no role). */
  caller: Caller
  /** Of the chain of events that this request begins; answered as `x-correlation-id`. */
  correlationId: string
  /** W3C trace context of the request, where it has one. */
  traceparent?: string
  idempotencyKey?: string
  /** The header; what a `cached` route makes of it is the stack's business. */
  ifNoneMatch?: string
} & (R extends { raw: true } ? { http: HttpEvent } : unknown)

/** `true satisfies Same<A, B>`: the compiler holds what a schema gives and a type equal. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never

/** What says nothing. */
export const nothing = v.strictObject({}, 'must be an object')

/** Whether it asks for something and has nothing to say of it: a body may be missing, but holds no field that is not read. */
export const saysNothing = ({ method, body, raw }: Route): boolean => method !== 'GET' && !body && !raw

/** The function that answers a route. */
export const functionNameOf = (route: Route): string => route.function ?? route.name

/** What a route's handler answers: the body. Everything but success is thrown. */
export type AnswerOf<R extends Route> = v.InferInput<R['answer']['schema']>

/** What the handler of a `cached` route answers. `shared`: good for whoever asks with the same token. */
export type CachedAnswer<Body> = { body: Body; maxAgeSeconds: number; staleSeconds: number; shared: boolean }

export type DepsOf<R extends Route> = Pick<Parts, R['needs'][number]>
