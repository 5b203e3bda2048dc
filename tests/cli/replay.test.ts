// `kram events replay` as a process, beside a shop that runs and without one.
import '../support/quiet.ts'
import { expect, test, vi } from 'vitest'
import { openShop } from '../../lib/local/shop.ts'
import { temporaryFolder } from '../support/folder.ts'
import { kram } from '../support/kram.ts'
import { serveShop } from '../support/served-shop.ts'

// Each command is a process, which takes seconds on a machine that does much else.
vi.setConfig({ testTimeout: 120_000 })

const json = ({ stdout }: { stdout: string }) => JSON.parse(stdout)

test('with a shop that runs: dry run, replay to its end, status, cancel', async () => {
  const dataDir = temporaryFolder()
  const shop = await serveShop({ dataDir })
  await kram(['make', 'products', '--count', '5'], { dataDir })
  await kram(['make', 'customers', '--count', '2'], { dataDir })
  await shop.idle()

  const dry = await kram(['events', 'replay', '--from', '1d', '--dry-run', '--json'], { dataDir })
  expect(json(dry)).toEqual({
    dry_run: true,
    events: 7,
    // customer_updated is a reactor's alone.
    types: { new_customer: 2, new_product: 5 },
    subscriptions: { 'on-new-customer': 2, 'on-new-product': 5 },
  })
  const one = await kram(
    ['events', 'replay', '--from', '1d', '--subscription', 'on-new-customer', '--dry-run', '--json'],
    { dataDir },
  )
  expect(json(one)).toMatchObject({ events: 2, types: { new_customer: 2 }, subscriptions: { 'on-new-customer': 2 } })
  const products = await kram(['events', 'replay', '--from', '1d', '--type', 'new_product', '--dry-run'], { dataDir })
  expect(products.stdout).toBe('5 events would be handed out again\n  new_product: 5\n  to on-new-product: 5\n')

  const done = await kram(['events', 'replay', '--from', '1d', '--type', 'new_product', '--json'], { dataDir })
  expect(json(done)).toEqual({ name: 'replay-1', state: 'completed', total: 9, done: 9 })
  expect(done.code).toBe(0)

  const slow = await kram(['events', 'replay', '--from', '1d', '--rate', '1', '--detach', '--json'], { dataDir })
  expect(json(slow)).toMatchObject({ name: 'replay-2', state: 'running' })
  const cancelled = await kram(['events', 'replay', '--cancel', 'replay-2', '--json'], { dataDir })
  expect(json(cancelled)).toMatchObject({ name: 'replay-2', state: 'cancelled' })
  const status = await kram(['events', 'replay', '--status', 'replay-2'], { dataDir })
  expect(status.stdout).toMatch(/^replay-2: cancelled, \d of 9 events of that time looked at\n$/)
})

test('what makes no sense is refused, with the reason', async () => {
  const dataDir = temporaryFolder()
  await serveShop({ dataDir })
  const replay = (...args: string[]) => kram(['events', 'replay', ...args], { dataDir })
  expect(await replay()).toMatchObject({ code: 2, stderr: expect.stringContaining('--from') })
  expect(await replay('--from', 'yesterday')).toMatchObject({ code: 2 })
  expect(await replay('--from', '2026-01-02', '--to', '2026-01-01')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('must be before'),
  })
  expect(await replay('--from', '1d', '--subscription', 'score-customer')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('takes no replays'),
  })
  expect(await replay('--from', '1d', '--subscription', 'score-customer', '--dry-run')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('takes no replays'),
  })
  expect(await replay('--from', '1d', '--subscription', 'nobody', '--dry-run')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no subscription nobody'),
  })
  expect(await replay('--status', 'replay-9')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no replay replay-9'),
  })
})

test('without a shop it begins when one runs', async () => {
  const dataDir = temporaryFolder()
  await kram(['make', 'products', '--count', '3', '--via', 'table'], { dataDir })
  const first = await openShop({ dataDir })
  await first.start()
  await first.idle()
  await first.stop()

  const asked = await kram(['events', 'replay', '--from', '1d', '--json'], { dataDir })
  expect(asked).toMatchObject({ code: 0, stderr: expect.stringContaining('it begins when one does') })
  expect(json(asked)).toMatchObject({ name: 'replay-1', state: 'running' })

  const shop = await openShop({ dataDir })
  await shop.start()
  await shop.idle()
  expect(await shop.bus.replayStatus('replay-1')).toMatchObject({ state: 'completed' })
  await shop.stop()
})
