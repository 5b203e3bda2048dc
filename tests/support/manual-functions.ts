// The shop's functions as a test wants them to end; remembers who was called with what.
import type { BusEvent } from '../../lib/ports/bus.ts'
import type { Called, Functions } from '../../lib/ports/functions.ts'

export type ManualFunctions = Functions & {
  calls: { name: string; event: BusEvent }[]
  started: string[]
  /** What a call becomes; by default it is well. */
  answer: (name: string, event: BusEvent) => Promise<Called> | Called
}

export function createManualFunctions(): ManualFunctions {
  const functions: ManualFunctions = {
    calls: [],
    started: [],
    answer: () => ({ ok: true }),
    async call(name, event) {
      functions.calls.push({ name, event })
      return functions.answer(name, event)
    },
    async start(name) {
      functions.started.push(name)
    },
    nameOf: (arn) => /:function:kram-dev-([\w-]+)/.exec(arn)?.[1],
  }
  return functions
}
