// Reading pages of the table: a page may be short and still have a next one, so nobody stops at the first.
import type { Item, Query, Table } from '../ports/table.ts'

/** Which page of a listing: its size (1 to 1,000, default 100) and the `next` of the page before. */
export type PageRequest = { limit?: number; after?: string }

/** The first item of a query, if there is one. */
export async function firstItem(table: Table, query: Omit<Query, 'limit' | 'after'>): Promise<Item | undefined> {
  for await (const item of allItems(table, { ...query, limit: 1 })) return item
  return undefined
}

/** Every item of a query, page by page. */
export async function* allItems(table: Table, query: Omit<Query, 'after'>): AsyncGenerator<Item> {
  let after: string | undefined
  do {
    const page = await table.query(after === undefined ? query : { ...query, after })
    yield* page.items
    after = page.next
  } while (after !== undefined)
}
