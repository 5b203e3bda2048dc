// The lowest price of each product in the last 30 days, asked for once while the page is open.
import { signal } from '@preact/signals-core'
import { request } from '../api.ts'

const known = signal<ReadonlyMap<string, number | null>>(new Map())
const asked = new Set<string>()

/** Minor units; null: it was not on sale, or is not known; undefined: not asked yet. */
export const lowestOf = (id: string): number | null | undefined => known.value.get(id)

export function readLowest(id: string): void {
  if (asked.has(id)) return
  asked.add(id)
  const learn = (minor: number | null): void => {
    known.value = new Map([...known.value, [id, minor]])
  }
  request<{ lowest?: { price_minor: number } }>(`/products/${encodeURIComponent(id)}/lowest-price`).then(
    ({ lowest }) => learn(lowest?.price_minor ?? null),
    () => learn(null),
  )
}
