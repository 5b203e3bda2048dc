// Timing several things side by side: turn and turn about in short slices, so that what else the machine does hits all.
// A slice in which the system took the processor away from us is thrown away: it says nothing of what is measured.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export type Timed = { name: string; run: () => unknown }
type State = { subject: Timed; samples: number[]; spentMs: number; wallMs: number }
export type Timing = { p50: number; p99: number; count: number }

const sliceMs = 2
/** So many times its budget a subject may take when the machine is busy; then all counts. */
const patience = 4

const switches = (): number => process.resourceUsage().involuntaryContextSwitches

/**
 * Microseconds for one run of each, by name. Each runs for `budgetMs` in all, at least `min` times. A run that gives a
 * promise is awaited.
 */
export async function timeTogether(
  subjects: readonly Timed[],
  { budgetMs = 1_000, min = 5 }: { budgetMs?: number; min?: number } = {},
): Promise<Map<string, Timing>> {
  const states: State[] = subjects.map((subject) => ({ subject, samples: [], spentMs: 0, wallMs: 0 }))
  const isDone = ({ samples, spentMs }: State): boolean => spentMs >= budgetMs && samples.length >= min
  for (const { subject } of states) await subject.run()
  while (!states.every(isDone)) {
    for (const state of states) if (!isDone(state)) await runSlice(state, budgetMs)
  }
  return new Map(states.map(({ subject, samples }) => [subject.name, timingOf(samples)]))
}

async function runSlice(state: State, budgetMs: number): Promise<void> {
  const { run } = state.subject
  const samples: number[] = []
  const before = switches()
  const start = performance.now()
  let now = start
  do {
    const begun = process.hrtime.bigint()
    const result = run()
    if (result instanceof Promise) await result
    samples.push(Number(process.hrtime.bigint() - begun) / 1_000)
    now = performance.now()
  } while (now - start < sliceMs)
  state.wallMs += now - start
  const isUndisturbed = switches() === before
  if (!isUndisturbed && samples.length > 1 && state.wallMs < budgetMs * patience) return
  state.samples.push(...samples)
  state.spentMs += now - start
}

function timingOf(samples: number[]): Timing {
  const sorted = Float64Array.from(samples).sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number
  return { p50: at(0.5), p99: at(0.99), count: sorted.length }
}

setFlagsFromString('--expose-gc')
export const collectGarbage = runInNewContext('gc') as () => void

/** Bytes that one run allocates: the median of some goes, each short enough that nothing is collected meanwhile. */
export function allocatedBy(run: () => unknown, times: number): number {
  const goes = Array.from({ length: 15 }, () => {
    collectGarbage()
    const before = process.memoryUsage()
    for (let i = 0; i < times; i++) run()
    const after = process.memoryUsage()
    return (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / times
  })
  return goes.sort((a, b) => a - b)[7] as number
}

/** Bytes that stay after `make`, with what it made. */
export function retainedBy<Made>(make: () => Made): { made: Made; bytes: number } {
  collectGarbage()
  const before = process.memoryUsage()
  const made = make()
  collectGarbage()
  const after = process.memoryUsage()
  return { made, bytes: after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers }
}

/** `0.54`, `5.4`, `54`, `5,400`. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '-'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)
}
