// What the measurements of the embedded bus share: files, events, a handler that writes the table, time.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmbeddedBus, type EmbeddedBus } from '../../lib/adapters/bus/embedded/bus.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import type { BusEvent, Envelope, Subscription } from '../../lib/ports/bus.ts'
import type { Table } from '../../lib/ports/table.ts'

/** Runs `work` with a folder of its own, removed afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kram-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A purchase as it is on the bus, about 370 bytes. */
const purchase = (n: number): Envelope => ({
  specversion: '1.0',
  id: `01964d5a-7b1c-7000-8000-${String(n).padStart(12, '0')}`,
  source: 'kram.shop',
  type: 'customer_buys_product',
  time: '2022-04-24T19:41:07.123Z',
  subject: `customer_db_${n % 1_000}`,
  dataschema: 'urn:kram:customer_buys_product:1',
  correlationid: `01964d5a-7b1c-7000-8000-${String(n).padStart(12, '0')}`,
  data: { customer_id: `customer_db_${n % 1_000}`, product_id: `product_db_${n % 13}`, quantity: (n % 9) + 1 },
})

export const purchases = (count: number, from = 0): Envelope[] =>
  Array.from({ length: count }, (_, n) => purchase(from + n))

const retry = { attempts: 3, maxAgeSeconds: 3_600 }

export const subscriptionTo = (name: string, pattern: Subscription['pattern']): Subscription => ({
  name,
  pattern,
  takesReplays: true,
  retry,
})

export const allPurchases = subscriptionTo('on-customer-buys-product', { 'detail-type': ['customer_buys_product'] })

export const openBus = (folder: string, subscriptions: readonly Subscription[] = [allPurchases]): EmbeddedBus =>
  createEmbeddedBus({
    path: `${folder}/bus.sqlite`,
    clock: { now: Date.now },
    random: { next: Math.random },
    subscriptions,
  })

export const openTable = (folder: string): Table => createSqliteTable({ path: `${folder}/table.sqlite` })

/** What the shop's projections do: marker, effect and outbox item in one write. */
export const project =
  (table: Table) =>
  async (name: string, { detail }: BusEvent): Promise<void> => {
    const { customer_id: customer, product_id: product = '', quantity = 0 } = detail.data
    const sk = `purchase#${detail.time}#${detail.id}`
    await table.write([
      { op: 'put', item: { pk: `seen#${detail.id}`, sk: name, hash: detail.id }, if: { exists: false } },
      { op: 'put', item: { pk: `customer#${customer}`, sk, product, quantity } },
      {
        op: 'put',
        item: { pk: `outbox#${detail.id}`, sk: '0', event: { ...detail, type: 'customer_updated' } },
        list: { name: 'outbox', sort: detail.time },
      },
    ])
  }

/** Seconds that `work` takes. */
export async function secondsOf(work: () => Promise<unknown> | unknown): Promise<number> {
  const startedMs = performance.now()
  await work()
  return (performance.now() - startedMs) / 1_000
}

/** The value that a share of the sorted values does not exceed. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** 12345.6 -> 12,346 */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
