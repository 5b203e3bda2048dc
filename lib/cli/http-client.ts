// The shop that runs, over its HTTP API, with an admin token that this command signs for itself.
import { join } from 'node:path'
import * as v from 'valibot'
import type { Aside } from '../app/set-aside.ts'
import { type ErrorKind, errorKinds, KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { problemSchema } from '../lambda/problem.ts'
import type { Route } from '../lambda/route.ts'
import {
  listAside,
  listDeadLetters,
  listEvents,
  postAside,
  postDiscard,
  postEvents,
  postRedrive,
} from '../lambda/routes/admin.ts'
import { getCustomer, getSettings, listCustomers, listProducts } from '../lambda/routes/read.ts'
import { getReplay, postReplayCancel, postReplays } from '../lambda/routes/replays.ts'
import { createTokens } from '../lambda/tokens.ts'
import { personName } from '../local/person-name.ts'
import type { Server } from '../local/server-file.ts'
import type { DeadLetter, Envelope, Pattern, PublishResult } from '../ports/bus.ts'
import type { Page } from '../ports/table.ts'
import type { CustomerDocument } from '../shop/customer-document.ts'
import { ordersOverHttp } from './orders-client.ts'
import { allPages, idsOf } from './pages.ts'
import { promosOverHttp } from './promos-client.ts'
import type { ShopClient } from './shop-client.ts'

const tokenSeconds = 15 * 60
/** Long enough for a page of a busy shop; a shop that hangs is not waited for. */
const timeoutMs = 30_000
/** Documents asked for at once. */
const parallel = 8

type Input = {
  params?: { [name: string]: string }
  query?: { [name: string]: string | number | undefined }
  body?: unknown
  idempotencyKey?: string
}

export type Call = <R extends Route>(route: R, input?: Input) => Promise<v.InferOutput<R['answer']['schema']>>

function urlOf(base: string, route: Route, { params = {}, query = {} }: Input): URL {
  const url = new URL(
    route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? '')),
    base,
  )
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

const kindOf = (status: number): ErrorKind => {
  const kinds = Object.keys(errorKinds) as ErrorKind[]
  return kinds.find((kind) => errorKinds[kind].status === status) ?? (status < 500 ? 'invalid' : 'unavailable')
}

function refusalOf(status: number, body: unknown): KramError {
  if (!v.is(problemSchema, body)) {
    return new KramError(kindOf(status), 'unexpected_answer', `The shop answered ${status}, and not as it should.`)
  }
  const issues = body.issues?.map(({ pointer, message }) => ({ pointer, message }))
  return new KramError(kindOf(status), body.code, body.detail, { detail: issues ? { issues } : {} })
}

