// What the shop really has, for fields to suggest: its deliveries, attributes and values, and what other promotions say.
import type { Scalar } from '../../lib/promos/filter-schema.ts'
import type { CatalogueAttribute } from '../../lib/shop/admin-types.ts'
import { catalogue, products, promos, shop } from '../shop.ts'

/** Values for a condition or action by its type. */
export function suggestionsFor(owner: string): string[] {
  const found = new Set<string>(owner === 'selected_delivery' ? Object.keys(shop.value.deliveries) : [])
  if (owner === 'gift') for (const { id } of products.value) found.add(id)
  if (owner === 'channel') for (const name of ['web', 'app']) found.add(name)
  if (owner === 'selected_payment') found.add('card')
  for (const { config } of promos.value ?? []) collect(config, owner, found)
  return [...found]
}

function collect(value: unknown, owner: string, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  const entry = value as { type?: unknown; value?: unknown }
  if (entry.type === owner) {
    for (const text of [entry.value].flat()) if (typeof text === 'string') found.add(text)
  }
  for (const inner of Object.values(value)) collect(inner, owner, found)
}

export const groupNames = (): string[] => [
  ...new Set((promos.value ?? []).flatMap(({ config }) => (config.group === undefined ? [] : [config.group]))),
]

/** `price` and `sku` are no attributes, but filters know them. */
export const attributeNames = (): string[] => [
  ...new Set([...(catalogue.value?.attributes ?? []).map(({ name }) => name), 'price', 'sku']),
]

export const attributeOf = (name: string): CatalogueAttribute | undefined =>
  catalogue.value?.attributes.find((attribute) => attribute.name === name)

export function valuesOf(attribute: string): string[] {
  if (attribute === 'sku') return products.value.slice(0, 200).map(({ id }) => id)
  return attributeOf(attribute)?.values.map(({ value }) => String(value)) ?? []
}

/** What was typed, of the type that the goods have. */
export function readValue(attribute: string, text: string): Scalar {
  const known = attributeOf(attribute)
  const same = known?.values.find(({ value }) => String(value) === text)
  if (same) return same.value
  const plain = text.replace(',', '.')
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(plain)
  if (isNumber && (attribute === 'price' || known?.kinds.every((kind) => kind === 'number'))) return Number(plain)
  return text
}
