// `npm start` as a person runs it: the real process with serverless-offline, over HTTP.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTokens } from '../../lib/lambda/tokens.ts'
import { kram } from '../support/kram.ts'
import { type Caller, type Cells, callers, cellOf, told, writtenHere } from '../support/role-matrix.ts'

const patience = { timeout: 40_000, interval: 50 }
const dataDir = mkdtempSync(join(tmpdir(), 'kram-start-'))
let shop: ChildProcess
let said = ''
let url = ''
let token = ''

const start = (...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, ['scripts/start.mjs', '--data', dataDir, ...args], { stdio: 'pipe' })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said += chunk
    })
  }
  return child
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => (child.exitCode === null ? child.on('exit', resolve) : resolve(child.exitCode)))

const ready = (): Promise<void> => vi.waitFor(() => expect(said).toContain('Ctrl-C'), patience)

/** What of the answers is looked at. */
type Body = {
  items: { id: string }[]
  products: unknown[]
  vouchers: unknown[]
  address: string
  applied: { promo: string }[]
  discount_minor: number
  delivery_minor: number
}

const ask = async (
  path: string,
  init: { method?: string; body?: string } = {},
): Promise<{ status: number; body: Body }> => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${url}${path}`, { ...init, headers })
  return { status: response.status, body: (await response.json()) as Body }
}

beforeAll(async () => {
  shop = start('--port', '0')
  await ready()
  url = /open at (\S+)/.exec(said)?.[1] ?? ''
  token = /TOKEN=(\S+)/.exec(said)?.[1] ?? ''
}, 60_000)

afterAll(() => {
  shop.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

test('it says what to try, and what it says works: sample goods, a purchase, the customer with it', async () => {
  const products = await ask('/products?limit=100')
  expect(products.status).toBe(200)
  expect(products.body.items).toHaveLength(25)

  const bought = await ask('/purchases', {
    method: 'POST',
    body: '{"customer_id": "customer_k_000", "product_id": "cukier_k_2", "quantity": 8}',
  })
  expect(bought.status).toBe(202)
  await expect.poll(async () => (await ask('/customers/customer_k_000')).body.products, patience).toHaveLength(1)
  const { body } = await ask('/customers/customer_k_000')
  expect(body.products[0]).toMatchObject({ id: 'cukier_k_2', name: 'Cukier drobny', quantity: 8 })
})

test('the cart that it says to try gets its promotions', async () => {
  const body = /\/checkout .*? -d '(.*?)'/s.exec(said)?.[1] ?? ''
  const cart = await ask('/checkout', { method: 'POST', body })
  expect(cart.status, JSON.stringify(cart.body)).toBe(200)
  expect(cart.body).toMatchObject({ delivery_minor: 0, discount_minor: 25 })
  expect(cart.body.applied.map(({ promo }) => promo)).toEqual([
    'adidas-delivery',
    'chocolate-2-plus-1',
    'embroidered-cashback',
  ])
  expect((await ask('/products/shorty_k_1/hints?language=uk')).status).toBe(200)
})

test('the rule of one city greeted its sample customer and nobody else', async () => {
  const { body } = await ask('/customers?limit=100')
  const greeted = []
  for (const { id } of body.items) {
    const customer = await ask(`/customers/${id}`)
    if (customer.body.vouchers.length > 0) greeted.push(customer.body.address)
  }
  expect(greeted).toEqual(['plac Średnia 13\n12-612 Dąbrowa Górnicza'])
})

test('it listens on this machine alone, keeps its key to itself, and refuses a second shop on the same data', async () => {
  expect(new URL(url).hostname).toBe('127.0.0.1')
  expect(statSync(join(dataDir, 'token.key')).mode & 0o777).toBe(0o600)
  const before = said.length
  const second = start('--port', '0')
  expect(await ended(second)).toBe(1)
  expect(said.slice(before)).toMatch(/^The shop did not start: Another process .* stop it first\.\n$/)
})

test('what is in the way of a start is told in one line, and nothing is changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kram-refused-'))
  const refusal = async (data: string): Promise<string> => {
    const before = said.length
    expect(await ended(start('--port', '0', '--data', data))).toBe(1)
    return said.slice(before)
  }
  const file = join(folder, 'file')
  writeFileSync(file, 'mine')
  expect(await refusal(file)).toMatch(
    /^npm start: the data folder .* cannot be used: .* Choose another with --data\.\n$/,
  )
  const newer = new DatabaseSync(join(folder, 'table.sqlite'))
  newer.exec('PRAGMA user_version = 99')
  newer.close()
  expect(await refusal(folder)).toMatch(/^The shop did not start: The table .* a newer release of Kram \(format 99, /)
  writeFileSync(join(folder, 'table.sqlite'), 'not SQLite'.repeat(1_000))
  expect(await refusal(folder)).toMatch(/^The shop did not start: The table .* is not a database\.\n$/)
  rmSync(folder, { recursive: true })
}, 60_000)

test.skipIf(!existsSync('/dev/full'))(
  'a log that cannot be written, as on a full disk, ends no shop',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kram-full-'))
    symlinkSync('/dev/full', join(folder, 'shop.log'))
    const before = said.length
    const child = start('--port', '0', '--empty', '--data', folder)
    await vi.waitFor(() => expect(said.slice(before)).toContain('Ctrl-C'), patience)
    const [, there] = /open at (\S+)/.exec(said.slice(before)) ?? []
    for (let i = 0; i < 3; i++) expect((await fetch(`${there}/healthz`)).status).toBe(200)
    child.kill()
    expect(await ended(child)).toBe(0)
    rmSync(folder, { recursive: true })
  },
  60_000,
)

test('a page of another site may neither ask with cookies or a token, nor read what they bring', async () => {
  const origin = 'http://evil.example'
  const wanted = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' }
  const asked = await fetch(`${url}/promos`, { method: 'OPTIONS', headers: { origin, ...wanted } })
  expect(asked.headers.get('access-control-allow-origin')).toBeNull()
  const read = await fetch(`${url}/promos`, { headers: { origin } })
  expect(read.headers.get('access-control-allow-credentials')).toBeNull()
})

test('over HTTP, every cell of the role matrix is as it is written down', async () => {
  const tokens = createTokens({ keyPath: join(dataDir, 'token.key'), clock: { now: Date.now } })
  const tokenOf = async (caller: Caller): Promise<Record<string, string>> =>
    caller === 'nobody'
      ? {}
      : { authorization: `Bearer ${await tokens.sign({ role: caller, subject: 'matrix', ttlSeconds: 600 })}` }
  const cellFor = async (route: string, caller: Caller): Promise<Cells[Caller]> => {
    const [method = '', path = ''] = route.split(' ')
    const answer = await fetch(`${url}${path.replaceAll(/\{\w+\}/g, 'none')}`, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...(await tokenOf(caller)) },
      ...(method !== 'GET' && { body: '{}' }),
    })
    const text = await answer.text()
    return cellOf(answer.status, text.startsWith('{') ? JSON.parse(text).code : undefined)
  }
  const written = writtenHere()
  expect(written.length).toBeGreaterThan(30)
  for (const [route, who] of written) {
    const cells = await Promise.all(callers.map(async (caller) => [caller, await cellFor(route, caller)] as const))
    expect(`${route}: ${told(Object.fromEntries(cells) as Cells)}`).toBe(`${route}: ${who}`)
  }
}, 60_000)

test('the command line talks to it over HTTP', async () => {
  const { code, stdout } = await kram(['list', 'customers', '--lang', 'en'], { dataDir })
  expect(code).toBe(0)
  expect(stdout).toContain('Roksana Siatka (customer_k_001) - has no products.\n')
  expect((await kram(['make', 'customers', '--count', '1', '--via', 'table'], { dataDir })).code).toBe(0)
  expect((await ask('/customers/customer_db_000')).status).toBe(200)
})

test('a signal ends it in good order: exit code 0, files closed, and nothing lost', async () => {
  shop.kill('SIGTERM')
  expect(await ended(shop)).toBe(0)
  expect(existsSync(join(dataDir, 'server.json'))).toBe(false)
  expect(existsSync(join(dataDir, 'table.sqlite-wal'))).toBe(false)
  expect(readFileSync(join(dataDir, 'shop.log'), 'utf8')).not.toMatch(/Ofiara|Polna/)

  said = ''
  shop = start('--port', '0')
  await ready()
  url = /open at (\S+)/.exec(said)?.[1] ?? ''
  expect(said).not.toContain('were loaded')
  const { body } = await ask('/customers/customer_k_000')
  expect(body.products).toHaveLength(1)
}, 60_000)

const pages = ['docs/api.md', 'docs/orders.md']
const commandsOf = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands)

const withoutCurl = spawnSync('curl', ['--version']).error !== undefined

test.skipIf(withoutCurl).each(pages)(
  'every command of %s does, as it stands, what the page says',
  async (page) => {
    const blocks = commandsOf(page)
    expect(blocks.length).toBeGreaterThan(0)
    for (const block of blocks) {
      const here = block
        .replaceAll('http://127.0.0.1:3000', url)
        .replaceAll('curl ', 'curl --silent --show-error --fail-with-body ')
      const child = spawn('sh', ['-e', '-c', here], { env: { ...process.env, KRAM_DATA: dataDir, TOKEN: token } })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk
        })
      }
      expect(await ended(child), output).toBe(0)
    }
  },
  60_000,
)
