// The listing index on DynamoDB: a global secondary index named `listing` over `list` (partition) and `list_sort`.
// A list lies in `listShards` partitions, `<name>#<shard>`, so that none is a hot key; readers merge them.
import { hash } from 'node:crypto'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { KramError } from '../../base/errors.ts'
import { limits } from '../../base/limits.ts'
import { compareUtf8 } from '../../base/text.ts'
import { type Key, type ListEntry, type Listing, listShards } from '../../ports/table.ts'

export const listingIndex = 'listing'

/** The shard of a pk, for good: entries are found by it for as long as the table lives. */
const shardOf = (pk: string): number => Number.parseInt(hash('sha256', pk, 'hex').slice(0, 8), 16) % listShards

export const partitionOf = (name: string, shard: number): string => `${name}#${shard}`

// Entries with one sort are in no order of their own in an index, so the key goes into the sort: NUL ends a part, and
// NUL in a part is told from it by what follows, so that texts compare as (sort, pk, sk) do.
const nul = '\0'
const escapedNul = '\0\u0001'
const partEnd = '\0\0'

const positionOf = (sort: string, { pk, sk }: Key): string =>
  [sort, pk, sk].map((text) => text.replaceAll(nul, escapedNul)).join(partEnd)

const tooLong = (text: string): boolean => Buffer.byteLength(text) >= limits.sortKeyBytes

const refuse = (what: string): never => {
  throw new KramError('invalid', 'table_key', `${what} must be less than ${limits.sortKeyBytes} bytes`)
}

/** `list` and `list_sort` of an item. @throws KramError invalid `table_key` when they are too long together */
export function listingAttributes(key: Key, { name, sort }: Listing): Record<string, AttributeValue> {
  const position = positionOf(sort, key)
  if (tooLong(position)) refuse('the place in a list and the key together')
  return { list: { S: partitionOf(name, shardOf(key.pk)) }, list_sort: { S: position } }
}

// Before and behind all positions: no text is empty, and U+10FFFF fills a sort key with 256 of its four bytes.
const first = nul
const last = '\u{10ffff}'.repeat(limits.sortKeyBytes / 4)

/** The positions of a list query, both ends included, or undefined when there are none. `position`: the last one read. */
export function positionRange(
  { from = '', to }: { from?: string; to?: string },
  position: string | undefined,
): { start: string; end: string } | undefined {
  // The least text behind a position is it with a NUL, which none ends in.
  const start = position !== undefined ? position + nul : from === '' ? first : positionOf(from, { pk: '', sk: '' })
  // No pk begins with two U+10FFFF, and what did would not fit.
  const end = to === undefined ? last : positionOf(to, { pk: '\u{10ffff}\u{10ffff}', sk: '' })
  if (tooLong(start) || (to !== undefined && tooLong(end))) refuse('the ends of a range in a list')
  return to === '' || compareUtf8(start, end) > 0 ? undefined : { start, end }
}

/** An entry as the index keeps it; `position` orders all entries of a list. */
export type IndexEntry = { entry: ListEntry; position: string }

export function readIndexEntry(attributes: Record<string, AttributeValue>): IndexEntry {
  const position = attributes.list_sort?.S ?? ''
  const sort = position.slice(0, position.indexOf(partEnd)).replaceAll(escapedNul, nul)
  return { entry: { sort, pk: attributes.pk?.S ?? '', sk: attributes.sk?.S ?? '' }, position }
}

/** What one shard answered: entries in order, and whether it has more behind them. */
export type ShardPage = { entries: IndexEntry[]; more: boolean }

/**
 * The first `limit` entries of all shards in order, as far as they can be known: behind the last entry of a shard that
 * has more, others may come first.
 */
export function mergeShards(pages: readonly ShardPage[], limit: number): ShardPage {
  const ends = pages.flatMap(({ entries, more }) => (more ? [entries.at(-1)?.position ?? ''] : []))
  const known = ends.sort(compareUtf8)[0]
  const all = pages
    .flatMap(({ entries }) => entries)
    .filter(({ position }) => known === undefined || compareUtf8(position, known) <= 0)
    .sort((a, b) => compareUtf8(a.position, b.position))
  return { entries: all.slice(0, limit), more: ends.length > 0 || all.length > limit }
}
