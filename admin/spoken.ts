// Words that came as data (build/as-data.ts), with functions where they have places to fill in.

export function spoken(data: unknown): unknown {
  if (typeof data === 'string') return /\{\d\}/.test(data) ? speaking(data) : data
  if (Array.isArray(data)) return data.map(spoken)
  return Object.fromEntries(Object.entries(data as object).map(([name, entry]) => [name, spoken(entry)]))
}

const speaking =
  (text: string) =>
  (...values: readonly string[]): string =>
    text.replace(/\{(\d)\}/g, (_, place: string) => String(values[Number(place)]))
