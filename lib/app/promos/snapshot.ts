// The one object from which checkouts load promotions: every live and test promotion under one number, and what was
// worked out of them. It is JSON with one promotion a line, so that a start reads only those that it needs.
import * as v from 'valibot'
import { type Issue, KramError } from '../../base/errors.ts'
import type { JsonObject } from '../../base/json.ts'
import type { PromoConfig } from '../../promos/config.ts'
import { loadPrebuilt, type Prebuilt, prebuild, prebuiltFormat } from '../../promos/prebuilt.ts'
import { compilePromos, type PromoSet, type PromoSettings } from '../../promos/promo-set.ts'

export const snapshotKey = 'promos/snapshot.json'

/** Of what is prebuilt; `set` and `configs` are the same in every format, so that any code can compile them. */
export const snapshotFormat = prebuiltFormat

export type SnapshotPromo = { version: number; config: JsonObject }

/** A promotion that is no good (it was saved under older rules), and why. */
export type LeftOutPromo = { id: string; version: number; issues: Issue[] }

/** Which snapshot it is. Of one set, the newer format wins. */
export type SnapshotMark = { set: number; format: number }

const markEntries = { set: v.pipe(v.number(), v.integer(), v.minValue(0)), format: v.pipe(v.number(), v.integer()) }

/** The first line, closed. `time_zone`: the shop's, under which bare days were read. */
const headSchema = v.looseObject({ ...markEntries, time_zone: v.string() })

const wholeSchema = v.looseObject({
  ...markEntries,
  time_zone: v.optional(v.string()),
  configs: v.array(v.object({ version: v.number(), config: v.custom<JsonObject>((one) => typeof one === 'object') })),
})

type Tail = { prebuilt: Omit<Prebuilt, 'rules'>; rules: string }

/**
 * The snapshot of these promotions. One that is no good is not in it, and named in `leftOut`. `good`: versions that
 * were found good before, under the same settings; it comes to hold those of this snapshot.
 */
export function makeSnapshot(
  set: number,
  promos: readonly SnapshotPromo[],
  settings: PromoSettings,
  good: Set<string> = new Set(),
): { bytes: Uint8Array; leftOut: LeftOutPromo[] } {
  const nameOf = ({ version, config: { id } }: SnapshotPromo): string => `${version} ${id}`
  const { source, leftOut } = compileSet(set, promos, settings, (index) => good.has(nameOf(promos[index]!)))
  const leftOutAt = new Set(leftOut.map(({ index }) => index))
  good.clear()
  for (const [index, promo] of promos.entries()) if (!leftOutAt.has(index)) good.add(nameOf(promo))
  const lines = source.identities.map(({ rank, version }) => JSON.stringify({ version, config: source.configOf(rank) }))
  const { rules, ...prebuilt } = prebuild(source)
  const head = JSON.stringify({ set, format: snapshotFormat, time_zone: settings.timeZone }).slice(0, -1)
  const tail: Tail = { prebuilt, rules: Buffer.from(rules).toString('base64') }
  const text = `${head},"configs":[\n${lines.join(',\n')}\n],${JSON.stringify(tail).slice(1)}`
  return {
    bytes: new TextEncoder().encode(text),
    leftOut: leftOut.map(({ index, issues }) => {
      const { version, config } = promos[index] as SnapshotPromo
      return { id: String(config.id), version, issues }
    }),
  }
}

const lineEnd = 10
const decoder = new TextDecoder('utf-8', { fatal: true })

const unreadable = (cause?: unknown): KramError =>
  new KramError('invalid', 'snapshot_unreadable', `${snapshotKey} is not one of ours.`, { cause })

function headOf(bytes: Uint8Array): v.InferOutput<typeof headSchema> | undefined {
  const end = bytes.indexOf(lineEnd)
  if (end < 0) return undefined
  const parsed = v.safeParse(headSchema, JSON.parse(`${decoder.decode(bytes.subarray(0, end))}]}`))
  return parsed.success ? parsed.output : undefined
}

function readWhole(bytes: Uint8Array): v.InferOutput<typeof wholeSchema> {
  try {
    return v.parse(wholeSchema, JSON.parse(decoder.decode(bytes)))
  } catch (cause) {
    throw unreadable(cause)
  }
}

/**
 * What was worked out under another time zone counts as of no format.
 * @throws KramError invalid `snapshot_unreadable`
 */
export function markOf(bytes: Uint8Array, { timeZone }: PromoSettings): SnapshotMark {
  const { set, format, time_zone } = readWhole(bytes)
  return { set, format: format === snapshotFormat && time_zone !== timeZone ? 0 : format }
}

/**
 * The set in a snapshot, ready for `allocate`: as it was prebuilt; under another format or time zone, compiled.
 * @throws KramError invalid `snapshot_unreadable`
 */
export function loadSnapshot(bytes: Uint8Array, settings: PromoSettings): PromoSet {
  return prebuiltSet(bytes, settings) ?? compiledSet(bytes, settings)
}

function compiledSet(bytes: Uint8Array, settings: PromoSettings): PromoSet {
  const { set, configs } = readWhole(bytes)
  return compileSet(set, configs, settings)
}

/** undefined: it must be compiled. */
export function prebuiltSet(bytes: Uint8Array, settings: PromoSettings): PromoSet | undefined {
  try {
    const head = headOf(bytes)
    if (head?.format !== snapshotFormat || head.time_zone !== settings.timeZone) return undefined
    const starts = lineStarts(bytes)
    const tail: Tail = JSON.parse(`{"configs":[${decoder.decode(bytes.subarray(starts.at(-1)))}`)
    const { prebuilt, rules } = tail
    // Between two lines stand a comma and the end of the line; after the last one only that.
    const last = starts.length - 2
    const configOf = (rank: number): PromoConfig => {
      const line = bytes.subarray(starts[rank], (starts[rank + 1] as number) - (rank === last ? 1 : 2))
      // It was checked when the snapshot was made.
      return JSON.parse(decoder.decode(line)).config
    }
    return loadPrebuilt({ ...prebuilt, rules: Buffer.from(rules, 'base64') }, { number: head.set, settings, configOf })
  } catch {
    return undefined
  }
}

// Where each promotion's line begins, and then the last line.
function lineStarts(bytes: Uint8Array): number[] {
  const starts: number[] = []
  for (let end = bytes.indexOf(lineEnd); end >= 0; end = bytes.indexOf(lineEnd, end + 1)) starts.push(end + 1)
  return starts
}

export const emptySet = (settings: PromoSettings): PromoSet => compileSet(0, [], settings)

const compileSet = (
  set: number,
  promos: readonly SnapshotPromo[],
  settings: PromoSettings,
  isKnownGood: (index: number) => boolean = () => false,
) =>
  compilePromos(
    promos.map(({ config }) => config),
    { settings, number: set, versions: promos.map(({ version }) => version), defaultState: 'draft', isKnownGood },
  )
