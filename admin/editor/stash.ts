// What a choice put aside: choosing again brings it back, so that no field clears another. Kept while the page is open.
const kept = new Map<string, unknown>()

export function remember(key: string, value: unknown): void {
  if (value !== undefined) kept.set(key, value)
}

export const recall = (key: string): unknown => kept.get(key)

export const forgetAll = (): void => kept.clear()
