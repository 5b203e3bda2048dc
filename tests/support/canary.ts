// A word that nothing but people's own texts holds: put into every text of a request or an event that takes it, so that
// its absence from logs means something.
import { captureOutput } from './capture-output.ts'

export const canary = 'Kanarkowska'

type Path = (string | number)[]

function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => leavesOf(part, [...path, key]))
}

function replaced(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by
  const copy: Record<string | number, unknown> = Array.isArray(value)
    ? ([...value] as unknown as Record<number, unknown>)
    : { ...(value as object) }
  copy[step] = replaced(copy[step], rest, by)
  return copy
}

/** `value` with the canary in every text that may hold it: where `accepts` still takes the whole. */
export function planted<T>(value: T, accepts: (value: unknown) => boolean, paths = leavesOf(value)): T {
  let whole: unknown = value
  for (const path of paths) {
    const tried = replaced(whole, path, canary)
    if (accepts(tried)) whole = tried
  }
  return whole as T
}

/** Paths to texts that are no ids: sentences for people may say which customer and which product they are about. */
export const notIds = (value: unknown): Path[] =>
  leavesOf(value).filter((path) => !/^(?:id|\w+_id|promo)$/.test(String(path.at(-1))))

/** `value` once for each text in it, which is a list that holds the canary: wrong almost everywhere. */
export const spoiled = (value: unknown): unknown[] => leavesOf(value).map((path) => replaced(value, path, [canary]))

const consoleNames = ['debug', 'info', 'log', 'warn', 'error', 'trace'] as const

/** Everything that is written to stdout, stderr and the console while `run` goes on. */
export async function captureAll(run: () => Promise<void>): Promise<string> {
  let said = ''
  const originals = consoleNames.map((name) => console[name])
  for (const name of consoleNames) {
    console[name] = (...parts: unknown[]) => {
      said += `${parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')}\n`
    }
  }
  try {
    const written = await captureOutput(run)
    return `${written}\n${said}`
  } finally {
    consoleNames.forEach((name, i) => {
      console[name] = originals[i] as (typeof console)['log']
    })
  }
}
