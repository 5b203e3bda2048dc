// The CLI as a process on the files of a shop that does not run; what it leaves there is handled when one does.
import '../support/quiet.ts'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { openShop, type Shop, type ShopOptions } from '../../lib/local/shop.ts'
import { temporaryFolder } from '../support/folder.ts'
import { kram, startKram } from '../support/kram.ts'

const payloads = new URL('../payloads/', import.meta.url)
/** Gives up after the second try: tests of dead letters wait for them. */
const impatient = { attempts: 1, maxAgeSeconds: 60 }

const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

/** What a shop that runs for a while makes of the folder. */
async function runShop(
  dataDir: string,
  until?: (shop: Shop) => Promise<boolean>,
  options: Partial<ShopOptions> = {},
): Promise<void> {
  const shop = await openShop({ dataDir, ...options })
  await shop.start()
  await shop.idle()
  for (const deadline = Date.now() + 20_000; until && !(await until(shop)); ) {
    if (Date.now() > deadline) throw new Error('did not come about')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await shop.stop()
}

const customersOf = async (dataDir: string) =>
  jsonLines((await kram(['list', 'customers', '--json'], { dataDir })).stdout)
const productsOf = async (dataDir: string) =>
  jsonLines((await kram(['list', 'products', '--json'], { dataDir })).stdout)

describe('over the bus, without a shop', () => {
  test('events wait in the log, and the command says so; they arrive when a shop runs', async () => {
    const dataDir = temporaryFolder()
    const made = await kram(['make', 'customers', '--count', '3'], { dataDir })
    expect(made).toMatchObject({ code: 0, stdout: '3 customers sent over the bus: customer_k_000 to customer_k_002\n' })
    expect(made.stderr).toContain('the events wait in the log')
    expect(await customersOf(dataDir)).toEqual([])
    await runShop(dataDir)
    expect((await customersOf(dataDir)).map(({ id }) => id)).toEqual([
      'customer_k_000',
      'customer_k_001',
      'customer_k_002',
    ])
  })

  test('made again with the same seed nothing changes; another seed is a new price for the same products', async () => {
    const dataDir = temporaryFolder()
    await kram(['make', 'products', '--via', 'table'], { dataDir })
    const before = await productsOf(dataDir)
    await kram(['make', 'products', '--via', 'table'], { dataDir })
    await runShop(dataDir)
    expect(await productsOf(dataDir)).toEqual(before)
    await kram(['make', 'products', '--via', 'table', '--seed', '2'], { dataDir })
    const after = await productsOf(dataDir)
    expect(after.map(({ id, name }) => [id, name])).toEqual(before.map(({ id, name }) => [id, name]))
    expect(after.map(({ price_minor }) => price_minor)).not.toEqual(before.map(({ price_minor }) => price_minor))
  })

  test('what was put into the table is on the bus too, and its delivery changes nothing', async () => {
    const dataDir = temporaryFolder()
    await kram(['make', 'customers', '--via', 'table', '--count', '2'], { dataDir })
    await kram(['make', 'products', '--via', 'table', '--count', '2'], { dataDir })
    await kram(['buy', '--via', 'table', '--count', '5', '--seed', 's'], { dataDir })
    await kram(['buy', '--via', 'table', '--count', '5', '--seed', 's'], { dataDir })
    const before = await customersOf(dataDir)
    expect(before.flatMap(({ products }) => products)).toHaveLength(5)
    const { stdout } = await kram(['events', 'tail', '-n', '100', '--json'], { dataDir })
    const count = (type: string) => jsonLines(stdout).filter((event) => event.type === type).length
    expect([count('new_customer'), count('new_product'), count('customer_buys_product')]).toEqual([2, 2, 5])
    await runShop(dataDir)
    expect(await customersOf(dataDir)).toEqual(before)
  })

  test('without customers or products nothing can be bought, and it says what to do', async () => {
    const dataDir = temporaryFolder()
    await kram(['make', 'products', '--via', 'table'], { dataDir })
    const { code, stderr } = await kram(['buy'], { dataDir })
    expect(code).toBe(1)
    expect(stderr).toBe('kram: There is no customer yet: kram make customers. (nothing_to_draw)\n')
  })
})

describe('the messages of the first shop', () => {
  test('make its customers, products and purchases', async () => {
    const dataDir = temporaryFolder()
    const file = new URL('clientflow.jsonl', payloads)
    const lines = jsonLines(readFileSync(file, 'utf8'))
    const args = ['events', 'publish', '--format', 'clientflow', '--batch', 'b', '--file', file.pathname]
    for (const _ of [1, 2]) {
      expect(await kram(args, { dataDir })).toMatchObject({ code: 0, stdout: '28 events accepted, 0 refused\n' })
    }
    // A purchase that comes before its customer or product is tried again, here by a patient bus.
    await runShop(dataDir, async ({ table }) => {
      const items = await Array.fromAsync(table.scan({ prefix: 'customer#' }))
      return items.filter(({ sk }) => sk.startsWith('purchase#')).length === 10
    })
    const products = new Map(lines.flatMap((line) => (line.event_type === 'new_product' ? [[line.id, line]] : [])))
    expect((await productsOf(dataDir)).map(({ id, price_minor }) => [id, price_minor])).toEqual(
      [...products.values()].map(({ id, price }) => [id, Math.round(price * 100)]),
    )
    const bought = (await customersOf(dataDir)).flatMap(({ id, products }) =>
      products.map((product: { id: string; quantity: number; price_minor: number }) => [
        id,
        product.id,
        product.quantity,
        product.price_minor,
      ]),
    )
    const sent = lines
      .filter(({ event_type }) => event_type === 'customer_buys_product')
      .map((one) => [
        one.customer_id,
        one.product_id,
        one.quantity,
        Math.round(products.get(one.product_id).price * 100),
      ])
    expect(bought.toSorted()).toEqual(sent.toSorted())
  })
})

describe('kram events publish', () => {
  const product = (id: string, price: unknown) =>
    JSON.stringify({ type: 'new_product', data: { id, name: 'A', type: 'x', price } })

  test('names each bad line and the place of its fault, and the others go on', async () => {
    const dataDir = temporaryFolder()
    const stdin = [
      product('a', 1),
      '',
      '{"type": "new_pro',
      product('b', -1),
      product('c', 0.5),
      '{"type":"x","data":{}}',
    ].join('\n')
    const { code, stdout, stderr } = await kram(['events', 'publish', '--via', 'table'], { dataDir, stdin })
    expect([code, stdout]).toEqual([1, '2 events accepted, 3 refused\n'])
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^line 3: \/ .* \(json_malformed\)$/),
      'line 4: /data/price must not be negative (invalid_event)',
      expect.stringMatching(/^line 6: \/type .* \(unknown_event_type\)$/),
    ])
    expect((await productsOf(dataDir)).map(({ id }) => id)).toEqual(['a', 'c'])
  })

  test('takes a line as it is, with the separators that JSON allows in texts, and none that is no UTF-8', async () => {
    const dataDir = temporaryFolder()
    const named = JSON.stringify({
      type: 'new_product',
      data: { id: 'a', name: 'A\u2028B\u2029C', type: 'x', price: 1 },
    })
    const windows = Buffer.from(product('b', 1).replace('"A"', '"\u00d8"'), 'latin1')
    const stdin = Buffer.concat([Buffer.from(`\uFEFF${named}\r\n`), windows])
    const { code, stdout, stderr } = await kram(['events', 'publish', '--via', 'table'], { dataDir, stdin })
    expect([code, stdout, stderr]).toEqual([
      1,
      '1 event accepted, 1 refused\n',
      'line 2: / must be UTF-8 (body_not_utf8)\n',
    ])
    expect(await productsOf(dataDir)).toMatchObject([{ id: 'a', name: 'A\u2028B\u2029C' }])
  })

  test('prints an outcome for each line as JSON', async () => {
    const stdin = `${product('a', 1)}\n${product('b', 0.001)}\n`
    const { code, stdout } = await kram(['events', 'publish', '--json'], { dataDir: temporaryFolder(), stdin })
    expect(code).toBe(1)
    expect(jsonLines(stdout)).toEqual([
      { line: 1, id: expect.any(String) },
      { line: 2, error: { code: 'invalid_event', pointer: '/data/price', message: 'must have at most two decimals' } },
    ])
  })

  test('refuses an event from the future by itself, and takes one of ten years ago', async () => {
    const event = (id: string, time: string) => JSON.stringify({ ...JSON.parse(product(id, 1)), time })
    const stdin = [event('old', '2012-04-24T00:00:00.000Z'), event('new', '2999-01-01T00:00:00.000Z')].join('\n')
    const { code, stdout, stderr } = await kram(['events', 'publish'], { dataDir: temporaryFolder(), stdin })
    expect([code, stdout]).toEqual([1, '1 event accepted, 1 refused\n'])
    expect(stderr).toContain('line 2:')
    expect(stderr).toContain('(event_from_the_future)')
  })

  test('takes an own id once: the same content changes nothing, other content is refused', async () => {
    const dataDir = temporaryFolder()
    const publish = (price: number) =>
      kram(['events', 'publish'], {
        dataDir,
        stdin: JSON.stringify({ id: 'mine', ...JSON.parse(product('a', price)) }),
      })
    expect((await publish(1)).code).toBe(0)
    expect((await publish(1)).code).toBe(0)
    const { code, stderr } = await publish(2)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^line 1: \/ .* \(\w*conflict\)/)
  })

  test('sends lines as they come, before the input ends', async () => {
    const dataDir = temporaryFolder()
    const child = startKram(['events', 'publish', '--json'], { dataDir })
    child.stdin?.write(`${product('a', 1)}\n`)
    const first = await new Promise((resolve) => child.stdout?.once('data', (data) => resolve(String(data))))
    expect(first).toMatch(/^\{"line":1,"id":"/)
    child.stdin?.end(product('b', 1))
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(0)
  })

  test.each(['no-such.jsonl', 'no-such.json', 'lib'])('fails for %s, which is no file', async (file) => {
    const { code, stderr } = await kram(['events', 'publish', '--file', file], { dataDir: temporaryFolder() })
    expect([code, stderr]).toEqual([1, `kram: ${file} cannot be read. (file_unreadable)\n`])
  })
})

