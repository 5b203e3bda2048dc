// Ports that fail where a test says so: before a call (nothing was done) or after it (done, but nobody heard).
import type { TestShop } from './test-shop.ts'

export type Fault = 'before' | 'after' | undefined

/** The shop with a fault at each call for which `plan` names one; `calls` counts them, from 0. */
export function faultyShop(shop: TestShop, plan: (call: number) => Fault): TestShop & { calls(): number } {
  let calls = 0
  const faulty = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      const fault = plan(calls++)
      if (fault === 'before') throw new Error('the process died before the call')
      const result = await call(...args)
      if (fault === 'after') throw new Error('the process died after the call')
      return result
    }
  }
  const { get, query, list, write } = shop.table
  const table = { ...shop.table, get: faulty(get), query: faulty(query), list: faulty(list), write: faulty(write) }
  const bus = { ...shop.bus, publish: faulty(shop.bus.publish) }
  return { ...shop, table, bus, calls: () => calls }
}
