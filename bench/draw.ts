// What the generated shops of the benchmarks draw from, and how.

export const deliveries = ['novaposhta', 'ukrposhta', 'courier', 'pickup', 'locker', 'meest']
export const payments = ['card', 'cash', 'transfer', 'installments', 'wallet']
export const channels = ['app', 'web', 'phone']

/** Uniform in [0, 1). */
export type Random = () => number

/** A whole number from 0 to below `count`. */
export const below = (random: Random, count: number): number => Math.floor(random() * count)

/** One of them; there is at least one. */
export const pick = <T>(random: Random, items: readonly T[]): T => items[below(random, items.length)] as T
