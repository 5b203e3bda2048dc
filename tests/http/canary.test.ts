// No name, no address, no title, no body and no token in any log line: a canary goes through every route, every event
// function and every way in which they fail, and everything that is written meanwhile is looked through.
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { type Parts, provideDeps } from '../../lib/lambda/deps.ts'
import type { LambdaFunction } from '../../lib/lambda/event-function.ts'
import { functionNameOf } from '../../lib/lambda/route.ts'
import { loadHandler } from '../../lib/local/functions.ts'
import { readService } from '../../lib/local/service.ts'
import { allFunctions, functionOf, type Served } from '../support/all-functions.ts'
import { canary, captureAll, planted, spoiled } from '../support/canary.ts'
import { batches, cart, eventOf, poisoned, requests, types, wrapped } from '../support/canary-inputs.ts'
import { jsonLines } from '../support/capture-output.ts'
import { payloadOf, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'

const service = readService('serverless.yml')
const handlers = new Map<string, LambdaFunction>()

let shop: HttpShop
let token: string
/** Everything that was written, and what functions threw: Lambda logs name, message and stack by itself. */
let logs = ''
let thrown = ''
const tokens: string[] = []

/** What is broken; each way throws something that quotes what it was given. */
type World = { [part in 'table' | 'bus' | 'objects' | 'authenticate']?: (args: unknown[]) => unknown }
let world: World = {}

const quoting = (args: unknown[]) => {
  throw new TypeError(`${canary} ${JSON.stringify(args)}`)
}
const away = () => {
  throw new KramError('unavailable', 'store_unreachable', 'It cannot be reached.', { cause: new Error(canary) })
}
const rejecting = (args: unknown[]) => ({
  accepted: [],
  rejected: [args[0]].flat().map((event) => ({
    ...{ id: String((event as { id?: string }).id), code: 'internal_failure', retryable: true },
    message: `${canary} ${JSON.stringify(event)}`,
  })),
})
const worlds: Record<string, World> = {
  'nothing is wrong': {},
  'the table is away': { table: away },
  'the table throws what it was given': { table: quoting },
  'the objects are away': { objects: away },
  'the objects throw what they were given': { objects: quoting },
  'the bus rejects what it was given': { bus: rejecting },
  'the bus throws what it was given': { bus: quoting },
  'who checks tokens throws them': { authenticate: quoting },
}

/** Malformed input is refused before anything is asked: two worlds are enough for it. */
const takesAll = ({ table, ...others }: World): boolean => Object.keys(others).length === 0 && table !== away

/** The part, until the world breaks it. */
function breakable<Part extends object>(name: keyof World, part: Part): Part {
  return new Proxy(part, {
    get: (target, property) => {
      const found = Reflect.get(target, property)
      const broken = world[name]
      if (typeof found !== 'function' || !broken || property === 'close') return found
      return async (...args: unknown[]) => broken(args)
    },
  })
}

beforeAll(async () => {
  for (const name of service.functionNames) handlers.set(name, await loadHandler(name))
  shop = await openHttpShop(
    service.subscriptions
      .filter(({ name }) => name !== 'archive-events')
      .map(({ name, pattern }) => ({ name, pattern, handler: handlers.get(name) as LambdaFunction })),
  )
  const { deps } = await import('../../lib/lambda/deps.ts')
  const { authenticate } = await deps(['authenticate'])
  const functions = {
    call: async () => ({ ok: false as const, errorType: canary, errorMessage: canary }),
    start: async () => undefined,
    nameOf: (arn: string) => arn.split(':').at(-1)?.replace('kram-dev-', ''),
  }
  const parts = { ...shop.deps, authenticate, functions }
  provideDeps({
    ...parts,
    table: breakable('table', shop.deps.table),
    bus: breakable('bus', shop.deps.bus),
    objects: breakable('objects', shop.deps.objects),
    authenticate: (event) =>
      (world.authenticate ? quoting([event]) : authenticate(event)) as ReturnType<Parts['authenticate']>,
  })
  token = await shop.token('admin', canary)
  tokens.push(token)
})
afterAll(async () => {
  await shop.close()
  provideDeps({ functions: undefined })
})

const listening = async (run: () => Promise<void>): Promise<string> => {
  const said = await captureAll(run)
  logs += said
  return said
}

const deliver = async (): Promise<void> => {
  await shop.deliver()
  logs += shop.logs
  shop.logs = ''
}

type Answered = { status: number; body: Record<string, unknown> }

async function ask({ route, handler }: Served, options: RequestOptions = {}): Promise<Answered> {
  const headers = { 'user-agent': canary, cookie: `c=${canary}`, traceparent: canary, ...options.headers }
  const { statusCode, body } = await handler(
    payloadOf({ method: route.method, path: route.path, token, ...options, headers }),
  )
  return { status: statusCode, body: body.startsWith('{') ? JSON.parse(body) : {} }
}

const known: Record<string, string> = { '{order}': 'none', '{letter}': 'none', '{replay}': 'none' }

function requestFor({ route }: Served): RequestOptions {
  const given = requests[route.name]
  if (!given && (route.body || route.params))
    throw new Error(`Add a good request for ${route.name} to tests/support/canary-inputs.ts.`)
  const { json, params, ...rest } = given ?? {}
  const body = route.body
  return {
    ...rest,
    ...(params && {
      params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, known[value] ?? value])),
    }),
    ...(json !== undefined && { json: body ? planted(json, (value) => v.is(body, value)) : json }),
  }
}

