// A rule base's rules and index as bytes, and back, so that a cold start builds nothing.
//
// Layout: length of the head (uint32, little-endian), checksum (uint32) of all that follows it, the head (JSON), then the
// sections that it lists, each beginning at a multiple of eight: lists of numbers as they lie in memory, and the text of
// the rules.
import { assert } from '../base/assert.ts'
import { KramError } from '../base/errors.ts'
import type { Settings } from './base.ts'
import { indexes } from './lists.ts'
import { type Program, programFormat } from './program.ts'
import type { Rule } from './types.ts'
import { ownValue, type Steps } from './values.ts'

const kinds = { Int32Array, Float64Array, Uint8Array } as const
type Kind = keyof typeof kinds
type Numbers = Int32Array | Float64Array | Uint8Array

type Section = { name: string; kind: Kind; offset: number; length: number }
type Head = {
  format: number
  names: string[]
  settings: StoredSettings
  sections: Section[]
  /** What of the program is no list of numbers. */
  rest: Record<string, unknown>
}
/** `Settings` as JSON. */
export type StoredSettings = {
  clock: Settings['clock']
  memoKeys: [string, Steps][]
  excepted: [string, readonly Steps[]][]
  focus?: string | undefined
}

const sourceText = 'sourceText'
const sourceStart = 'sourceStart'
/** The length of the head, and the checksum. */
const prefixBytes = 8
const aligned = (offset: number): number => (offset + 7) & ~7

const kindOf = (value: unknown): Kind | undefined =>
  (Object.keys(kinds) as Kind[]).find((kind) => value instanceof kinds[kind])

type Source = (rule: number) => Rule

/** What a rule base is made of. `source`: undefined when the bytes were written without the rules. */
export type Stored<OwnSource = Source> = {
  program: Program
  names: readonly string[]
  source: OwnSource
  settings: StoredSettings
}

export function toBytes(
  { program, names, source, settings }: Stored,
  { withRules }: { withRules: boolean },
): Uint8Array {
  const sections: Section[] = []
  const contents: { offset: number; content: Numbers }[] = []
  const rest: Record<string, unknown> = {}
  let offset = 0
  const add = (name: string, kind: Kind, content: Numbers): void => {
    sections.push({ name, kind, offset, length: content.length })
    contents.push({ offset, content })
    offset = aligned(offset + content.byteLength)
  }
  for (const [name, value] of Object.entries(program)) {
    const kind = kindOf(value)
    if (kind === undefined) rest[name] = value
    else add(name, kind, value as Numbers)
  }
  if (withRules) {
    const { text, start } = sourcesOf(names.length, source)
    add(sourceStart, 'Int32Array', start)
    add(sourceText, 'Uint8Array', text)
  }
  const head: Head = { format: programFormat, names: [...names], settings, sections, rest }
  return assemble(head, contents, offset)
}

function assemble(head: Head, contents: readonly { offset: number; content: Numbers }[], size: number): Uint8Array {
  const headBytes = new TextEncoder().encode(JSON.stringify(head))
  const start = aligned(prefixBytes + headBytes.length)
  const bytes = new Uint8Array(start + size)
  bytes.set(headBytes, prefixBytes)
  for (const { offset, content } of contents) {
    bytes.set(new Uint8Array(content.buffer, content.byteOffset, content.byteLength), start + offset)
  }
  const prefix = new DataView(bytes.buffer)
  prefix.setUint32(0, headBytes.length, true)
  prefix.setUint32(4, checksumOf(bytes, headBytes.length), true)
  return bytes
}

/**
 * FNV-1a (Fowler, Noll, Vo) over words of four bytes instead of bytes, in four lanes, which takes a quarter of the time.
 * A change within one word is always found. `bytes` begins at a multiple of four, and is as long.
 */
