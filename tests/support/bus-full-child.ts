// A process whose bus file can grow no more after a while. It publishes until refused, with a function that handles all
// events but e0, whose failures it cannot store then; prints what was accepted, handled and reported. Argument: path.
import { KramError } from '../../lib/base/errors.ts'
import { openBus } from './embedded-bus.ts'
import { envelope } from './envelopes.ts'

// The signal of a file beyond its limit; without it the write fails, as on a full disk.
process.on('SIGXFSZ', () => {})

const reports: string[] = []
const bus = openBus(process.argv[2] ?? '', {
  clock: { now: Date.now },
  report: (error) => reports.push(error instanceof KramError ? error.code : String(error)),
})
const accepted: string[] = []
const handled: string[] = []
const full = Promise.withResolvers<void>()

bus.start(async (_name, event) => {
  if (event.detail.id === 'e0') {
    await full.promise
    throw new Error('when the disk is full')
  }
  handled.push(event.detail.id)
})

const text = 'x'.repeat(50_000)
for (let n = 0; n < 500; n++) {
  const { accepted: taken, rejected } = await bus.publish([envelope(`e${n}`, { text })])
  accepted.push(...taken)
  if (rejected[0] && (rejected[0].retryable !== true || rejected[0].code !== 'store_io')) process.exit(2)
  if (rejected.length > 0) break
}
// Small ones go until nothing fits at all.
for (let n = 0; n < 5_000; n++) {
  const { accepted: taken, rejected } = await bus.publish([envelope(`small${n}`)])
  accepted.push(...taken)
  if (rejected.length > 0) break
}
full.resolve()
while (reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
await bus.close()
console.log(JSON.stringify({ accepted, handled, reports }))