function caller({ url }: Server, token: () => Promise<string>): Call {
  return async (route, input = {}) => {
    let status: number
    let answer: unknown
    try {
      const response = await fetch(urlOf(url, route, input), {
        method: route.method,
        headers: {
          authorization: `Bearer ${await token()}`,
          'content-type': 'application/json',
          ...(input.idempotencyKey !== undefined && { 'idempotency-key': input.idempotencyKey }),
        },
        ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      status = response.status
      answer = await response.json()
    } catch (error) {
      if (error instanceof KramError) throw error
      throw new KramError('unavailable', 'shop_unreachable', `No shop answers at ${url}.`, { cause: error })
    }
    if (status !== route.answer.status) throw refusalOf(status, answer)
    const parsed = v.safeParse(route.answer.schema, answer)
    if (parsed.success) return parsed.output
    throw new KramError('unavailable', 'unexpected_answer', `The shop at ${url} answers as another version would.`)
  }
}

const rejectedAs = (event: Envelope, code: string, message: string): PublishResult => ({
  accepted: [],
  rejected: [{ id: event.id, code, retryable: false, message }],
})

/** Groups that fit one request: by number, and by bytes with room for the brackets and commas. */
export function requestsOf(events: readonly Envelope[]): Envelope[][] {
  const groups: Envelope[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1
    const group = groups.at(-1)
    if (group && bytes + size <= limits.bodyBytes && group.length < limits.postedEvents) {
      group.push(event)
      bytes += size
    } else {
      groups.push([event])
      bytes = 2 + size
    }
  }
  return groups
}

function publisher(call: Call): ShopClient['publish'] {
  return async (events, via) => {
    const result: PublishResult = { accepted: [], rejected: [] }
    for (const group of requestsOf(events)) {
      const { accepted, rejected } = await sendGroup(call, group, via)
      result.accepted.push(...accepted)
      result.rejected.push(...rejected)
    }
    return result
  }
}

async function sendGroup(call: Call, group: readonly Envelope[], via: string): Promise<PublishResult> {
  try {
    return await call(postEvents, { query: { via }, body: group })
  } catch (error) {
    // One by one it becomes clear which of them it was.
    if (!(error instanceof KramError) || error.kind !== 'invalid') throw error
    const [only, ...others] = group
    if (only && others.length === 0) return rejectedAs(only, error.code, error.message)
    const single: PublishResult = { accepted: [], rejected: [] }
    for (const event of group) {
      const { accepted, rejected } = await sendGroup(call, [event], via)
      single.accepted.push(...accepted)
      single.rejected.push(...rejected)
    }
    return single
  }
}

async function wholeCustomer(call: Call, id: string): Promise<CustomerDocument> {
  const read = async (after?: string) =>
    await call(getCustomer, { params: { id }, query: { limit: limits.pageItems, after } })
  let { next, ...customer } = await read()
  while (next !== undefined) {
    const page = await read(next)
    customer.products.push(...page.products)
    next = page.next
  }
  return customer as CustomerDocument
}

// As the shop has it, unchecked: what is malformed must be listed too.
const asStored = (event: { [name: string]: unknown }): Envelope => event as Envelope

function deadLettersOf(call: Call): ShopClient['deadLetters'] {
  return {
    async list({ limit = limits.pageItems, ...query }) {
      const { items, ...rest } = await call(listDeadLetters, { query: { limit, ...query } })
      const letters = items.map(({ first_failed_at, last_failed_at, next_try_at, event, ...same }) => ({
        ...same,
        event: asStored(event),
        firstFailedAt: first_failed_at,
        lastFailedAt: last_failed_at,
        ...(next_try_at !== undefined && { nextTryAt: next_try_at }),
      }))
      return { items: letters satisfies DeadLetter[], ...rest }
    },
    redrive: (filter) => call(postRedrive, { body: filter }),
    async discard(id, reason) {
      await call(postDiscard, { params: { id }, body: { reason } })
    },
  }
}

/** The types of a pattern that has nothing else, which is all that this command line makes. */
const typesOf = (pattern: Pattern | undefined) => {
  const types = pattern?.['detail-type']
  return Array.isArray(types) ? { types: types.map(String) } : {}
}

function replaysOf(call: Call): ShopClient['replays'] {
  return {
    start: ({ pattern, ...request }) => call(postReplays, { body: { ...request, ...typesOf(pattern) } }),
    status: (name) => call(getReplay, { params: { name } }),
    cancel: (name) => call(postReplayCancel, { params: { name } }),
  }
}

/**
 * A client of the shop that `server` names.
 * @throws KramError unavailable `shop_unreachable`; forbidden `token_key_exposed`
 */
export async function createHttpClient({ server, dataDir }: { server: Server; dataDir: string }): Promise<ShopClient> {
  const clock = { now: Date.now }
  const tokens = createTokens({ keyPath: join(dataDir, 'token.key'), clock })
  let signed: { token: string; until: number } | undefined
  const token = async (): Promise<string> => {
    if (!signed || signed.until < clock.now()) {
      const until = clock.now() + (tokenSeconds / 2) * 1_000
      signed = { token: await tokens.sign({ role: 'admin', subject: personName(), ttlSeconds: tokenSeconds }), until }
    }
    return signed.token
  }
  const call = caller(server, token)
  const { currency, time_zone: timeZone } = await call(getSettings)
  const profiles = () => allPages((after) => call(listCustomers, { query: { limit: limits.pageItems, after } }))
  const products = () => allPages((after) => call(listProducts, { query: { limit: limits.pageItems, after } }))
  return {
    where: `the shop at ${server.url}`,
    delivers: true,
    settings: { currency, timeZone },
    publish: publisher(call),
    async *customers() {
      for await (const ids of groupsOf(idsOf(profiles()), parallel)) {
        yield* await Promise.all(ids.map((id) => wholeCustomer(call, id)))
      }
    },
    customerIds: () => idsOf(profiles()),
    products,
    productIds: () => idsOf(products()),
    async events({ pattern, ...query }) {
      const text = pattern && JSON.stringify(pattern)
      const { items, ...rest } = await call(listEvents, { query: { limit: limits.pageItems, ...query, pattern: text } })
      return { items: items.map(({ event, taken_at }) => ({ event: asStored(event), takenAt: taken_at })), ...rest }
    },
    deadLetters: deadLettersOf(call),
    aside: (kind) =>
      allPages((after) => call(listAside, { query: { kind, limit: limits.pageItems, after } }) as Promise<Page<Aside>>),
    changeAside: ({ kind, discard, filter, dryRun }) => {
      const asked = { ...filter, dry_run: dryRun }
      if (discard === undefined) return call(postAside, { body: { kind: 'unsent', ...asked } })
      return call(postAside, { body: { kind, discard, ...asked } })
    },
    replays: replaysOf(call),
    promos: promosOverHttp(call),
    orders: ordersOverHttp(call),
    close: async () => undefined,
  }
}

async function* groupsOf<T>(all: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let group: T[] = []
  for await (const one of all) {
    group.push(one)
    if (group.length === size) {
      yield group
      group = []
    }
  }
  if (group.length > 0) yield group
}