function checksumOf(bytes: Uint8Array, headLength: number): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2)
  const prime = 0x01000193
  let a = 0x811c9dc5 ^ headLength
  let b = a ^ words.length
  let c = b
  let d = b
  let i = prefixBytes >>> 2
  for (; i + 3 < words.length; i += 4) {
    a = Math.imul(a ^ (words[i] as number), prime)
    b = Math.imul(b ^ (words[i + 1] as number), prime)
    c = Math.imul(c ^ (words[i + 2] as number), prime)
    d = Math.imul(d ^ (words[i + 3] as number), prime)
  }
  for (; i < words.length; i++) a = Math.imul(a ^ (words[i] as number), prime)
  for (const lane of [b, c, d]) a = Math.imul(a ^ lane, prime)
  return a >>> 0
}

function sourcesOf(count: number, source: Source): { text: Uint8Array; start: Int32Array } {
  const encoder = new TextEncoder()
  const parts: Uint8Array[] = []
  const start = new Int32Array(count + 1)
  let size = 0
  for (const rule of indexes(count)) {
    const part = encoder.encode(JSON.stringify(source(rule)))
    parts.push(part)
    size += part.length
    start[rule + 1] = size
  }
  const text = new Uint8Array(size)
  parts.forEach((part, rule) => {
    text.set(part, start[rule])
  })
  return { text, start }
}

export const unreadable = (reason: string): KramError =>
  new KramError('invalid', 'rule_base_unreadable', `The stored rule base cannot be read: ${reason}`)

/**
 * What `toBytes` wrote. The bytes must not be changed afterwards, the lists lie in them. Damage is found by the checksum;
 * beyond that they are trusted, since they come from our own store.
 * @throws KramError invalid `rule_base_unreadable`: another format, cut off, or damaged; compile the rules then
 */
export function fromBytes(bytes: Uint8Array): Stored<Source | undefined> {
  // Lists of eight-byte numbers must begin at a multiple of eight.
  const whole = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  const { head, start } = readHead(whole)
  const lists = new Map(head.sections.map((section) => [section.name, listOf(whole, start, section)]))
  const text = lists.get(sourceText)
  const starts = lists.get(sourceStart)
  lists.delete(sourceText)
  lists.delete(sourceStart)
  return {
    program: { ...head.rest, ...Object.fromEntries(lists) } as unknown as Program,
    names: head.names,
    source: text instanceof Uint8Array && starts !== undefined ? sourceIn(text, starts) : undefined,
    settings: head.settings,
  }
}

function sourceIn(text: Uint8Array, starts: Numbers): Source {
  const decoder = new TextDecoder()
  return (rule) => JSON.parse(decoder.decode(text.subarray(starts[rule], starts[rule + 1]))) as Rule
}

function readHead(bytes: Uint8Array): { head: Head; start: number } {
  if (bytes.length < prefixBytes || bytes.length % 8 !== 0) throw unreadable('it is cut off')
  const prefix = new DataView(bytes.buffer, bytes.byteOffset)
  const length = prefix.getUint32(0, true)
  const start = aligned(prefixBytes + length)
  if (bytes.length < start) throw unreadable('it is cut off')
  const head = parseHead(bytes.subarray(prefixBytes, prefixBytes + length))
  const found = ownValue(head, 'format')
  const format = typeof found === 'number' ? found : 'none'
  if (format !== programFormat) throw unreadable(`its format is ${format}, not ${programFormat}`)
  if (checksumOf(bytes, length) !== prefix.getUint32(4, true)) throw unreadable('it is damaged')
  return { head: head as Head, start }
}

function parseHead(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw unreadable('its head is no JSON')
  }
}

// What the checksum has not found is a fault of who wrote it.
function listOf(bytes: Uint8Array, start: number, { kind, offset, length }: Section): Numbers {
  const List = kinds[kind]
  const at = start + offset
  assert(at + length * List.BYTES_PER_ELEMENT <= bytes.length, 'the list lies in the bytes')
  return new List(bytes.buffer as ArrayBuffer, bytes.byteOffset + at, length)
}
