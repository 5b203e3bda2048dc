// What the sample goods and customers share: how a seed becomes the same choices everywhere, and how ids look.

/** How something gets into the shop: over the bus, or into the table directly. */
export const vias = ['bus', 'table'] as const
export type Via = (typeof vias)[number]

/** What ids carry, so that one sees which way a thing came; the first shop's: `mleko_db_1`, `customer_k_000`. */
export const viaMark: Record<Via, string> = { bus: 'k', table: 'db' }

/** FNV-1a over UTF-16 units: 32 bits, the same everywhere. Not for secrets. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Uniform in [0, 1), the same row of numbers for the same text. */
export const seededRandom = (seed: string): (() => number) => mulberry32(hash32(seed))

/** The same for the same 32 bits. Not for secrets. */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** An integer from `from` to `to`, both inclusive. */
export const randomInteger = (random: () => number, from: number, to: number): number =>
  from + Math.floor(random() * (to - from + 1))

/** One of them; there is at least one. */
export function randomOf<T>(random: () => number, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0]
}

// biome-ignore format: one alphabet, read as a table
const cyrillic: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'h', ґ: 'g', д: 'd', е: 'e', є: 'ie', ж: 'zh', з: 'z', и: 'y', і: 'i', ї: 'i', й: 'i',
  к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch',
  ш: 'sh', щ: 'shch', ь: '', ю: 'iu', я: 'ia',
}

/** Lower-case ASCII letters, digits and `_` for an id: `masło` -> `maslo`, `вишиванка` -> `vyshyvanka`. */
export const asciiOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replace(/[а-яґєії]/g, (letter) => cyrillic[letter] ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
