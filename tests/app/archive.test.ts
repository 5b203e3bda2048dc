// The log as objects: what archive-events writes is what archive.read reads.
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { handler as archiveEventsHandler } from '../../functions/archive-events.ts'
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'
import { archiveEvents, createObjectArchive, type Taken } from '../../lib/app/archive.ts'
import { toInstant, toMs } from '../../lib/base/time.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import type { Objects } from '../../lib/ports/objects.ts'
import { envelope } from '../support/envelopes.ts'
import { temporaryFolder } from '../support/folder.ts'

const start = toMs('2022-04-24T22:30:00.000Z')
const always = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' }

const open = (): Objects => createDirectoryObjects({ root: temporaryFolder() })

const taken = (id: string, at: number, data = {}): Taken => ({
  takenAt: toInstant(at),
  event: {
    version: '0',
    id: `eb-${id}`,
    'detail-type': 'thing_happened',
    source: 'kram.tests',
    account: '111122223333',
    time: `${toInstant(at).slice(0, 19)}Z`,
    region: 'eu-central-1',
    resources: [],
    detail: envelope(id, data),
  },
})

const read = async (objects: Objects, range: Parameters<ReturnType<typeof createObjectArchive>['read']>[0]) =>
  Array.fromAsync(createObjectArchive({ objects }).read(range))

describe('the log', () => {
  test('lies by the hour, one object a batch, as lines of JSON', async () => {
    const objects = open()
    await archiveEvents({ objects }, [taken('a', start), taken('c', start + 3_600_000), taken('b', start + 1_500)])
    const keys = await Array.fromAsync(objects.list('log/'))
    expect(keys).toEqual([
      expect.stringMatching(/^log\/2022-04-24\/22\/20220424T223000000Z-20220424T223001500Z-[0-9a-f]{16}\.jsonl$/),
      expect.stringMatching(/^log\/2022-04-24\/23\/20220424T233000000Z-20220424T233000000Z-[0-9a-f]{16}\.jsonl$/),
    ])
    const object = await objects.get(keys[0] ?? '')
    const text = new TextDecoder().decode((object as { bytes: Uint8Array }).bytes)
    const first = taken('a', start)
    expect(text.split('\n')[0]).toBe(JSON.stringify({ taken_at: first.takenAt, event: first.event }))
  })

  test('a batch that is written again replaces itself; an event that came twice is read once', async () => {
    const objects = open()
    const batch = [taken('a', start), taken('b', start + 1)]
    await archiveEvents({ objects }, batch)
    await archiveEvents({ objects }, batch)
    expect(await Array.fromAsync(objects.list('log/'))).toHaveLength(1)
    await archiveEvents({ objects }, [taken('a', start + 60_000)])
    expect((await read(objects, always)).map(({ event }) => event.id)).toEqual(['a', 'b'])
  })

  test('the same id with other content is another event of the log', async () => {
    const objects = open()
    await archiveEvents({ objects }, [taken('a', start), taken('a', start + 1, { other: true })])
    expect(await read(objects, always)).toHaveLength(2)
  })

  test('answers events with the moment they were taken, chosen by pattern as rules see them', async () => {
    const objects = open()
    const foreign = { takenAt: toInstant(start), event: { id: 'x', 'detail-type': 'Foreign', detail: { a: 1 } } }
    await archiveEvents({ objects }, [taken('a', start, { n: 1 }), taken('b', start + 5, { n: 2 }), foreign])
    const pattern = { account: ['111122223333'], detail: { data: { n: [{ numeric: ['>', 1] }] } } }
    expect(await read(objects, { ...always, pattern })).toEqual([
      { event: envelope('b', { n: 2 }), takenAt: toInstant(start + 5) },
    ])
    expect((await read(objects, always)).map(({ event }) => event.id)).toEqual(['a', 'b'])
  })

  test('is read in the order of time from any range, however batches overlap', async () => {
    const spanMs = 3 * 24 * 3_600_000
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: spanMs }), { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
        fc.integer({ min: 0, max: spanMs }),
        fc.constantFrom(1, 60_000, 3_600_000, 30 * 3_600_000, 40 * 24 * 3_600_000, 100 * 24 * 3_600_000),
        async (batches, offset, length) => {
          const objects = open()
          const all = batches.map((times, b) => times.map((at, n) => taken(`e${b}.${n}`, start + at)))
          for (const batch of all) await archiveEvents({ objects }, batch)
          const range = { from: toInstant(start + offset), to: toInstant(start + offset + length) }
          const expected = all
            .flat()
            .filter(({ takenAt }) => takenAt >= range.from && takenAt < range.to)
            .map(({ takenAt }) => takenAt)
            .sort()
          expect((await read(objects, range)).map(({ takenAt }) => takenAt)).toEqual(expected)
        },
      ),
      { numRuns: 40, seed: 9 },
    )
  })

  test('refuses ranges that are none', async () => {
    const objects = open()
    for (const [from, to] of [
      [always.to, always.from],
      [always.from, always.from],
      ['yesterday', always.to],
    ] as const) {
      await expect(read(objects, { from, to })).rejects.toMatchObject({ kind: 'invalid', code: 'time_range' })
    }
  })
})

test('archive-events writes what its queue holds, and sends back what is no event', async () => {
  const objects = open()
  provideDeps({ objects })
  onTestFinished(() => provideDeps({ objects: undefined }))
  const message = (messageId: string, body: string) => ({
    messageId,
    body,
    attributes: { SentTimestamp: String(start + 7) },
    messageAttributes: {},
  })
  const { event } = taken('a', start)
  const Records = [message('m1', JSON.stringify(event)), message('m2', 'no JSON'), message('m3', '[]')]
  expect(await archiveEventsHandler({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
  })
  expect(await read(objects, always)).toEqual([{ event: envelope('a'), takenAt: toInstant(start + 7) }])
})
