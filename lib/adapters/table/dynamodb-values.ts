// JSON values as DynamoDB attribute values and back; sizes as DynamoDB counts them.
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { Item, Key } from '../../ports/table.ts'

export type AttributeMap = Record<string, AttributeValue>

// DynamoDB takes no empty name, and the SDK loses one called __proto__; so these two, and names that begin with the
// sign itself, are stored with a backslash before them.
export const storedName = (name: string): string =>
  name === '' || name === '__proto__' || name.startsWith('\\') ? `\\${name}` : name
const ownName = (name: string): string => (name.startsWith('\\') ? name.slice(1) : name)

const mapNames = <From, To>(object: Record<string, From>, rename: (name: string) => string, map: (value: From) => To) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [rename(name), map(value)]))

export function toAttribute(value: JsonValue): AttributeValue {
  if (value === null) return { NULL: true }
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (Array.isArray(value)) return { L: value.map(toAttribute) }
  return { M: toAttributes(value) }
}

export const toAttributes = (object: JsonObject): AttributeMap => mapNames(object, storedName, toAttribute)

function fromAttribute(attribute: AttributeValue): JsonValue {
  if (attribute.S !== undefined) return attribute.S
  if (attribute.N !== undefined) return Number(attribute.N)
  if (attribute.BOOL !== undefined) return attribute.BOOL
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute)
  if (attribute.M !== undefined) return mapNames(attribute.M, ownName, fromAttribute)
  return null
}

/** The item without its place in the listing index, which is no attribute of it. */
export function toItem(attributes: AttributeMap): Item {
  const { pk, sk, list: _list, list_sort: _sort, ...own } = attributes
  return { pk: pk?.S ?? '', sk: sk?.S ?? '', ...mapNames(own, ownName, fromAttribute) }
}

export const keyAttributes = ({ pk, sk }: Key): AttributeMap => ({ pk: { S: pk }, sk: { S: sk } })

const utf8 = (text: string): number => Buffer.byteLength(text)

/**
 * Bytes of a value, as documented: text in UTF-8, a number by its significant digits, 3 bytes for a list or map and one
 * more for each element (CapacityUnitCalculations).
 */
function valueBytes({ S, N, L, M }: AttributeValue): number {
  if (S !== undefined) return utf8(S)
  if (N !== undefined) return Math.ceil(N.replace(/e.*|\D/g, '').length / 2) + 2
  if (L !== undefined) return L.reduce((sum, element) => sum + valueBytes(element) + 1, 3)
  if (M !== undefined) return mapBytes(M) + 3 + Object.keys(M).length
  return 1
}

const mapBytes = (attributes: AttributeMap): number =>
  Object.entries(attributes).reduce((sum, [name, value]) => sum + utf8(name) + valueBytes(value), 0)

export const itemBytes = mapBytes
