// What Lambda does to a function that does not end: its time is over, and the event counts as failed.
import { KramError } from '../base/errors.ts'

/**
 * What `run` resolves to, if it does so within `seconds`. A function that goes on after that is on its own: its effects are
 * idempotent, and the next try finds them.
 * @throws KramError unavailable `timeout`
 */
export async function inTime<T>(name: string, seconds: number, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new KramError('unavailable', 'timeout', `${name} did not end within ${seconds} seconds.`)),
      seconds * 1_000,
    )
  })
  try {
    return await Promise.race([run(), over])
  } finally {
    clearTimeout(timer)
  }
}
