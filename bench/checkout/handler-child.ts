// Calls the checkout function in this process, as Lambda does, with API Gateway's own event; its log goes to standard
// output, which the parent throws away. Arguments: data folder, calls; then lines of a cart and `explain` or `amounts`
// by turns. Answers over IPC.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { handler } from '../../functions/post-checkout.ts'
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { assert } from '../../lib/base/assert.ts'
import { authenticateByClaims } from '../../lib/lambda/auth.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { carts, settings } from './shop.ts'

export type HandlerResult = {
  lines: number
  explain: boolean
  perSecond: number
  perCpuSecond: number
  p50Ms: number
  p99Ms: number
  bytes: number
}

const [, , dataDir = '', callCount = '', ...cases] = process.argv
const carriers = 300
const warmUp = 2_000

provideDeps({
  table: createSqliteTable({ path: join(dataDir, 'table.sqlite') }),
  objects: createDirectoryObjects({ root: join(dataDir, 'objects') }),
  clock: { now: Date.now },
  settings,
  authenticate: authenticateByClaims({ rolesClaim: 'cognito:groups' }),
})

const base = JSON.parse(readFileSync(new URL('../../tests/payloads/api-gateway-v2.json', import.meta.url), 'utf8'))
const payloadOf = (body: string) => ({
  ...base,
  rawPath: '/checkout',
  rawQueryString: '',
  headers: { ...base.headers, 'content-type': 'application/json' },
  body,
  isBase64Encoded: false,
  requestContext: {
    ...base.requestContext,
    authorizer: { jwt: { claims: { sub: 'u-1', 'cognito:groups': '[shop]' }, scopes: null } },
    http: { ...base.requestContext.http, method: 'POST', path: '/checkout' },
  },
})

/** What failed is told near the end; to search all of an answer for it takes a twentieth as long as to make one. */
const lastChars = 400

/** Answers how many bytes the answer has. */
async function call(payload: unknown): Promise<number> {
  const { statusCode, body } = await handler(payload)
  assert(statusCode === 200, `the cart is answered, not: ${body}`)
  assert(!body.includes('promos_failed', body.length - lastChars), 'promotions are applied')
  return body.length
}

type Case = { lines: number; explain: boolean; payloads: unknown[] }

async function measure({ lines, explain, payloads }: Case): Promise<HandlerResult> {
  for (let i = 0; i < warmUp; i++) await call(payloads[i % carriers])
  const times = new Float64Array(Number(callCount))
  let bytes = 0
  const cpu = process.cpuUsage()
  const start = performance.now()
  for (let i = 0; i < times.length; i++) {
    const began = performance.now()
    bytes += await call(payloads[i % carriers])
    times[i] = performance.now() - began
  }
  const seconds = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  times.sort()
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0
  return {
    lines,
    explain,
    perSecond: times.length / seconds,
    perCpuSecond: times.length / ((user + system) / 1e6),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    bytes: bytes / times.length,
  }
}

const began = performance.now()
await call(payloadOf(carts(5, 1, true)[0] ?? ''))
const firstMs = performance.now() - began
const measured: Case[] = []
for (let i = 0; i < cases.length; i += 2) {
  const [lines, explain] = [Number(cases[i]), cases[i + 1] === 'explain']
  measured.push({ lines, explain, payloads: carts(lines, carriers, explain).map(payloadOf) })
}
// As in a process that has served all kinds of carts: what is measured first would else pay for compiling.
for (let i = 0; i < warmUp; i++) for (const { payloads } of measured) await call(payloads[i % carriers])
const results: HandlerResult[] = []
for (const one of measured) results.push(await measure(one))
process.send?.({ firstMs, results })
process.exit(0)
