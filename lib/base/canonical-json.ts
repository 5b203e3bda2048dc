// One text for one value, whatever the order of its names: what hashes of content are made of. Every event that is made
// or handled comes through here.
import { assert } from './assert.ts'

// Texts that stand in JSON as they are: no quote, backslash, control character, nor half of a surrogate pair.
const plainText = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

function textOf(text: string): string {
  if (plainText.test(text)) return `"${text}"`
  assert(text.isWellFormed(), 'canonical JSON holds no lone surrogates')
  return JSON.stringify(text)
}

function scalarOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return textOf(value)
    case 'number':
      assert(Number.isFinite(value), 'canonical JSON holds finite numbers only')
      // As ECMAScript writes them.
      return String(value)
    default:
      assert(value === null || typeof value === 'boolean', 'canonical JSON holds JSON only')
      return String(value)
  }
}

/** In place, by UTF-16 units. Objects have few names, and `sort` is made for many. */
function sortNames(names: string[]): string[] {
  if (names.length > 32) return names.sort()
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string
    let at = i
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string
    names[at] = name
  }
  return names
}

/**
 * Canonical JSON (RFC 8785) of a value that is JSON and no deeper than `limits.jsonDepth`. What is undefined in an
 * object is left out.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return scalarOf(value)
  let text = ''
  if (Array.isArray(value)) {
    for (const entry of value) text += text === '' ? canonicalJson(entry) : `,${canonicalJson(entry)}`
    return `[${text}]`
  }
  for (const name of sortNames(Object.keys(value))) {
    const inner = (value as { [name: string]: unknown })[name]
    if (inner === undefined) continue
    text += `${text === '' ? '' : ','}${textOf(name)}:${canonicalJson(inner)}`
  }
  return `{${text}}`
}
