// `kram orders place|show|list|cancel|return`, beside a shop that runs and on its files.
import '../support/quiet.ts'
import { describe, expect, test, vi } from 'vitest'
import { reloadPromos } from '../../lib/app/promos/reload-promos.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { openShop } from '../../lib/local/shop.ts'
import { customer, product } from '../support/events.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Ended, kram } from '../support/kram.ts'
import { save } from '../support/promos.ts'
import { serveShop } from '../support/served-shop.ts'

// Each command is a process, which takes seconds on a machine that does much else.
vi.setConfig({ testTimeout: 120_000 })

const events = () => [product('p', { price: 10 }), product('q', { id: 'q1', price: 0.5 }), customer('c')]
const promo = { state: 'live', actions: [{ type: 'percent_off', value: 10 }], limits: { uses: 100 } }
const order = ['--customer', 'c1', '--line', 'p1=2', '--line', 'q1=4']
const json = ({ stdout }: Ended) => JSON.parse(stdout)

describe.each(['with a shop that runs', 'on the files'])('%s', (way) => {
  const setUp = async (): Promise<string> => {
    const dataDir = temporaryFolder()
    const shop = way === 'on the files' ? await openShop({ dataDir }) : await serveShop({ dataDir })
    await recordEvents(shop.deps, events(), { via: 'table' })
    await save(shop.deps, 'ten', promo)
    await reloadPromos(shop.deps)
    if (way === 'on the files') await shop.stop()
    return dataDir
  }

  test('an order is placed, shown, listed and taken back in parts', async () => {
    const dataDir = await setUp()
    const placed = await kram(['orders', 'place', ...order, '--payment', 'card'], { dataDir })
    expect(placed.code, placed.stderr).toBe(0)
    const [id = ''] = placed.stdout.split(' ')
    expect(placed.stdout).toMatch(
      /^\S+ {2}placed, 19\.80 PLN\n {2}c1, \S+Z\n {2}2 × .+ \(p1\): 20\.00 - 2\.00 = 18\.00\n {2}4 × .+ \(q1\): 2\.00 - 0\.20 = 1\.80\n {2}ten: discount 2\.20\n$/,
    )
    expect((await kram(['orders', 'show', id], { dataDir })).stdout).toBe(placed.stdout)
    const shown = json(await kram(['orders', 'show', id, '--json'], { dataDir }))
    expect(shown).toMatchObject({ id, state: 'placed', total_minor: 1_980, payment: { method: 'card' } })

    const returned = await kram(['orders', 'return', id, '--line', 'p1=1', '--key', 'parcel'], { dataDir })
    expect(returned).toMatchObject({ code: 0, stdout: '1 unit came back: 9.00 PLN given back\n' })
    const again = await kram(['orders', 'return', id, '--line', 'p1=1', '--key', 'parcel', '--json'], { dataDir })
    expect(json(again)).toMatchObject({ order_id: id, refund_minor: 900 })
    const after = await kram(['orders', 'show', id], { dataDir })
    expect(after.stdout).toContain('18.00; 1 came back\n')
    expect(after.stdout).toContain('  given back: 9.00 PLN\n')
    const listed = await kram(['orders', 'list', 'c1'], { dataDir })
    expect(listed.stdout).toMatch(new RegExp(`^${id}  \\S+Z {2}partly_returned, 6 units, 19.80 PLN\n$`))

    const tooMany = await kram(['orders', 'return', id, '--line', 'p1=2'], { dataDir })
    expect(tooMany).toMatchObject({ code: 1, stdout: '' })
    expect(tooMany.stderr).toContain('/lines/0/quantity: must be at most 1')
    const cancelled = await kram(['orders', 'cancel', id], { dataDir })
    expect(cancelled).toMatchObject({ code: 1, stdout: '' })
    expect(cancelled.stderr).toContain('(order_has_returns)')
  })

  test('under a key it is placed once, at what was agreed or not at all', async () => {
    const dataDir = await setUp()
    const keyed = (total: string, ...more: string[]) =>
      kram(['orders', 'place', ...order, '--key', 'basket', '--expect-total-minor', total, ...more, '--json'], {
        dataDir,
      })
    const dearer = await keyed('1979')
    expect(dearer).toMatchObject({ code: 1, stdout: '' })
    expect(dearer.stderr).toMatch(/^kram: .* 19\.80.*\(order_changed\)/)
    const gone = await keyed('1980', '--expect-promo', 'summer')
    expect(gone.stderr).toMatch(/summer.*\(order_changed\)/)
    const first = json(await keyed('1980'))
    expect(json(await keyed('1980'))).toEqual(first)
    expect(await keyed('1985')).toMatchObject({ code: 1, stderr: expect.stringContaining('(conflict)') })

    const cancelled = json(await kram(['orders', 'cancel', first.id, '--json'], { dataDir }))
    expect(cancelled).toMatchObject({ id: first.id, state: 'cancelled', given_back: { refund_minor: 1_980 } })
    expect(json(await kram(['orders', 'list', 'c1', '--json'], { dataDir }))).toMatchObject({ state: 'cancelled' })
  })

  test('a whole order comes from standard input', async () => {
    const dataDir = await setUp()
    const lines = [
      { product_id: 'p1', quantity: 1, id: 'a' },
      { product_id: 'p1', quantity: 1, id: 'b' },
    ]
    const stdin = JSON.stringify({ customer_id: 'c1', lines })
    const placed = await kram(['orders', 'place', '--file', '-', '--json'], { dataDir, stdin })
    expect(json(placed)).toMatchObject({ lines: [{ id: 'a' }, { id: 'b' }], total_minor: 1_800 })
    const bad = JSON.stringify({ customer_id: 'c1', lines: [{ product_id: 'p1', quantity: 0 }], price: 1 })
    const refused = await kram(['orders', 'place', '--file', '-'], { dataDir, stdin: bad })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/\/lines\/0\/quantity: .*\n(.*\n)*.*\/price: /)
  })

  test.each([
    ['an order that is not there', ['show', 'x'], 'unknown_order'],
    ['a customer that is not there', ['list', 'x'], 'unknown_customer'],
    ['an order for nobody', ['place', '--customer', 'x', '--line', 'p1=1'], 'unknown_customer'],
    ['goods that are not there', ['place', '--customer', 'c1', '--line', 'x=1'], 'unknown_product'],
    ['a return of nothing', ['return', 'x', '--line', 'p1=1'], 'unknown_order'],
  ])('fails with a sentence: %s', async (_name, args, code) => {
    const ended = await kram(['orders', ...args], { dataDir: await setUp() })
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(new RegExp(`^kram: .* \\(${code}\\)`))
  })
})

