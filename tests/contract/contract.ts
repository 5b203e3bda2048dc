// How a contract suite is told which of its cases an adapter cannot meet: by name, with the reason, which is printed.
import { it } from 'vitest'

export type Skips = Record<string, string>

/** Declares the cases of a suite; a name in `skip` that is no case fails, so that no skip outlives its case. */
export function contractCases<Context>(cases: Record<string, (context: Context) => Promise<void>>) {
  return (context: () => Context, skip: Skips = {}): void => {
    for (const [name, run] of Object.entries(cases)) {
      const reason = skip[name]
      if (reason === undefined) it(name, () => run(context()))
      else it.skip(`${name} (skipped: ${reason})`, () => {})
    }
    for (const name of Object.keys(skip)) {
      if (!Object.hasOwn(cases, name)) it(`${name}: is a case`, () => Promise.reject(new Error('no such case')))
    }
  }
}
