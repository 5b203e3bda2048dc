// kill -9 of the whole shop as `npm start` runs it, while orders, purchases and cancellations come over HTTP: nothing
// that was answered is lost, limits hold, and everything agrees afterwards. KILL_SHOP_CYCLES asks for more than the one
// of every test run (`npm run crash`).
import '../support/quiet.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { getOrder } from '../../lib/app/orders/change-order.ts'
import { reconcile } from '../../lib/app/reconcile.ts'
import { rebuild } from '../../lib/local/rebuild.ts'
import { openShop } from '../../lib/local/shop.ts'
import { seededRandom } from '../../lib/shop/samples.ts'
import { temporaryFolder } from '../support/folder.ts'
import { integrityOf } from '../support/integrity.ts'
import { kram } from '../support/kram.ts'
import { countersOf } from '../support/order-shop.ts'

const cycles = Number(process.env.KILL_SHOP_CYCLES ?? 1)
const seed = process.env.KILL_SEED ?? '20220424'
const uses = 60
const lanes = 6

/** What was answered, by what must be there for it. */
type Answered = { placed: Set<string>; cancelled: Set<string>; purchases: Set<string> }

async function startShop(dataDir: string) {
  // A group of its own, so that the kill hits serverless-offline at the same moment as the script around it.
  const child = spawn(process.execPath, ['scripts/start.mjs', '--data', dataDir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const exited = once(child, 'exit')
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  await vi.waitFor(() => expect(said).toContain('Ctrl-C'), { timeout: 60_000, interval: 50 })
  const url = /open at (\S+)/.exec(said)?.[1] ?? ''
  const token = /TOKEN=(\S+)/.exec(said)?.[1] ?? ''
  const kill = async (): Promise<void> => {
    if (child.signalCode === null) process.kill(-Number(child.pid), 'SIGKILL')
    await exited
  }
  onTestFinished(kill)
  const ask = async (path: string, key: string, body?: object): Promise<{ id?: string; event_id?: string }> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
      ...(body && { body: JSON.stringify(body) }),
    })
    const answer = await response.json()
    if (response.status >= 300) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`)
    return answer as { id?: string; event_id?: string }
  }
  return { ask, kill }
}

type Running = Awaited<ReturnType<typeof startShop>>

/** Orders, cancels every third of them, buys; until the shop is gone. */
async function load({ ask }: Running, name: string, answered: Answered): Promise<void> {
  for (let n = 0; ; n++) {
    const customer_id = `customer_k_00${n % 5}`
    const lines = [
      { product_id: 'cukier_k_2', quantity: 1 + (n % 3) },
      { product_id: 'shorty_k_1', quantity: 1 },
    ]
    const { id = '' } = await ask('/orders', `${name}-${n}`, { customer_id, lines, expected_total_minor: 1e9 })
    answered.placed.add(id)
    const { event_id = '' } = await ask('/purchases', `${name}-p${n}`, {
      customer_id,
      product_id: 'cukier_k_2',
      quantity: 1,
    })
    answered.purchases.add(event_id)
    if (n % 3 !== 2) continue
    await ask(`/orders/${id}/cancel`, `${name}-c${n}`)
    answered.cancelled.add(id)
  }
}

async function publishLimited(dataDir: string): Promise<void> {
  const promo = { product_filters: { brand: 'Puma' }, actions: [{ type: 'percent_off', value: 3 }], limits: { uses } }
  const options = { dataDir, stdin: JSON.stringify(promo) }
  const { code, stderr } = await kram(['promos', 'publish', '-', '--id', 'few', '--why', 'a test'], options)
  expect(code, stderr).toBe(0)
}

test(
  `${cycles} times kill -9 of the whole shop under load lose nothing that was answered (seed ${seed})`,
  async () => {
    const dataDir = temporaryFolder()
    const random = seededRandom(seed)
    const answered: Answered = { placed: new Set(), cancelled: new Set(), purchases: new Set() }
    for (let cycle = 0; cycle < cycles; cycle++) {
      const shop = await startShop(dataDir)
      if (cycle === 0) await publishLimited(dataDir)
      const before = answered.placed.size
      const loads = Array.from({ length: lanes }, (_, lane) => load(shop, `${cycle}-${lane}`, answered))
      const ended = Promise.allSettled(loads)
      const begun = expect.poll(() => answered.placed.size, { timeout: 60_000, interval: 10 }).toBeGreaterThan(before)
      await Promise.race([begun, Promise.all(loads)])
      await new Promise((resolve) => setTimeout(resolve, random() * 1_500))
      await shop.kill()
      // Whatever else went wrong before the kill would have an answer.
      for (const outcome of await ended) {
        if (outcome.status === 'rejected') expect(String(outcome.reason)).toMatch(/fetch failed|terminated|JSON/)
      }
    }
    for (const file of ['bus', 'table']) expect(integrityOf(`${dataDir}/${file}.sqlite`)).toBe('ok')

    // The start sends what a crash left in the outbox.
    const shop = await openShop({ dataDir })
    await shop.start()
    await shop.idle()
    for (const id of answered.placed) await expect(getOrder(shop.deps, id)).resolves.toMatchObject({ id })
    for (const id of answered.cancelled) {
      await expect(getOrder(shop.deps, id)).resolves.toMatchObject({ state: 'cancelled' })
    }
    const bought = new Map<string, number>()
    for await (const { sk, event_id } of shop.table.scan({ prefix: 'customer#' })) {
      if (sk.startsWith('purchase#')) bought.set(String(event_id), (bought.get(String(event_id)) ?? 0) + 1)
    }
    for (const id of answered.purchases) expect(bought.get(id), id).toBe(1)
    expect((await reconcile(shop.table, shop.deps.settings)).disagreements).toEqual([])
    expect((await countersOf(shop.table, 'redeemed#few')).uses).toBeLessThanOrEqual(uses)
    expect((await shop.bus.deadLetters.list({})).items).toEqual([])
    await shop.stop()
    const rebuilt = await rebuild({ dataDir })
    expect(rebuilt).toMatchObject({ difference_count: 0, differences: [], unhandled: [] })
    expect(answered.cancelled.size).toBeGreaterThan(0)
  },
  90_000 + cycles * 60_000,
)
