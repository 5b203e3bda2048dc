// A rule base as bytes: laid out as snapshot.ts says, with a checksum of all, and read where it lies.
import { describe, expect, test } from 'vitest'
import { KramError } from '../../lib/base/errors.ts'
import { type Program, programFormat } from '../../lib/rules/program.ts'
import { fromBytes, type StoredSettings, toBytes } from '../../lib/rules/snapshot.ts'
import type { Rule } from '../../lib/rules/types.ts'
import { upTo } from '../support/facts.ts'

const settings: StoredSettings = { clock: { fact: 'now', steps: ['at'] }, memoKeys: [], excepted: [], focus: 'line' }
const rules = ['r', 'ř'].map((name): Rule => ({ name, when: [], insert: [{ type: 'hit' }] }))
// Only some of the lists of a program: these functions ask for none by name.
const program = {
  types: ['line'],
  selectionType: Int32Array.of(7, -8, 9),
  scanned: Uint8Array.of(1, 0, 255),
  boundaries: Float64Array.of(0.5, Number.POSITIVE_INFINITY),
  code: new Int32Array(),
} as Partial<Program> as Program
const stored = { program, names: ['r', 'ř'], source: (rule: number) => rules[rule] as Rule, settings }
const bytes = toBytes(stored, { withRules: true })

const view = (of: Uint8Array): DataView => new DataView(of.buffer, of.byteOffset)

/** FNV-1a over the words after the prefix: word by word into four lanes, what is left over and the lanes into the first. */
function checksumOf(of: Uint8Array): number {
  const words = upTo(of.length / 4).map((word) => view(of).getInt32(word * 4, true))
  const mixed = (hash: number, word: number): number => Math.imul(hash ^ word, 0x01000193)
  const first = 0x811c9dc5 ^ view(of).getUint32(0, true)
  const other = first ^ words.length
  const lanes = [first, other, other, other]
  const hashed = words.slice(2)
  const inLanes = hashed.length - (hashed.length % 4)
  hashed.forEach((word, i) => {
    const lane = i < inLanes ? i % 4 : 0
    lanes[lane] = mixed(lanes[lane] as number, word)
  })
  return lanes.reduce(mixed) >>> 0
}

/** Bytes with this head, and a checksum that is right. */
function withHead(head: unknown, more = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof head === 'string' ? head : JSON.stringify(head))
  const made = new Uint8Array(8 + Math.ceil(text.length / 8) * 8 + more)
  made.set(text, 8)
  view(made).setUint32(0, text.length, true)
  view(made).setUint32(4, checksumOf(made), true)
  return made
}

const refusalOf = (of: Uint8Array): unknown => {
  try {
    fromBytes(of)
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    return [error.kind, error.code, error.message]
  }
  return 'nothing was refused'
}
const unreadable = (reason: string) => [
  'invalid',
  'rule_base_unreadable',
  `The stored rule base cannot be read: ${reason}`,
]

test('what was written is read', () => {
  const { source, ...rest } = fromBytes(bytes)
  expect(rest).toEqual({ program, names: stored.names, settings })
  expect([0, 1].map((rule) => source?.(rule))).toEqual(rules)
  const bare = toBytes(stored, { withRules: false })
  expect(fromBytes(bare)).toEqual({ program, names: stored.names, settings, source: undefined })
  expect(bare.length).toBeLessThan(bytes.length)
})

test('the checksum is right, whatever the length', () => {
  for (const length of upTo(9)) {
    const other = toBytes(
      { ...stored, program: { ...program, scanned: new Uint8Array(length * 8).fill(200) } },
      { withRules: true },
    )
    expect(view(other).getUint32(4, true), `${length}`).toBe(checksumOf(other))
    expect(fromBytes(other).names).toEqual(stored.names)
  }
})

test('the head lists sections, each beginning at a multiple of eight, in the order of the program', () => {
  const length = view(bytes).getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
  expect(head).toMatchObject({ format: programFormat, names: stored.names, settings, rest: { types: ['line'] } })
  expect(
    head.sections.map(({ name, kind, offset, length }: Record<string, unknown>) => [name, kind, offset, length]),
  ).toEqual([
    ['selectionType', 'Int32Array', 0, 3],
    ['scanned', 'Uint8Array', 16, 3],
    ['boundaries', 'Float64Array', 24, 2],
    ['code', 'Int32Array', 40, 0],
    ['sourceStart', 'Int32Array', 40, 3],
    ['sourceText', 'Uint8Array', 56, rules.reduce((sum, rule) => sum + Buffer.byteLength(JSON.stringify(rule)), 0)],
  ])
})

test('lists are read where they lie, or from a copy where they would not be aligned', () => {
  for (const offset of upTo(17)) {
    const larger = new Uint8Array(bytes.length + offset)
    larger.set(bytes, offset)
    const { selectionType, boundaries } = fromBytes(larger.subarray(offset)).program
    expect([selectionType, boundaries]).toEqual([program.selectionType, program.boundaries])
    expect(selectionType.buffer === larger.buffer, `${offset}`).toBe(offset % 8 === 0)
  }
})

describe('is refused', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'it is cut off'],
    ['less than the prefix', new Uint8Array(4), 'it is cut off'],
    ['no more than the prefix', new Uint8Array(8), 'its head is no JSON'],
    ['what is no multiple of eight', bytes.slice(0, -4), 'it is cut off'],
    ['what ends within the head', bytes.slice(0, 64), 'it is cut off'],
    ['a head that is no JSON', withHead('{'), 'its head is no JSON'],
    ['a head without a format', withHead({}), `its format is none, not ${programFormat}`],
    ['a head that is none', withHead(null), `its format is none, not ${programFormat}`],
    [
      'a format that is no number',
      withHead({ format: `${programFormat}` }),
      `its format is none, not ${programFormat}`,
    ],
    ['another format', withHead({ format: 1e6 }), `its format is 1000000, not ${programFormat}`],
    ['what ends after the head', bytes.slice(0, -8), 'it is damaged'],
  ])('%s', (_, some, reason) => {
    expect(refusalOf(some)).toEqual(unreadable(reason))
  })

  test('a list beyond the end, which is a fault of who wrote it', () => {
    const sections = (length: number) => [{ name: 'code', kind: 'Int32Array', offset: 8, length }]
    const head = { format: programFormat, names: [], settings, rest: {} }
    const whole = withHead({ ...head, sections: sections(2) }, 16)
    expect(fromBytes(whole).program).toEqual({ code: Int32Array.of(0, 0) })
    expect(() => fromBytes(withHead({ ...head, sections: sections(3) }, 16))).toThrow('the list lies in the bytes')
  })
})
