// What changed in a promotion's config, in words that a marketer reads in its history.
import * as v from 'valibot'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { diffJson, type JsonChange } from '../../base/json-diff.ts'
import { promoSchema } from '../../promos/config.ts'

/** One change of a config: where (JSON Pointer), and a sentence. */
export type PromoChange = { pointer: string; text: string }

const shownChars = 120

const shown = (value: JsonValue): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= shownChars ? text : `${text.slice(0, shownChars - 1)}…`
}

const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

// The schema's own title of a field: the form of the admin page calls it the same.
function titleOf(field: string): string {
  const entry: v.GenericSchema | undefined = Object.hasOwn(promoSchema.entries, field)
    ? promoSchema.entries[field as keyof typeof promoSchema.entries]
    : undefined
  const schema = entry && 'wrapped' in entry ? (entry.wrapped as v.GenericSchema) : entry
  return (schema && v.getTitle(schema)) ?? field
}

const at = (value: JsonValue | undefined, step: string): JsonValue | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as JsonObject)[step] : undefined

// `Order 3 (total_value), value`: entries of lists by their place, counted from 1, and their type where they have one.
function placeOf(pointer: string, config: JsonObject): string {
  const [field = '', ...steps] = stepsOf(pointer)
  let place = titleOf(field)
  let value: JsonValue | undefined = at(config, field)
  for (const step of steps) {
    const isEntry = Array.isArray(value)
    value = at(value, step)
    const type = isEntry ? at(value, 'type') : undefined
    place += isEntry ? ` ${Number(step) + 1}` : `, ${step}`
    if (typeof type === 'string') place += ` (${type})`
  }
  return place
}

function sentenceOf(change: JsonChange, older: JsonObject, newer: JsonObject): string {
  if (change.op === 'remove') return `${placeOf(change.pointer, older)}: no longer ${shown(change.from)}`
  const place = placeOf(change.pointer, newer)
  return change.op === 'add'
    ? `${place}: now ${shown(change.to)}`
    : `${place}: ${shown(change.from)} → ${shown(change.to)}`
}

/** What changed from the older config to the newer one; from nothing (a first version) every field is new. */
export const promoChanges = (older: JsonObject, newer: JsonObject): PromoChange[] =>
  diffJson(older, newer).map((change) => ({ pointer: change.pointer, text: sentenceOf(change, older, newer) }))
