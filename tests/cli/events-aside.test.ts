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

  // Sent again it is refused again, and lies there again; nothing is lost.
  const resend = ['events', 'resend', '--code', 'conflict']
  expect(await kram([...resend, '--dry-run'], { dataDir })).toMatchObject({
    code: 0,
    stdout: '1 event would be sent again\n  paint-1\n',
  })
  expect(shop.requests).toContainEqual(expect.stringContaining('POST /events/aside'))
  expect(await kram([...resend, '--json'], { dataDir })).toMatchObject({
    code: 0,
    stdout: '{"events":["paint-1"],"more":false,"dry_run":false}\n',
  })
  await vi.waitFor(async () => expect(await itemsOf(shop.table, 'outbox#')).toMatchObject([{ rejected: {} }]), patience)
  expect(await kram(['events', 'resend', '--id', 'nobody'], { dataDir })).toMatchObject({ code: 1 })
  expect(await kram(['events', 'resend'], { dataDir })).toMatchObject({ code: 2 })

  const { url } = JSON.parse(readFileSync(`${dataDir}/server.json`, 'utf8'))
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('kram_events_aside{kind="unknown"} 1\n')
  expect(metrics).toContain('kram_events_aside{kind="unsent"} 1\n')
})

test('what is discarded is counted no more and stays readable, with the reason', async () => {
  const dataDir = temporaryFolder()
  const shop = await serveShop({ dataDir })
  await shop.bus.publish([painted])
  await vi.waitFor(async () => expect(await itemsOf(shop.table, 'unknown#')).toHaveLength(1), patience)
  const discard = ['events', 'discard-aside', 'unknown', '--type', 'shop_painted', '--reason', 'nobody needs it']
  expect(await kram([...discard, '--dry-run'], { dataDir })).toMatchObject({
    code: 0,
    stdout: '1 event would be discarded\n  paint-1\n',
  })
  expect(await kram(discard, { dataDir })).toMatchObject({ code: 0, stdout: '1 event discarded\n' })
  expect((await kram(['events', 'unknown'], { dataDir })).stdout).toBe('No unknown events.\n')
  expect((await kram(['events', 'discarded'], { dataDir })).stdout).toBe(
    '2022-04-24T19:41:06.123Z shop_painted kram.walls paint-1\n' +
      '  unknown_event_type: No rule knows this type.\n  discarded: nobody needs it\n\n',
  )
  expect(await kram(['events', 'discard-aside', 'unknown', '--all'], { dataDir })).toMatchObject({ code: 2 })
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
  // What is no event cannot be sent; it can be discarded.
  expect((await kram(['events', 'resend', '--all'], { dataDir })).stdout).toBe('0 events sent again\n')
  const discard = ['events', 'discard-aside', 'unsent', '--id', 'x', '--reason', 'a test', '--json']
  expect(JSON.parse((await kram(discard, { dataDir })).stdout)).toEqual({ events: ['x'], more: false, dry_run: false })
  expect(JSON.parse((await kram(['events', 'discarded', '--json'], { dataDir })).stdout)).toMatchObject({
    event_id: 'x',
    discarded: 'a test',
  })
})
