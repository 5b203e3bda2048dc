// Reads from a fact which of the values that rules ask for it has: a pair (attribute, value) for each attribute.
import type { Program } from './program.ts'
import type { Fact } from './types.ts'
import { readPath, type Steps } from './values.ts'
import { anyPair } from './view.ts'

/** In place of a pair: no rule asks for the value, or there is none. */
export const notAsked = -1
/** In place of a pair: the attribute is a list, which holds several. */
export const isList = -2

export type PathIndex = {
  path: number
  name: string
  steps: Steps
  pairs: ReadonlyMap<unknown, number>
}

/** Attributes of one object within the fact. `layouts`: orders of names met before, with the path of each name. */
type Group = { parent: Steps; paths: readonly PathIndex[]; layouts: Layout[] }
type Layout = { names: readonly string[]; paths: readonly (PathIndex | undefined)[] }

/** So many attributes are read together: all values of an object in one go take less than finding each by its name. */
const manyPaths = 8
const keptLayouts = 8

/** The attributes of one type of fact on which rules test equality. */
export class PairReader {
  readonly paths: readonly PathIndex[]
  private readonly groups: readonly Group[]
  /** Path -> the pair that the fact at hand has there; shared by the readers of all types. */
  private readonly pairAt: Int32Array

  constructor(paths: readonly PathIndex[], pairAt: Int32Array) {
    this.paths = paths
    this.pairAt = pairAt
    const byParent = new Map<string, Group & { paths: PathIndex[] }>()
    for (const path of paths) {
      const parent = path.steps.slice(0, -1)
      const key = JSON.stringify(parent)
      const group = byParent.get(key) ?? { parent, paths: [], layouts: [] }
      group.paths.push(path)
      byParent.set(key, group)
    }
    this.groups = [...byParent.values()]
  }

  /** Fills `pairAt`; true when some attribute is a list. */
  read(fact: Fact): boolean {
    let hasList = false
    for (const group of this.groups) {
      if (this.readGroup(readPath(fact, group.parent), group)) hasList = true
    }
    return hasList
  }

  private readGroup(object: unknown, group: Group): boolean {
    if (typeof object !== 'object' || object === null || Array.isArray(object)) {
      for (const { path } of group.paths) this.pairAt[path] = notAsked
      return false
    }
    const layout = group.paths.length < manyPaths ? undefined : layoutOf(group, object)
    return layout === undefined ? this.readByName(object, group.paths) : this.readByLayout(object, group, layout)
  }

  // What a plain object inherits is no scalar and no list: as good as not there.
  private readByName(object: object, paths: readonly PathIndex[]): boolean {
    let hasList = false
    for (const path of paths) if (this.set(path, (object as Record<string, unknown>)[path.name])) hasList = true
    return hasList
  }

  private readByLayout(object: object, { paths }: Group, layout: Layout): boolean {
    const values: unknown[] = Object.values(object)
    let hasList = false
    for (const { path } of paths) this.pairAt[path] = notAsked
    for (let i = 0; i < values.length; i++) {
      const path = layout.paths[i]
      if (path !== undefined && this.set(path, values[i])) hasList = true
    }
    return hasList
  }

  private set({ path, pairs }: PathIndex, value: unknown): boolean {
    const pair = pairs.get(value)
    if (pair !== undefined) {
      this.pairAt[path] = pair
      return false
    }
    const holdsSeveral = Array.isArray(value)
    this.pairAt[path] = holdsSeveral ? isList : notAsked
    return holdsSeveral
  }
}

// undefined: too many orders of names have been met to keep them all.
function layoutOf({ paths, layouts }: Group, object: object): Layout | undefined {
  const names = Object.keys(object)
  for (const layout of layouts) if (isSame(layout.names, names)) return layout
  if (layouts.length === keptLayouts) return undefined
  const byName = new Map(paths.map((path) => [path.name, path]))
  const layout = { names, paths: names.map((name) => byName.get(name)) }
  layouts.push(layout)
  return layout
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** A reader for each type of the program, and the list that they fill. */
export function pairReaders({ pathType, pathSteps, pathValues, types }: Program): {
  readers: PairReader[]
  pairAt: Int32Array
} {
  // One more path, which every fact has: where a record has nothing to verify.
  const pairAt = new Int32Array(pathSteps.length + 1).fill(anyPair)
  const byType: PathIndex[][] = types.map(() => [])
  // Pairs of a path are numbered from where those of the path before it end.
  let pair = 0
  pathSteps.forEach((steps, path) => {
    const pairs = new Map<unknown, number>()
    for (const value of pathValues[path] ?? []) pairs.set(value, pair++)
    const ofType = byType[pathType[path] as number] as PathIndex[]
    ofType.push({ path, name: steps.at(-1) as string, steps, pairs })
  })
  return { readers: byType.map((paths) => new PairReader(paths, pairAt)), pairAt }
}