describe('dead letters', () => {
  test('are listed with a reason that a person understands, redriven, and set aside', async () => {
    const dataDir = temporaryFolder()
    const purchase = {
      event_type: 'customer_buys_product',
      customer_id: 'nobody',
      product_id: 'mleko_db_1',
      quantity: 1,
    }
    await kram(['make', 'products', '--via', 'table', '--count', '1'], { dataDir })
    await kram(['events', 'publish', '--format', 'clientflow'], { dataDir, stdin: JSON.stringify(purchase) })
    const dead = async ({ bus }: Shop) => (await bus.deadLetters.list({})).items.length > 0
    await runShop(dataDir, dead, { retry: impatient })

    const listed = await kram(['events', 'dead-letters'], { dataDir })
    expect(listed.stdout).toMatch(/customer_buys_product nobody -> on-customer-buys-product\n {2}unknown_customer: /)
    const [letter, ...others] = jsonLines((await kram(['events', 'dead-letters', '--json'], { dataDir })).stdout)
    expect(others).toEqual([])
    expect(letter).toMatchObject({
      subscription: 'on-customer-buys-product',
      code: 'unknown_customer',
      event: { data: { customer_id: 'nobody' } },
    })

    const customer = { event_type: 'new_customer', id: 'nobody', first_name: 'Nikt', last_name: 'Nowak', address: 'x' }
    await kram(['events', 'publish', '--format', 'clientflow', '--via', 'table'], {
      dataDir,
      stdin: JSON.stringify(customer),
    })
    const redriven = await kram(['events', 'redrive', '--code', 'unknown_customer', '--json'], { dataDir })
    expect(redriven).toMatchObject({ code: 0, stdout: '{"redriven":1}\n' })
    await runShop(dataDir, async (shop) => !(await dead(shop)))
    expect((await customersOf(dataDir)).flatMap(({ products }) => products)).toHaveLength(1)
  })

  test('are set aside with a reason, and stay readable', async () => {
    const dataDir = temporaryFolder()
    const purchase = { event_type: 'customer_buys_product', customer_id: 'nobody', product_id: 'none', quantity: 1 }
    await kram(['events', 'publish', '--format', 'clientflow'], { dataDir, stdin: JSON.stringify(purchase) })
    const dead = async ({ bus }: Shop) => (await bus.deadLetters.list({})).items.length > 0
    await runShop(dataDir, dead, { retry: impatient })
    const [letter] = jsonLines((await kram(['events', 'dead-letters', '--json'], { dataDir })).stdout)
    expect((await kram(['events', 'discard', letter.id, '--reason', 'a test'], { dataDir })).code).toBe(0)
    const [again] = jsonLines((await kram(['events', 'dead-letters', '--json', '--id', letter.id], { dataDir })).stdout)
    expect(again).toMatchObject({ id: letter.id, discarded: 'a test' })
    expect((await kram(['events', 'dead-letters'], { dataDir })).stdout).toContain('discarded: a test')
    const open = await kram(['events', 'dead-letters', '--without-discarded'], { dataDir })
    expect(open).toMatchObject({ code: 0, stdout: 'No dead letters.\n' })
  })
})

