// Pages of a listing as one row.
import type { Page } from '../ports/table.ts'

/** All items of all pages; `read` gets the `next` of the page before. */
export async function* allPages<T>(read: (after?: string) => Promise<Page<T>>): AsyncIterable<T> {
  let after: string | undefined
  do {
    const page: Page<T> = await read(after)
    yield* page.items
    after = page.next
  } while (after !== undefined)
}

export async function* idsOf(all: AsyncIterable<{ id: string }>): AsyncIterable<string> {
  for await (const { id } of all) yield id
}