/** Ids stay what they are, so that the good request goes on finding what it is about. */
const good = (served: Served): RequestOptions => {
  const { json } = requests[served.route.name] ?? {}
  return json === undefined ? requestFor(served) : { ...requestFor(served), json }
}

describe('through every route', () => {
  test('good requests, which make what later ones are about', async () => {
    const succeeded: string[] = []
    const run = async (name: string) => {
      const answer = await ask(functionOf(name), good(functionOf(name)))
      if (answer.status < 400) succeeded.push(name)
      return answer
    }
    await listening(async () => {
      await run('post-customers')
      await run('post-products')
      await shop.deps.bus.publish([])
    })
    await deliver()
    await listening(async () => {
      await run('put-promo')
    })
    await deliver()
    shop.clock.ms += 2_001
    await listening(async () => {
      const json = { ...cart, expected_total_minor: 3_000 }
      const placed = await ask(functionOf('post-orders'), { json, headers: { 'idempotency-key': canary } })
      known['{order}'] = String(placed.body.id)
      const replayed = await ask(functionOf('post-replays'), requests['post-replays'])
      known['{replay}'] = String(replayed.body.name)
      // A purchase of what nobody sells becomes a dead letter.
      await ask(functionOf('post-purchases'), { json: { customer_id: 'c1', product_id: canary, quantity: 1 } })
    })
    await deliver()
    await listening(async () => {
      const { items } = (await ask(functionOf('list-dead-letters'))).body as { items: { id: string }[] }
      known['{letter}'] = items[0]?.id ?? 'none'
      await run('post-rollback')
      for (const { route } of allFunctions) if (!succeeded.includes(route.name)) await run(route.name)
    })
    await deliver()
    expect(known).not.toContain('none')
    // A promotion that was rolled back is as it was; what was cancelled cannot be returned.
    const refused = allFunctions.map(({ route }) => route.name).filter((name) => !succeeded.includes(name))
    expect(refused).toEqual(['post-order-returns'])
  })

  test.each(Object.entries(worlds))('while %s', async (name, broken) => {
    const callers = {
      nobody: undefined,
      forged: `e30.${Buffer.from(JSON.stringify({ sub: canary })).toString('base64url')}.${canary}`,
      malformed: canary,
      marketer: await shop.token('marketer', canary),
      tester: await shop.token('tester', canary),
    }
    tokens.push(...Object.values(callers).filter((one) => one !== undefined))
    const said = await listening(async () => {
      world = broken
      for (const served of allFunctions) {
        const request = requestFor(served)
        await ask(served, request)
        await ask(served, { ...request, query: { [canary]: canary, after: canary } })
        await ask(served, { ...request, params: { id: canary, name: canary } })
        await ask(served, { ...request, params: { [canary]: canary } })
        await ask(served, {
          ...request,
          headers: { 'idempotency-key': `${canary} ${canary}`, 'if-none-match': canary },
        })
        for (const caller of Object.values(callers)) await ask(served, { ...request, token: caller })
        // The same key, other content.
        await ask(served, { ...good(served), headers: { 'idempotency-key': canary } })
        await ask(served, { ...request, headers: { 'idempotency-key': canary } })
        if (served.route.body && takesAll(broken)) await askBadly(served, request)
      }
      const catchAll = handlers.get('no-route') as LambdaFunction
      await catchAll(payloadOf({ path: `/${canary}`, method: 'POST', body: canary, query: canary }))
      await catchAll({ [canary]: canary })
      world = {}
    })
    await deliver()
    expect(jsonLines(said).length, name).toBeGreaterThan(allFunctions.length * 10)
  })
})

