// Patience that takes no time and remembers how long it would have waited.
import type { Patience } from '../../lib/adapters/aws.ts'

/** `random` answers 0.5 each time, so that every wait is half its bound. */
export function recordedPatience(): { patience: Patience; waits: number[] } {
  const waits: number[] = []
  const sleep = async (ms: number): Promise<void> => {
    waits.push(ms)
  }
  return { patience: { random: { next: () => 0.5 }, sleep }, waits }
}

/** An error as the AWS SDK throws it: a name, and the status of the answer if there was one. */
export const awsError = (name: string, status?: number, rest: object = {}): Error =>
  Object.assign(new Error(name), { name, $metadata: status === undefined ? {} : { httpStatusCode: status }, ...rest })
