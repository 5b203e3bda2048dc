// Reads from the schema of an argument how the form draws it, so that a new kind of condition or action has its form
// by being declared. Pure.
import type * as v from 'valibot'
import { amount, minorUnits, percent } from '../../lib/promos/args.ts'
import { filterTestSchema } from '../../lib/promos/filter-schema.ts'

export type ArgKind =
  | { kind: 'text' | 'boolean' | 'filter' | 'test' | 'names' | 'numbers' | 'unknown' }
  /** `minor`: stored in minor units, written in whole ones. */
  | { kind: 'number'; of: 'plain' | 'money' | 'minor' | 'percent' }
  | { kind: 'pick'; options: readonly string[] }
  /** A number (the least), or bounds. */
  | { kind: 'range'; of: 'plain' | 'money' }
  | { kind: 'object'; args: readonly Arg[] }
  | { kind: 'list'; item: ArgKind }
  | { kind: 'either'; options: readonly ArgKind[] }

export type Arg = { name: string; isOptional: boolean; kind: ArgKind }

/** What the schemas of valibot have that is looked at here. */
type Schema = {
  type: string
  message?: unknown
  wrapped?: Schema
  getter?: (input: unknown) => Schema
  options?: readonly (Schema | string)[]
  entries?: { [name: string]: Schema }
  item?: Schema
}

const testGetter = (filterTestSchema as unknown as Schema).getter

/** The arguments of a kind of condition or action, those that must be given first. */
export function argsOf(entries: v.ObjectEntries): Arg[] {
  return Object.entries(entries as unknown as { [name: string]: Schema })
    .map(([name, schema]) => ({ name, isOptional: schema.type === 'exact_optional', kind: kindOf(schema) }))
    .sort((a, b) => Number(a.isOptional) - Number(b.isOptional))
}

export function kindOf(schema: Schema): ArgKind {
  switch (schema.type) {
    case 'exact_optional':
      return schema.wrapped ? kindOf(schema.wrapped) : { kind: 'unknown' }
    case 'lazy':
      if (schema.getter === testGetter) return { kind: 'test' }
      return schema.getter ? kindOf(schema.getter(undefined)) : { kind: 'unknown' }
    case 'string':
      return { kind: 'text' }
    case 'boolean':
      return { kind: 'boolean' }
    case 'number':
      return { kind: 'number', of: unitOf(schema) }
    case 'picklist':
      return { kind: 'pick', options: (schema.options ?? []).map(String) }
    case 'object_with_rest':
      return { kind: 'filter' }
    case 'strict_object':
      return { kind: 'object', args: argsOf((schema.entries ?? {}) as never) }
    case 'array':
      return schema.item ? listOf(kindOf(schema.item)) : { kind: 'unknown' }
    case 'union':
      return unionOf((schema.options ?? []) as readonly Schema[])
    default:
      return { kind: 'unknown' }
  }
}

// What a number is told by what its schema refuses others with: the sentences differ, whatever they are in the page.
const refusalOf = (schema: unknown): unknown => (schema as Schema).message
const units = new Map([
  [refusalOf(minorUnits()), 'minor'],
  [refusalOf(amount()), 'money'],
  [refusalOf(percent()), 'percent'],
] as const)

const unitOf = ({ message }: Schema): 'plain' | 'money' | 'minor' | 'percent' => units.get(message) ?? 'plain'

const listOf = (item: ArgKind): ArgKind => (item.kind === 'text' ? { kind: 'names' } : { kind: 'list', item })

function unionOf(schemas: readonly Schema[]): ArgKind {
  const kinds = schemas.map(kindOf)
  const [first, second] = kinds
  if (!first || !second || kinds.length !== 2) return { kind: 'unknown' }
  if (first.kind === 'text' && second.kind === 'names') return { kind: 'names' }
  if (first.kind === 'number' && second.kind === 'list' && second.item.kind === 'number') return { kind: 'numbers' }
  if (first.kind === 'number' && second.kind === 'object' && second.args.some(({ name }) => name === 'gte')) {
    return { kind: 'range', of: first.of === 'money' ? 'money' : 'plain' }
  }
  return { kind: 'either', options: kinds }
}

/** Which of the alternatives a value is one of; the first when none fits. */
export function alternativeOf(options: readonly ArgKind[], value: unknown): number {
  const found = options.findIndex(({ kind }) => {
    if (typeof value === 'boolean') return kind === 'boolean'
    if (typeof value === 'number') return kind === 'number' || kind === 'range'
    if (Array.isArray(value)) return kind === 'names' || kind === 'list' || kind === 'numbers'
    if (typeof value === 'object' && value !== null) return kind === 'object'
    return typeof value === 'string' && (kind === 'names' || kind === 'text')
  })
  return Math.max(0, found)
}
