// A rule base's rules and index as bytes, and back, so that a cold start builds nothing.
//
// Layout: length of the head (uint32, little-endian), the head (JSON), then the sections that it lists, each beginning
// at a multiple of eight: lists of numbers as they lie in memory, and the text of the rules.
import { KramError } from '../base/errors.ts'
import type { Settings } from './base.ts'
import { type Program, programFormat } from './program.ts'
import type { Rule } from './types.ts'
import type { Steps } from './values.ts'

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
  focus?: string
}

const sourceText = 'sourceText'
const sourceStart = 'sourceStart'
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
  const contents: Numbers[] = []
  const rest: Record<string, unknown> = {}
  let offset = 0
  const add = (name: string, kind: Kind, content: Numbers): void => {
    sections.push({ name, kind, offset, length: content.length })
    contents.push(content)
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

function assemble(head: Head, contents: readonly Numbers[], size: number): Uint8Array {
  const headBytes = new TextEncoder().encode(JSON.stringify(head))
  const start = aligned(4 + headBytes.length)
  const bytes = new Uint8Array(start + size)
  new DataView(bytes.buffer).setUint32(0, headBytes.length, true)
  bytes.set(headBytes, 4)
  contents.forEach((content, i) => {
    const offset = start + (head.sections[i]?.offset ?? 0)
    bytes.set(new Uint8Array(content.buffer, content.byteOffset, content.byteLength), offset)
  })
  return bytes
}

function sourcesOf(count: number, source: Source): { text: Uint8Array; start: Int32Array } {
  const encoder = new TextEncoder()
  const parts: Uint8Array[] = []
  const start = new Int32Array(count + 1)
  let size = 0
  for (let rule = 0; rule < count; rule++) {
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
 * What `toBytes` wrote, which is trusted: it comes from our own store. The bytes must not be changed afterwards, the
 * lists lie in them.
 * @throws KramError invalid `rule_base_unreadable`: another format, or cut off; compile the rules then
 */
export function fromBytes(bytes: Uint8Array): Stored<Source | undefined> {
  const { head, start } = readHead(bytes)
  // Lists of eight-byte numbers must begin at a multiple of eight.
  const whole = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
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
  if (bytes.length < 4) throw unreadable('it is cut off')
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  if (bytes.length < 4 + length) throw unreadable('it is cut off')
  let head: Head
  try {
    head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Head
  } catch {
    throw unreadable('its head is no JSON')
  }
  if (head.format !== programFormat) throw unreadable(`its format is ${head.format}, not ${programFormat}`)
  return { head, start: aligned(4 + length) }
}

function listOf(bytes: Uint8Array, start: number, { kind, offset, length }: Section): Numbers {
  const List = kinds[kind]
  const at = start + offset
  if (at + length * List.BYTES_PER_ELEMENT > bytes.length) throw unreadable('it is cut off')
  return new List(bytes.buffer as ArrayBuffer, bytes.byteOffset + at, length)
}
