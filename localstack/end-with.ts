// A child that does not outlive us: an emulator that is left behind keeps its port, its memory and its processes.
import type { ChildProcess } from 'node:child_process'

/** Ends the child when this process ends, or is told to: asked at the first signal, made to at the second. */
export function endWith(child: ChildProcess): void {
  const exit = (): void => void child.kill()
  let asked = false
  const end = (): void => {
    child.kill(asked ? 'SIGKILL' : 'SIGTERM')
    asked = true
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  process.on('exit', exit)
  for (const signal of signals) process.on(signal, end)
  // With nobody left to end, a signal does to us what it always does.
  child.on('exit', () => {
    process.off('exit', exit)
    for (const signal of signals) process.off(signal, end)
  })
}