async function askBadly(served: Served, request: RequestOptions): Promise<void> {
  for (const json of [...spoiled(request.json), { ...(request.json as object), [canary]: canary }, canary, [canary]]) {
    await ask(served, { ...request, json })
  }
  const { json: _, ...rest } = request
  for (const body of [canary, `{"${canary}`, `"${canary}"`, `{"__proto__": "${canary}"}`]) {
    for (const type of ['application/json', canary])
      await ask(served, { ...rest, body, headers: { ...rest.headers, 'content-type': type } })
  }
}

async function invoke(name: string, event: unknown): Promise<void> {
  try {
    await handlers.get(name)?.(event, { functionName: name })
  } catch (error) {
    const { name: type, message, stack } = error as Error
    thrown += `${type}\n${message}\n${stack}\n${JSON.stringify(error)}\n`
  }
}

describe('through every function that no person calls', () => {
  const routes = new Set([...allFunctions.map(({ route }) => functionNameOf(route)), 'no-route'])
  const called = new Set<string>()

  test.each(Object.entries(worlds))('while %s', async (name, broken) => {
    const said = await listening(async () => {
      world = broken
      for (const { name: subscription } of service.subscriptions) {
        called.add(subscription)
        for (const type of types) {
          const detail = eventOf(type, `${name.replaceAll(' ', '-')}-${type}`)
          await invoke(subscription, wrapped(detail))
          await invoke(subscription, wrapped(detail, { 'replay-name': canary }))
          // The same id, other content.
          await invoke(subscription, wrapped({ ...detail, data: { ...(detail.data as object), notes: canary } }))
          if (takesAll(broken)) for (const event of poisoned(detail)) await invoke(subscription, event)
        }
      }
      for (const [plain, events] of Object.entries(batches())) {
        called.add(plain)
        for (const event of events) await invoke(plain, event)
      }
      world = {}
    })
    await deliver()
    expect(jsonLines(said).filter((line) => line.message === 'failed').length, name).toBeGreaterThan(10)
  })

  test('none was left out', () => {
    expect(service.functionNames.filter((name) => !routes.has(name) && !called.has(name))).toEqual([])
  })
})

describe('what was written', () => {
  const holding = (text: string, secret: string): string[] =>
    text
      .split('\n')
      .filter((line) => line.toLowerCase().includes(secret.toLowerCase()))
      .slice(0, 3)

  test('is plenty, of every level and from every function', () => {
    const lines = jsonLines(logs)
    expect(lines.length).toBeGreaterThan(5_000)
    expect(new Set(lines.map(({ level }) => level))).toEqual(new Set(['INFO', 'WARN', 'ERROR']))
    const heard = new Set(lines.map((line) => line.function))
    const served = new Set(allFunctions.map(({ route }) => functionNameOf(route)))
    const names = [
      ...allFunctions.map(({ route }) => route.name),
      ...service.functionNames.filter((name) => !served.has(name)),
    ]
    expect(names.filter((name) => !heard.has(name))).toEqual([])
  })

  test('holds no canary', () => expect(holding(logs, canary)).toEqual([]))

  test('holds no token, nor the part of one that says who', () => {
    for (const whole of tokens) {
      for (const part of whole.split('.').filter(({ length }) => length > 10)) expect(holding(logs, part)).toEqual([])
    }
  })

  test('and nothing that a function threw holds one: Lambda logs it and hands it on', () => {
    expect(thrown.split('\n').length).toBeGreaterThan(1_000)
    expect(holding(thrown, canary)).toEqual([])
  })

  test('while the shop itself is full of them', async () => {
    const { body } = await ask(functionOf('list-dead-letters'))
    expect(JSON.stringify(body)).toContain(canary)
    expect(JSON.stringify((await ask(functionOf('list-customers'))).body)).toContain(canary)
  })
})