describe('a folder that another process has open', () => {
  test('is left alone, and the command says why', async () => {
    const dataDir = temporaryFolder()
    const shop = await openShop({ dataDir })
    const { code, stderr } = await kram(['list', 'products'], { dataDir })
    await shop.stop()
    expect(code).toBe(1)
    expect(stderr).toContain('(shop_in_use)')
  })
})

test('a reader who stops early is no failure', async () => {
  const dataDir = temporaryFolder()
  await kram(['make', 'customers', '--via', 'table', '--count', '200'], { dataDir })
  const child = startKram(['list', 'customers', '--json'], { dataDir })
  const errors: string[] = []
  child.stderr?.on('data', (data) => errors.push(String(data)))
  child.stdout?.once('data', () => child.stdout?.destroy())
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect([code, errors.join('')]).toEqual([0, ''])
  // The files are whole and free again.
  createSqliteTable({ path: join(dataDir, 'table.sqlite') }).close()
  expect(await customersOf(dataDir)).toHaveLength(200)
})

// Of each group of commands; goods, customers, events and promotions that are put in begin a shop.
const notBeginning = [
  'rebuild',
  'reconcile',
  'list customers',
  'buy',
  'events tail',
  'events dead-letters',
  'events redrive --all',
  'events unsent',
  'events replay --from 1d --dry-run',
  'promos list',
  'promos pause x --why test',
  'promos publish PROMO --why test --dry-run',
  'orders list x',
  'orders cancel x',
]

test.for(notBeginning)('%s in a folder without a shop is no good news, and makes none', async (command) => {
  const folder = temporaryFolder()
  const dataDir = join(folder, 'mistyped')
  const promo = join(folder, 'promo.json')
  writeFileSync(promo, '{"id": "x", "actions": [{"type": "percent_off", "value": 10}]}')
  const args = command.split(' ').map((arg) => (arg === 'PROMO' ? promo : arg))
  const { code, stdout, stderr } = await kram(args, { dataDir })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(`There is no shop in ${dataDir}`)
  expect(existsSync(dataDir)).toBe(false)
})
