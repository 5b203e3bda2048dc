// A shop whose platform queues dead letters, and failures to be recorded there.
import { onTestFinished } from 'vitest'
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { createDeadLetters, type Failed, type RedriveDeps } from '../../lib/app/dead-letters.ts'
import type { JsonObject } from '../../lib/base/json.ts'
import { toMs } from '../../lib/base/time.ts'
import { readFailure } from '../../lib/lambda/invocation-error.ts'
import type { Table } from '../../lib/ports/table.ts'
import { envelope } from './envelopes.ts'
import { temporaryFolder } from './folder.ts'
import { createManualFunctions, type ManualFunctions } from './manual-functions.ts'

export const minuteMs = 60_000
export const start = '2022-04-24T20:00:00.000Z'

export type Shop = RedriveDeps & {
  functions: ManualFunctions
  clock: { now(): number; nowMs: number }
  pass: (ms: number) => void
}

export function open(table: Table = createSqliteTable({ path: ':memory:' })): Shop {
  onTestFinished(() => table.close())
  const clock = { nowMs: toMs(start), now: () => clock.nowMs }
  const pass = (ms: number): void => {
    clock.nowMs += ms
  }
  const objects = createDirectoryObjects({ root: temporaryFolder() })
  const functions = createManualFunctions()
  return { table, objects, clock, random: { next: () => 0 }, functions, readFailure, pass }
}

export const busEvent = (id: string, data: JsonObject = {}): JsonObject => ({
  version: '0',
  id: `eb-${id}`,
  'detail-type': 'thing_happened',
  source: 'kram.tests',
  account: '111122223333',
  time: '2022-04-24T19:41:08Z',
  region: 'eu-central-1',
  resources: [],
  detail: envelope(id, data) as unknown as JsonObject,
})

let told = 0
export const failed = (id: string, rest: Partial<Failed> = {}): Failed => ({
  subscription: 'on-thing',
  event: busEvent(id),
  code: 'table_unavailable',
  message: 'The table is away.',
  retryable: true,
  tries: 3,
  failedAt: '2022-04-24T19:45:00.000Z',
  toldBy: `message-${++told}`,
  ...rest,
})

export const all = async (shop: Shop) => (await createDeadLetters(shop).list({})).items
