// The CLI as a process beside a shop that runs: everything goes over HTTP.
import '../support/quiet.ts'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { writeServer } from '../../lib/local/server-file.ts'
import { openShop } from '../../lib/local/shop.ts'
import type { Table } from '../../lib/ports/table.ts'
import { temporaryFolder } from '../support/folder.ts'
import { kram, startKram } from '../support/kram.ts'
import { serveShop } from '../support/served-shop.ts'

// Each command is a process, which takes seconds on a machine that does much else.
vi.setConfig({ testTimeout: 120_000 })

/** Gives up after the second try: tests of dead letters wait for them. */
const impatient = { attempts: 1, maxAgeSeconds: 60 }

const jsonLines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

const patience = { timeout: 60_000, interval: 20 }

describe('with a shop that runs', () => {
  test('what is sent over the bus is handled, and listed', async () => {
    const dataDir = temporaryFolder()
    const shop = await serveShop({ dataDir })
    const made = await kram(['make', 'customers', '--count', '3'], { dataDir })
    expect(made).toEqual({
      code: 0,
      stdout: '3 customers sent over the bus: customer_k_000 to customer_k_002\n',
      stderr: '',
    })
    await kram(['make', 'products', '--count', '120'], { dataDir })
    await shop.idle()
    expect(jsonLines((await kram(['list', 'products', '--json'], { dataDir })).stdout)).toHaveLength(120)

    // More than one page of purchases for each of three customers.
    const bought = await kram(['buy', '--count', '330', '--json'], { dataDir })
    const purchases = jsonLines(bought.stdout)
    await shop.idle()
    const listed = jsonLines((await kram(['list', 'customers', '--json'], { dataDir })).stdout)
    expect(listed.map(({ id }) => id)).toEqual(['customer_k_000', 'customer_k_001', 'customer_k_002'])
    for (const customer of listed) {
      const own = purchases.filter(({ customer_id }) => customer_id === customer.id)
      expect(own.length).toBeGreaterThan(60)
      const lines = (all: { id: string; quantity: number }[]) =>
        all.map(({ id, quantity }) => `${id} ${quantity}`).sort()
      expect(lines(customer.products)).toEqual(
        lines(own.map(({ product_id, quantity }) => ({ id: product_id, quantity }))),
      )
    }
    expect(Math.max(...listed.map(({ products }) => products.length))).toBeGreaterThan(100)
    expect(shop.requests).toContainEqual(expect.stringMatching(/^POST \/events\?via=bus$/))
  })

  test('what is put into the table is there at once, and on the bus as well', async () => {
    const dataDir = temporaryFolder()
    const shop = await serveShop({ dataDir, settings: { currency: 'UAH', timeZone: 'Europe/Kyiv' } })
    await kram(['make', 'customers', '--count', '1', '--via', 'table'], { dataDir })
    expect((await kram(['list', 'customers', '--lang', 'en'], { dataDir })).stdout).toBe(
      'Leonard Gadomski (customer_db_000) - has no products.\n\n',
    )
    await kram(['make', 'products', '--catalogue', 'fashion', '--count', '1', '--via', 'table'], { dataDir })
    // The currency is the running shop's.
    expect((await kram(['list', 'products', '--lang', 'uk'], { dataDir })).stdout).toMatch(
      /^Товар: "Шорти Puma Essentials, Black, L" \(шорти, ціна \d+,00 грн, ID shorty_db_1\)\n$/,
    )
    await shop.idle()
    const tail = await kram(['events', 'tail', '--from', '1d', '--json'], { dataDir })
    const types = jsonLines(tail.stdout).map(({ type }) => type)
    expect(types).toEqual(expect.arrayContaining(['new_customer', 'new_product']))
  })

  test('tail -f goes on with new events, once each', async () => {
    const dataDir = temporaryFolder()
    await serveShop({ dataDir })
    await kram(['make', 'customers', '--count', '2'], { dataDir })
    const child = startKram(['events', 'tail', '-f', '--type', 'new_customer', '--json'], { dataDir })
    onTestFinished(() => void child.kill('SIGKILL'))
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (data: string) => {
      text += data
    })
    const subjects = () => jsonLines(text.slice(0, text.lastIndexOf('\n') + 1)).map(({ subject }) => subject)
    await vi.waitFor(() => expect(subjects()).toEqual(['customer_k_000', 'customer_k_001']), patience)
    await kram(['make', 'customers', '--count', '3'], { dataDir })
    await vi.waitFor(() => expect(subjects()).toEqual(['customer_k_000', 'customer_k_001', 'customer_k_002']), patience)
    await kram(['make', 'customers', '--from', '3', '--count', '1'], { dataDir })
    await vi.waitFor(() => expect(subjects()[3]).toBe('customer_k_003'), patience)
    expect(subjects()).toHaveLength(4)
    child.kill('SIGINT')
    await vi.waitFor(() => expect(child.exitCode).toBe(130), patience)
  })

  test('dead letters are listed, redriven and set aside', async () => {
    const dataDir = temporaryFolder()
    const { bus } = await serveShop({ dataDir, retry: impatient })
    const buys = (customer_id: string) =>
      JSON.stringify({ event_type: 'customer_buys_product', customer_id, product_id: 'mleko_db_1', quantity: 1 })
    await kram(['make', 'products', '--via', 'table', '--count', '1'], { dataDir })
    const stdin = `${buys('late')}\n${buys('never')}\n`
    await kram(['events', 'publish', '--format', 'clientflow'], { dataDir, stdin })
    await vi.waitFor(async () => expect((await bus.deadLetters.list({})).items).toHaveLength(2), patience)
    expect((await kram(['events', 'dead-letters', '--code', 'unknown_customer'], { dataDir })).stdout).toMatch(
      /customer_buys_product late -> on-customer-buys-product\n {2}unknown_customer: .*\n {2}\d tries, the last .*\n\n/,
    )
    const customer = { event_type: 'new_customer', id: 'late', first_name: 'Ewa', last_name: 'Nowak', address: 'x' }
    await kram(['events', 'publish', '--format', 'clientflow', '--via', 'table'], {
      dataDir,
      stdin: JSON.stringify(customer),
    })
    expect((await kram(['events', 'redrive', '--all'], { dataDir })).stdout).toBe('2 dead letters sent again\n')
    await vi.waitFor(async () => {
      const [only, ...others] = (await bus.deadLetters.list({})).items
      expect([only?.event.data.customer_id, others]).toEqual(['never', []])
    }, patience)
    const [letter] = jsonLines((await kram(['events', 'dead-letters', '--json'], { dataDir })).stdout)
    const discarded = await kram(['events', 'discard', letter.id, '--reason', 'nobody of ours', '--json'], { dataDir })
    expect(jsonLines(discarded.stdout)).toEqual([{ discarded: letter.id, reason: 'nobody of ours' }])
    expect((await bus.deadLetters.list({})).items[0]?.discarded).toBe('nobody of ours')
    const again = await kram(['events', 'discard', 'no-such', '--reason', 'x'], { dataDir })
    expect([again.code, again.stdout]).toEqual([1, ''])

    const inspected = await kram(['events', 'dead-letters', '--id', letter.id], { dataDir })
    expect(inspected.stdout).toContain('discarded: nobody of ours\n\n{\n  "specversion": "1.0",\n')
    for (const args of [['redrive'], ['dead-letters']]) {
      const none = await kram(['events', ...args, '--id', 'no-such'], { dataDir })
      expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(dead_letter_not_found)') })
    }
    const aside = await kram(['events', 'redrive', '--id', letter.id], { dataDir })
    expect(aside).toMatchObject({ code: 1, stderr: expect.stringContaining('none that can be sent again') })
  })

  test('events that one request cannot hold are sent in several', async () => {
    const dataDir = temporaryFolder()
    const shop = await serveShop({ dataDir })
    const line = (id: string, notes: number) =>
      JSON.stringify({
        type: 'new_product',
        data: {
          id,
          name: 'A',
          type: 'x',
          price: 1,
          attributes: Object.fromEntries(Array.from({ length: notes }, (_, i) => [`a${i}`, 'ż'.repeat(400)])),
        },
      })
    const stdin = Array.from({ length: 20 }, (_, i) => line(`p${i}`, 20)).join('\n')
    const sent = await kram(['events', 'publish'], { dataDir, stdin })
    expect(sent).toMatchObject({ code: 0, stdout: '20 events accepted, 0 refused\n' })
    expect(shop.requests.filter((request) => request.startsWith('POST /events')).length).toBeGreaterThan(4)
  })
})

