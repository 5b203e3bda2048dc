// Two people changed one promotion: what each changed, field by field, and one config made of both. Pure.

import type { JsonValue } from '../../lib/base/json.ts'
import { sameJson } from '../../lib/base/json-diff.ts'
import type { Config } from './config-tree.ts'

export type Side = 'mine' | 'theirs'

/** A field that one of the two changed at least. `proposed`: whose is taken unless the reader says otherwise. */
export type FieldChange = { field: string; by: Side | 'both'; proposed: Side | undefined }

const same = (a: unknown, b: unknown): boolean =>
  a === b || (a !== undefined && b !== undefined && sameJson(a as JsonValue, b as JsonValue))

export function fieldChanges(before: Config, mine: Config, theirs: Config): FieldChange[] {
  const fields = new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(before)])
  return [...fields].flatMap((field): FieldChange[] => {
    const isMine = !same(before[field], mine[field])
    const isTheirs = !same(before[field], theirs[field])
    if (isMine && isTheirs) {
      return same(mine[field], theirs[field]) ? [] : [{ field, by: 'both', proposed: undefined }]
    }
    if (isMine) return [{ field, by: 'mine', proposed: 'mine' }]
    return isTheirs ? [{ field, by: 'theirs', proposed: 'theirs' }] : []
  })
}

/** Theirs, with the fields that were chosen from mine. */
export function merged(mine: Config, theirs: Config, chosen: ReadonlyMap<string, Side>): Config {
  const result: Config = { ...theirs }
  for (const [field, side] of chosen) {
    if (side === 'theirs') continue
    if (Object.hasOwn(mine, field)) result[field] = mine[field]
    else delete result[field]
  }
  return result
}

/** What one side made of one field alone, all else as it was: to be put into words. */
export const withField = (before: Config, side: Config, field: string): Config =>
  merged(side, before, new Map([[field, 'mine']]))