test('a key means the same order with a shop that runs and without', async () => {
  const dataDir = temporaryFolder()
  const shop = await openShop({ dataDir })
  await recordEvents(shop.deps, events(), { via: 'table' })
  await shop.stop()
  const place = () =>
    kram(['orders', 'place', ...order, '--key', 'k', '--expect-total-minor', '2200', '--json'], { dataDir })
  const onFiles = json(await place())
  await serveShop({ dataDir })
  expect(json(await place())).toEqual(onFiles)
})

test.each([
  ['nothing ordered', ['place', '--customer', 'c1']],
  ['no customer', ['place', '--line', 'p1=1']],
  ['no quantity', ['place', '--customer', 'c1', '--line', 'p1']],
  ['none of something', ['place', '--customer', 'c1', '--line', 'p1=0']],
  ['a file and more', ['place', '--file', '-', '--customer', 'c1']],
  ['a key without what was agreed', ['place', ...order, '--key', 'k']],
  ['a key with a space', ['place', ...order, '--key', 'a b', '--expect-total-minor', '1']],
  ['a total with decimals', ['place', ...order, '--expect-total-minor', '1.94']],
  ['a return of nothing', ['return', 'x']],
])('is a wrong command line: %s', async (_name, args) => {
  expect(await kram(['orders', ...args], { dataDir: temporaryFolder() })).toMatchObject({ code: 2, stdout: '' })
})