describe('when the running shop', () => {
  test('has its table away, the reason is told', async () => {
    const dataDir = temporaryFolder()
    let away = false
    const refuse = (): never => {
      throw new KramError('unavailable', 'store_unreachable', 'The table cannot be reached.')
    }
    const wrapTable = (table: Table): Table => ({
      ...table,
      list: (query) => (away ? refuse() : table.list(query)),
      get: (keys) => (away ? refuse() : table.get(keys)),
    })
    const { bus } = await serveShop({ dataDir, wrapTable })
    away = true
    const { code, stderr } = await kram(['list', 'products'], { dataDir })
    expect([code, stderr]).toEqual([1, 'kram: The table cannot be reached. (store_unreachable)\n'])
    const direct = await kram(['make', 'customers', '--count', '3', '--via', 'table'], { dataDir })
    expect([direct.code, direct.stdout]).toEqual([1, '0 customers put into the table\n'])
    expect(direct.stderr.match(/was refused: The table cannot be reached. \(store_unreachable\)/g)).toHaveLength(3)
    // Publishing needs the bus alone.
    expect((await kram(['make', 'customers', '--count', '1'], { dataDir })).code).toBe(0)
    const first = await bus.archive
      .read({ from: '2000-01-01T00:00:00.000Z', to: '2999-01-01T00:00:00.000Z' })
      [Symbol.asyncIterator]()
      .next()
    expect(first.value?.event.type).toBe('new_customer')
  })

  test('knows another key, its refusal is told', async () => {
    const dataDir = temporaryFolder()
    const shop = await serveShop({ dataDir })
    await kram(['list', 'products'], { dataDir })
    rmSync(join(dataDir, 'token.key'))
    const { code, stderr } = await kram(['list', 'products'], { dataDir })
    expect([code, stderr]).toEqual([1, 'kram: The token is not one of ours. (token_invalid)\n'])
    expect(shop.requests.length).toBeGreaterThan(0)
  })

  test('has left only its address behind, the files are opened', async () => {
    const dataDir = temporaryFolder()
    // A port that was free a moment ago, and a process that lives: this one.
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    await kram(['make', 'customers', '--via', 'table', '--count', '1'], { dataDir })
    writeServer(dataDir, { url: `http://127.0.0.1:${port}`, pid: process.pid })
    const { code, stdout } = await kram(['list', 'customers'], { dataDir })
    expect([code, stdout]).toEqual([0, 'Leonard Gadomski (customer_db_000) - nie ma produktów.\n\n'])
  })

  test('is something else altogether by now, the files are opened', async () => {
    const dataDir = temporaryFolder()
    const server = createServer((_, response) => response.end('<html>hello</html>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    await kram(['make', 'customers', '--via', 'table', '--count', '1'], { dataDir })
    writeServer(dataDir, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pid: process.pid })
    expect((await kram(['list', 'customers'], { dataDir })).stdout).toContain('(customer_db_000)')
    const shop = await openShop({ dataDir })
    onTestFinished(() => shop.stop())
    const { code, stderr } = await kram(['list', 'products'], { dataDir })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^kram: .*\(shop_unreachable\)\n$/)])
  })
})
