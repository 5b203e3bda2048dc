// kill -9 at any moment under load: nothing that was acknowledged is lost, nothing counts twice, the files are sound.
// KILL_CYCLES asks for more cycles than the few of every test run (`npm run crash`), KILL_SEED for other moments. Many
// are shared out among data folders that are killed at the same time.
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { mulberry32 } from '../../lib/shop/samples.ts'
import { startChild } from '../support/child.ts'
import { temporaryFolder } from '../support/folder.ts'
import { integrityOf } from '../support/integrity.ts'

const cycles = Number(process.env.KILL_CYCLES ?? 5)
const lanes = cycles < 30 ? 1 : 3
const seed = Number(process.env.KILL_SEED ?? 20220424)

/** Whole lines of a child's standard output, as they come. */
function linesOf(child: ReturnType<typeof startChild>, onLine: (line: string) => void): void {
  let rest = ''
  child.stdout?.on('data', (data) => {
    const lines = (rest + data).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
}

/** `count` times; answers how many events were acknowledged. */
async function killing(count: number, from: number): Promise<number> {
  const folder = temporaryFolder()
  const random = mulberry32(from)
  const acknowledged = new Set<string>()
  for (let cycle = 0; cycle < count; cycle++) {
    const child = startChild('tests/support/kill-child.ts', [folder, String(cycle)])
    const exited = once(child, 'exit')
    const begun = Promise.withResolvers<void>()
    linesOf(child, (id) => {
      acknowledged.add(id)
      begun.resolve()
    })
    await Promise.race([begun.promise, exited])
    // From its first acknowledgement on: any moment of its work, its checkpoints and its cursors.
    await new Promise((resolve) => setTimeout(resolve, random() * 300))
    child.kill('SIGKILL')
    const [code, signal] = await exited
    expect([code, signal]).toEqual([null, 'SIGKILL'])
  }
  for (const file of ['bus', 'table']) expect(integrityOf(`${folder}/${file}.sqlite`)).toBe('ok')

  const last = startChild('tests/support/kill-child.ts', [folder, 'last', 'drain'])
  let output = ''
  linesOf(last, (line) => {
    output = line
  })
  const [code] = await once(last, 'exit')
  expect(code).toBe(0)
  const { events, handled, dead, totals, outbox } = JSON.parse(output)
  const ids = new Set(events.map(({ id }: { id: string }) => id))
  expect(ids.size).toBe(events.length)
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
  const names = ['count', 'mark']
  const isPoison = ({ n }: { n: number }) => n % 50 === 7
  const expected = (poison: boolean) =>
    names
      .flatMap((name) =>
        events
          .filter((event: { n: number }) => isPoison(event) === poison)
          .map((event: { id: string }) => `${name} ${event.id}`),
      )
      .sort()
  expect(handled.sort()).toEqual(expected(false))
  expect(outbox.sort()).toEqual(expected(false))
  expect(dead.sort()).toEqual(expected(true))
  expect(totals).toEqual(names.map(() => expected(false).length / 2))
  for (const file of ['bus', 'table']) expect(integrityOf(`${folder}/${file}.sqlite`)).toBe('ok')
  return acknowledged.size
}

it(
  `${cycles} times kill -9 under load lose nothing that was acknowledged and double nothing (seed ${seed})`,
  async () => {
    const counts = Array.from({ length: lanes }, (_, lane) => Math.floor((cycles + lane) / lanes))
    const acknowledged = await Promise.all(counts.map((count, lane) => killing(count, seed + lane)))
    expect(acknowledged.reduce((sum, some) => sum + some, 0)).toBeGreaterThan(cycles)
  },
  30_000 + cycles * 3_000,
)
