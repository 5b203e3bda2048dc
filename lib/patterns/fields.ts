// Takes the fields that patterns name out of an event, once for all patterns, and remembers in which elements of which
// arrays each value lies.
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import type { Leaf } from './matchers.ts'
import { InexactNumber, isPatternObject } from './numbers.ts'

/** Where a value lies: element `index` of the array numbered `array`, itself inside `outer`. */
export type Membership = { array: number; index: number; outer: Membership | undefined }

export type Entry = { value: Leaf; where: Membership | undefined }

/** Entries by the number of their field; undefined where the event has none. */
export type Entries = (Entry[] | undefined)[]

export type FieldTree = {
  /** The number of a path; the same for the same path. */
  add(path: string): number
  /** Values at all paths added. Arrays are crushed out; only elements that hold something keep a membership. */
  extract(event: unknown): Entries
}

/** One object on the way: the number of its field, if it is one, and the names that lead on. */
type Node = { field: number; edges: Map<string, Node> }

export function createFieldTree(): FieldTree {
  const newNode = (): Node => ({ field: -1, edges: new Map() })
  const root = newNode()
  const nodes = new Map<string, Node>()
  let fields = 0

  const nodeAt = (path: string): Node => {
    const known = nodes.get(path)
    if (known) return known
    const node = newNode()
    nodes.set(path, node)
    // An event may spell `a.b.c` as a, then b.c, and so on: every beginning of the path leads here by what remains.
    for (let dot = path.lastIndexOf('.'); dot !== -1; dot = dot === 0 ? -1 : path.lastIndexOf('.', dot - 1)) {
      nodeAt(path.slice(0, dot)).edges.set(path.slice(dot + 1), node)
    }
    root.edges.set(path, node)
    return node
  }

  return {
    add(path) {
      const node = nodeAt(path)
      if (node.field === -1) node.field = fields++
      return node.field
    },
    extract(event) {
      const extraction: Extraction = { entries: new Array(fields), arrays: 0 }
      if (!isPatternObject(event)) throw new KramError('invalid', 'invalid_event', 'Event must be a JSON object')
      walkObject(root, event, undefined, 0, extraction)
      return extraction.entries
    },
  }
}

/** More names than events commonly have at one level. */
const manyEdges = 16

type Extraction = { entries: Entries; arrays: number }

function walkObject(
  node: Node,
  object: { [key: string]: unknown },
  where: Membership | undefined,
  depth: number,
  extraction: Extraction,
): void {
  // Whichever is shorter: many patterns name many fields of which one event has few.
  if (node.edges.size > manyEdges) {
    for (const name of Object.keys(object)) {
      const next = node.edges.get(name)
      if (next) walk(next, object[name], where, depth + 1, extraction)
    }
    return
  }
  for (const [name, next] of node.edges) {
    if (Object.hasOwn(object, name)) walk(next, object[name], where, depth + 1, extraction)
  }
}

function walk(node: Node, value: unknown, where: Membership | undefined, depth: number, extraction: Extraction): void {
  if (typeof value !== 'object' || value === null || value instanceof InexactNumber) {
    addEntry(node, value, where, extraction)
    return
  }
  if (depth >= limits.eventDepth) {
    throw new KramError('invalid', 'invalid_event', `Event is nested deeper than ${limits.eventDepth} levels`)
  }
  if (!Array.isArray(value)) {
    walkObject(node, value as { [key: string]: unknown }, where, depth, extraction)
    return
  }
  const array = extraction.arrays++
  for (let index = 0; index < value.length; index++) {
    const element: unknown = value[index]
    const holdsSomething = typeof element === 'object' && element !== null && !(element instanceof InexactNumber)
    if (holdsSomething) walk(node, element, { array, index, outer: where }, depth + 1, extraction)
    else addEntry(node, element, where, extraction)
  }
}

function addEntry(node: Node, value: unknown, where: Membership | undefined, { entries }: Extraction): void {
  if (node.field === -1 || value === undefined) return
  const entry = { value: value as Leaf, where }
  const known = entries[node.field]
  if (known) known.push(entry)
  else entries[node.field] = [entry]
}
