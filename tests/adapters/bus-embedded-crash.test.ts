// The embedded bus after a crash at a chosen moment: its files are copied while it works, and the copy is opened.
import { copyFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { openBus, recorder } from '../support/embedded-bus.ts'
import { envelope } from '../support/envelopes.ts'
import { temporaryFolder } from '../support/folder.ts'

const events = (count: number) => Array.from({ length: count }, (_, n) => envelope(`e${n}`))

/** The files as a crash at this moment would leave them. */
function crashCopy(path: string): string {
  const copy = `${temporaryFolder()}/copy.sqlite`
  for (const end of ['', '-wal']) copyFileSync(path + end, copy + end)
  return copy
}

const storedCursor = (path: string): number => {
  const file = new DatabaseSync(path, { readOnly: true })
  const row = file.prepare('SELECT max(seq) AS seq FROM cursors').get()
  file.close()
  return Number(row?.seq)
}

/** Opens the copy, delivers all there is, and tells what was delivered. */
async function deliveredAfter(path: string): Promise<string[]> {
  const bus = openBus(path)
  const { seen, invoke } = recorder()
  bus.start(invoke)
  await bus.idle()
  await bus.close()
  return seen.map((one) => one.slice('one '.length))
}

describe('an embedded bus that crashed', () => {
  it('delivers again what was running, and what came after it; not what came before', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const bus = openBus(path)
    const gate = Promise.withResolvers<void>()
    let handled = 0
    bus.start(async (_name, event) => {
      if (event.detail.id === 'e50') await gate.promise
      handled++
    })
    await bus.publish(events(600))
    await expect.poll(() => handled).toBe(599)
    await expect.poll(() => storedCursor(path)).toBe(50)
    const copy = crashCopy(path)
    gate.resolve()
    await bus.close()
    expect(await deliveredAfter(copy)).toEqual(
      events(600)
        .slice(50)
        .map(({ id }) => id),
    )
  })

  it('does not deliver again what had failed by then: that has its own time', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const bus = openBus(path)
    const gate = Promise.withResolvers<void>()
    bus.start(async (_name, event) => {
      if (event.detail.id === 'e0') await gate.promise
      if (event.detail.id === 'e1') throw new KramError('invalid', 'spoiled', 'It is spoiled.')
      if (event.detail.id === 'e2') throw new Error('away')
    })
    await bus.publish(events(4))
    const failed = async () => (await bus.deadLetters.list({})).items.length
    await expect.poll(failed).toBe(1)
    const retrying = () => {
      const file = new DatabaseSync(path, { readOnly: true })
      const row = file.prepare('SELECT count(*) AS n FROM failures').get()
      file.close()
      return row?.n
    }
    await expect.poll(retrying).toBe(2)
    const copy = crashCopy(path)
    gate.resolve()
    await bus.close()
    expect(await deliveredAfter(copy)).toEqual(['e0', 'e3'])
  })

  it('delivers again a failure that could not be stored before it was stopped', async () => {
    const path = `${temporaryFolder()}/bus.sqlite`
    const other = new DatabaseSync(path)
    const reports: unknown[] = []
    const bus = openBus(path, {
      report: (error) => {
        reports.push(error)
        other.exec('ROLLBACK')
      },
    })
    const begun = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    bus.start(async (_name, event) => {
      if (event.detail.id !== 'e1') return
      begun.resolve()
      await gate.promise
      throw new Error('away')
    })
    await bus.publish(events(3))
    await begun.promise
    other.exec('BEGIN IMMEDIATE')
    const stopping = bus.stop()
    gate.resolve()
    await stopping
    expect(reports).toEqual([expect.objectContaining({ code: 'store_locked' })])
    await bus.close()
    other.close()
    expect(await deliveredAfter(path)).toEqual(['e1', 'e2'])
  })
})
