// Calls the checkout function in this process, as Lambda does, with API Gateway's own event; its log goes to standard
// output, which the parent throws away. Arguments: data folder, time, lines of a cart, calls, `explain` or `amounts`.
// Answers over IPC.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { handler } from '../../functions/post-checkout.ts'
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { assert } from '../../lib/base/assert.ts'
import { authenticateByClaims } from '../../lib/lambda/auth.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { carts, settings } from './shop.ts'

const [, , dataDir = '', now = '', lines = '', calls = '', explain = ''] = process.argv

// The wall clock, moved to when the promotions are in force: every two seconds the set is checked, as it would be.
const offset = Number(now) - Date.now()
provideDeps({
  table: createSqliteTable({ path: join(dataDir, 'table.sqlite') }),
  objects: createDirectoryObjects({ root: join(dataDir, 'objects') }),
  clock: { now: () => Date.now() + offset },
  settings,
  authenticate: authenticateByClaims({ rolesClaim: 'cognito:groups' }),
})

const base = JSON.parse(readFileSync(new URL('../../tests/payloads/api-gateway-v2.json', import.meta.url), 'utf8'))
const payloads = carts(Number(lines), 500, explain === 'explain').map((body) => ({
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
}))

let discounts = 0
let bytes = 0
async function call(i: number): Promise<void> {
  const { statusCode, body } = await handler(payloads[i % payloads.length])
  assert(statusCode === 200, `the cart is answered, not: ${body}`)
  bytes += body.length
  if (!body.includes('"applied":[]')) discounts++
  assert(!body.includes('promos_failed') && !body.includes('promos_stale'), 'promotions work')
}

const first = performance.now()
await call(0)
const firstMs = performance.now() - first
for (let i = 0; i < 3_000; i++) await call(i)

discounts = 0
bytes = 0
const times = new Float64Array(Number(calls))
const cpu = process.cpuUsage()
const start = performance.now()
for (let i = 0; i < times.length; i++) {
  const began = performance.now()
  await call(i)
  times[i] = performance.now() - began
}
const seconds = (performance.now() - start) / 1_000
const { user, system } = process.cpuUsage(cpu)
times.sort()
const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
process.send?.({
  perSecond: times.length / seconds,
  perCpuSecond: times.length / ((user + system) / 1e6),
  p50Ms: at(0.5),
  p99Ms: at(0.99),
  firstMs,
  discounted: discounts / times.length,
  bytes: bytes / times.length,
})
process.exit(0)
