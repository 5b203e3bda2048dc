// `kram events unknown|unsent`: what lies aside is seen, with a shop that runs and on its files; and GET /metrics counts it.
import '../support/quiet.ts'
import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { relayOutbox } from '../../lib/app/outbox.ts'
import { openShop } from '../../lib/local/shop.ts'
import type { Envelope } from '../../lib/ports/bus.ts'
import { temporaryFolder } from '../support/folder.ts'
import { kram } from '../support/kram.ts'
import { serveShop } from '../support/served-shop.ts'
import { itemsOf } from '../support/test-shop.ts'

// Each command is a process, which takes seconds on a machine that does much else.
vi.setConfig({ testTimeout: 120_000 })

const painted: Envelope = {
  specversion: '1.0',
  id: 'paint-1',
  source: 'kram.walls',
  type: 'shop_painted',
  time: '2022-04-24T19:41:06.123Z',
  dataschema: 'urn:kram:shop_painted:1',
  correlationid: 'paint-1',
  data: { colour: 'red' },
}
const patience = { timeout: 60_000, interval: 20 }

test('an event that no rule knows and one that the bus refuses for good are listed and counted', async () => {
  const dataDir = temporaryFolder()
  const shop = await serveShop({ dataDir })
  await shop.bus.publish([painted])
  // The same id with other content, which waits to be sent.
  const repainted = { ...painted, data: { colour: 'blue' } }
  await shop.table.write([
    {
      op: 'put',
      item: { pk: 'outbox#paint-1', sk: '0', event: repainted },
      list: { name: 'outbox', sort: painted.time },
    },
  ])
  await relayOutbox(shop.deps, await itemsOf(shop.table, 'outbox#'))
  await vi.waitFor(async () => expect(await itemsOf(shop.table, 'unknown#')).toHaveLength(1), patience)

  const unknown = await kram(['events', 'unknown'], { dataDir })
  expect(unknown).toEqual({
    code: 0,
    stdout:
      '2022-04-24T19:41:06.123Z shop_painted kram.walls paint-1\n  unknown_event_type: No rule knows this type.\n\n',
    stderr: '',
  })
  const unsent = await kram(['events', 'unsent', '--json'], { dataDir })
  const expected = { event_id: 'paint-1', type: 'shop_painted', code: 'conflict', event: repainted }
  expect(JSON.parse(unsent.stdout)).toMatchObject(expected)
  expect(shop.requests).toContainEqual(expect.stringContaining('GET /events/aside?kind=unsent'))

  const { url } = JSON.parse(readFileSync(`${dataDir}/server.json`, 'utf8'))
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('kram_events_aside{kind="unknown"} 1\n')
  expect(metrics).toContain('kram_events_aside{kind="unsent"} 1\n')
})

test('on the files it is the same', async () => {
  const dataDir = temporaryFolder()
  const shop = await openShop({ dataDir })
  await shop.start()
  await shop.bus.publish([painted])
  await shop.idle()
  await shop.table.write([
    { op: 'put', item: { pk: 'outbox#x', sk: '0', event: 'no event' }, list: { name: 'outbox', sort: painted.time } },
  ])
  await shop.idle()
  await shop.stop()
  const unknown = await kram(['events', 'unknown', '--json'], { dataDir })
  expect(JSON.parse(unknown.stdout)).toMatchObject({ event_id: 'paint-1', event: painted })
  const unsent = await kram(['events', 'unsent', '--json'], { dataDir })
  expect(JSON.parse(unsent.stdout)).toMatchObject({ event_id: 'x', type: '', code: 'invalid_event', event: 'no event' })
})
