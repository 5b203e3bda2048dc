// What an event type is: one file each, made with defineEvent; catalog.ts lists them.
import type * as v from 'valibot'
import type { JsonObject } from '../lib/base/json.ts'

export type EventSchema = v.GenericSchema<unknown, unknown>

/** `schema` is strict (unknown fields refused) and describes `data` of the newest version. */
export type EventDefinition<Type extends string = string, Schema extends EventSchema = EventSchema> = {
  type: Type
  /** `kram.<area>`: who may say this. */
  source: `kram.${string}`
  /** Of the schema; `dataschema` is `urn:kram:<type>:<version>`. */
  version: number
  /** One sentence: what has happened when this is on the bus. */
  description: string
  schema: Schema
  /** Fields of `data` that are accepted only from another source, which may then say this too. */
  reserved?: { source: `kram.${string}`; fields: readonly string[] }
  /** What the event is about: an id that people search for. */
  subject(data: v.InferOutput<Schema>): string
  /** A true one, which the schema accepts; examples/<type>.json is made from it. */
  example: v.InferInput<Schema>
  /** `upcasters[n]` turns data of version n into version n + 1; one for each version before the newest. */
  upcasters?: Record<number, (data: JsonObject) => JsonObject>
}

/** Declares an event type; checks that no old version was forgotten. */
export function defineEvent<const Type extends string, Schema extends EventSchema>(
  definition: EventDefinition<Type, Schema>,
): EventDefinition<Type, Schema> {
  for (let version = 1; version < definition.version; version++) {
    if (!definition.upcasters?.[version]) throw new Error(`${definition.type}: no upcaster from version ${version}`)
  }
  return definition
}

/** `urn:kram:new_customer:1` */
export const dataschemaOf = (type: string, version: number): string => `urn:kram:${type}:${version}`

/** Data of any past version -> of the newest; `undefined` for a dataschema that is none of this type's. */
export function upcast(definition: EventDefinition, dataschema: string, data: JsonObject): JsonObject | undefined {
  if (dataschema === dataschemaOf(definition.type, definition.version)) return data
  const version = Number(/^urn:kram:[a-z_]+:(\d{1,4})$/.exec(dataschema)?.[1] ?? Number.NaN)
  if (dataschema !== dataschemaOf(definition.type, version)) return undefined
  if (version < 1 || version > definition.version) return undefined
  let upcasted = data
  for (let at = version; at < definition.version; at++) upcasted = definition.upcasters?.[at]?.(upcasted) ?? upcasted
  return upcasted
}
