// The one object from which checkouts load promotions: every live and test promotion under one number.
import * as v from 'valibot'
import { type Issue, KramError } from '../../base/errors.ts'
import type { JsonObject } from '../../base/json.ts'
import { compilePromos, type PromoSet, type PromoSettings } from '../../promos/promo-set.ts'

export const snapshotKey = 'promos/snapshot.json'

/** Of what is prebuilt; `set` and `configs` are the same in every format, so that any code can compile them. */
export const snapshotFormat = 1

export type SnapshotPromo = { version: number; config: JsonObject }

/** A promotion that is no good (it was saved under older rules), and why. */
export type LeftOutPromo = { id: string; version: number; issues: Issue[] }

/** Which snapshot it is: of two, the one with the higher set wins; of one set, the newer format. */
export type SnapshotMark = { set: number; format: number }

const schema = v.looseObject({
  set: v.pipe(v.number(), v.integer(), v.minValue(0)),
  format: v.pipe(v.number(), v.integer()),
  configs: v.array(v.object({ version: v.number(), config: v.custom<JsonObject>((one) => typeof one === 'object') })),
})

export const isHigher = (a: SnapshotMark, b: SnapshotMark): boolean =>
  a.set === b.set ? a.format > b.format : a.set > b.set

/** The snapshot of these promotions. One that is no good is not in it, and named in `leftOut`. */
export function makeSnapshot(
  set: number,
  promos: readonly SnapshotPromo[],
  settings: PromoSettings,
): { bytes: Uint8Array; leftOut: LeftOutPromo[] } {
  const faults = new Map(compileSet(set, promos, settings).leftOut.map(({ index, issues }) => [index, issues]))
  const configs = promos.filter((_, i) => !faults.has(i))
  const leftOut = [...faults].map(([i, issues]) => {
    const { version, config } = promos[i] as SnapshotPromo
    return { id: String(config.id), version, issues }
  })
  const text = JSON.stringify({ set, format: snapshotFormat, configs })
  return { bytes: new TextEncoder().encode(text), leftOut }
}

function read(bytes: Uint8Array): v.InferOutput<typeof schema> {
  try {
    return v.parse(schema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (cause) {
    throw new KramError('invalid', 'snapshot_unreadable', `${snapshotKey} is not one of ours.`, { cause })
  }
}

/** @throws KramError invalid `snapshot_unreadable` */
export function markOf(bytes: Uint8Array): SnapshotMark {
  const { set, format } = read(bytes)
  return { set, format }
}

/**
 * The set in a snapshot, ready for `allocate`.
 * @throws KramError invalid `snapshot_unreadable`
 */
export function loadSnapshot(bytes: Uint8Array, settings: PromoSettings): PromoSet {
  const { set, configs } = read(bytes)
  return compileSet(set, configs, settings)
}

export const emptySet = (settings: PromoSettings): PromoSet => compileSet(0, [], settings)

const compileSet = (set: number, promos: readonly SnapshotPromo[], settings: PromoSettings): PromoSet =>
  compilePromos(
    promos.map(({ config }) => config),
    { settings, number: set, versions: promos.map(({ version }) => version), defaultState: 'draft' },
  )
