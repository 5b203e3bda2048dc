// The contract of lib/ports/objects.ts: one suite that every objects adapter runs.
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect } from 'vitest'
import type { Objects, StoredObject } from '../../lib/ports/objects.ts'
import { contractCases, type Skips } from './contract.ts'

type Context = {
  objects: Objects
  /** A key (or the beginning of keys) that no other case has. */
  fresh: () => string
}

const bytes = (text: string) => new TextEncoder().encode(text)

const stored = async (objects: Objects, key: string): Promise<StoredObject> => {
  const object = await objects.get(key)
  if (object === undefined || object === 'not_modified') throw new Error(`${key} is not there`)
  return object
}

const etagOf = (answer: { etag: string } | 'refused'): string => {
  if (answer === 'refused') throw new Error('refused')
  return answer.etag
}

const textOf = async (objects: Objects, key: string) => new TextDecoder().decode((await stored(objects, key)).bytes)

const cases: Record<string, (context: Context) => Promise<void>> = {
  'get answers the bytes that were put, with the ETag that put answered': async ({ objects, fresh }) => {
    const key = fresh()
    const all = Uint8Array.from({ length: 256 }, (_, n) => n)
    const { etag } = { etag: etagOf(await objects.put(key, all)) }
    const object = await stored(objects, key)
    expect([...object.bytes]).toEqual([...all])
    expect(object.etag).toBe(etag)
    expect(etag).not.toBe('')
  },
  'an object may be empty, or some megabytes': async ({ objects, fresh }) => {
    const key = fresh()
    await objects.put(`${key}/empty`, new Uint8Array())
    expect((await stored(objects, `${key}/empty`)).bytes).toHaveLength(0)
    const large = new Uint8Array(3_000_000).fill(7)
    await objects.put(`${key}/large`, large)
    expect(Buffer.compare((await stored(objects, `${key}/large`)).bytes, large)).toBe(0)
  },
  'get of a missing object is undefined, with ifNoneMatch too': async ({ objects, fresh }) => {
    expect(await objects.get(fresh())).toBeUndefined()
    expect(await objects.get(fresh(), { ifNoneMatch: '"x"' })).toBeUndefined()
  },
  'get answers not_modified while the ETag is the same, the object when it is another': async ({ objects, fresh }) => {
    const key = fresh()
    const first = etagOf(await objects.put(key, bytes('one')))
    expect(await objects.get(key, { ifNoneMatch: first })).toBe('not_modified')
    const second = etagOf(await objects.put(key, bytes('two')))
    expect(second).not.toBe(first)
    expect(await objects.get(key, { ifNoneMatch: first })).toMatchObject({ etag: second })
  },
  'put replaces the whole object': async ({ objects, fresh }) => {
    const key = fresh()
    await objects.put(key, bytes('a long text'))
    await objects.put(key, bytes('short'))
    expect(await textOf(objects, key)).toBe('short')
  },
  'ifAbsent puts only where there is none': async ({ objects, fresh }) => {
    const key = fresh()
    expect(await objects.put(key, bytes('one'), { ifAbsent: true })).not.toBe('refused')
    expect(await objects.put(key, bytes('two'), { ifAbsent: true })).toBe('refused')
    expect(await textOf(objects, key)).toBe('one')
    await objects.delete(key)
    expect(await objects.put(key, bytes('three'), { ifAbsent: true })).not.toBe('refused')
  },
  'ifMatch puts only over that ETag, never where there is none': async ({ objects, fresh }) => {
    const key = fresh()
    const first = etagOf(await objects.put(key, bytes('one')))
    const second = etagOf(await objects.put(key, bytes('two'), { ifMatch: first }))
    expect(await objects.put(key, bytes('three'), { ifMatch: first })).toBe('refused')
    expect(await textOf(objects, key)).toBe('two')
    await objects.delete(key)
    expect(await objects.put(key, bytes('four'), { ifMatch: second })).toBe('refused')
    expect(await objects.get(key)).toBeUndefined()
  },
  'of many that put over one ETag, or where there is none, at once, one does': async ({ objects, fresh }) => {
    const key = fresh()
    const created = await Promise.all(
      Array.from({ length: 12 }, (_, n) => objects.put(key, bytes(`created ${n}`), { ifAbsent: true })),
    )
    expect(created.filter((answer) => answer !== 'refused')).toHaveLength(1)
    const { etag } = await stored(objects, key)
    const changed = await Promise.all(
      Array.from({ length: 12 }, (_, n) => objects.put(key, bytes(`changed ${n}`), { ifMatch: etag })),
    )
    const winner = changed.findIndex((answer) => answer !== 'refused')
    expect(changed.filter((answer) => answer !== 'refused')).toHaveLength(1)
    expect(await textOf(objects, key)).toBe(`changed ${winner}`)
  },
  'a reader sees a whole object, the old or the new': async ({ objects, fresh }) => {
    const key = fresh()
    const fill = (n: number) => new Uint8Array(200_000).fill(n)
    await objects.put(key, fill(0))
    let writing = true
    const writer = (async () => {
      for (let n = 1; n <= 10; n++) await objects.put(key, fill(n))
      writing = false
    })()
    while (writing) {
      const { bytes: seen } = await stored(objects, key)
      expect(seen).toHaveLength(200_000)
      expect(new Set(seen).size).toBe(1)
    }
    await writer
  },
  'put keeps the bytes as they were when it was called': async ({ objects, fresh }) => {
    const key = fresh()
    const data = bytes('before')
    const putting = objects.put(key, data)
    data.fill(0)
    await putting
    expect(await textOf(objects, key)).toBe('before')
  },
  'list answers the keys with a prefix in the order of their bytes, all pages': async ({ objects, fresh }) => {
    const root = fresh()
    const names = ['-', '.a', '/a', '/a.b', '/a/b', '/a/b/c', '/a=', '/aa', '/b', '0', 'A', 'Z', '_', 'a', 'a-b', 'aa']
    for (const name of names.toReversed()) await objects.put(root + name, bytes(name))
    expect(await Array.fromAsync(objects.list(root))).toEqual(names.map((name) => root + name))
    expect(await Array.fromAsync(objects.list(`${root}/a`))).toEqual(
      names.filter((name) => name.startsWith('/a')).map((name) => root + name),
    )
    expect(await Array.fromAsync(objects.list(`${root}/none`))).toEqual([])
    for (const name of names) expect(await textOf(objects, root + name)).toBe(name)
  },
  'delete removes an object and no other; a missing one is no error': async ({ objects, fresh }) => {
    const key = fresh()
    await objects.put(key, bytes('one'))
    await objects.put(`${key}/below`, bytes('two'))
    await objects.delete(key)
    await objects.delete(key)
    await objects.delete(`${key}/missing/deep`)
    expect(await objects.get(key)).toBeUndefined()
    expect(await Array.fromAsync(objects.list(key))).toEqual([`${key}/below`])
  },
  'a key has up to 512 characters, in one part or many': async ({ objects, fresh }) => {
    const root = fresh()
    const long = `${root}/`.padEnd(512, 'x')
    const deep = `${root}/${'d/'.repeat(200)}`.slice(0, 500).replace(/\/$/, '')
    await objects.put(long, bytes('long'))
    await objects.put(deep, bytes('deep'))
    expect(await textOf(objects, long)).toBe('long')
    expect(await Array.fromAsync(objects.list(root))).toEqual([deep, long])
  },
  'other keys are refused as object_key': async ({ objects }) => {
    const refused = expect.objectContaining({ kind: 'invalid', code: 'object_key' })
    const keys = ['', '/', '/a', 'a/', 'a//b', '..', '../a', 'a/../b', 'a..b', '.', 'a/./b', 'a b', 'a+b', 'ą', 'a\\b']
    for (const key of [...keys, 'a\u0000', 'a\nb', '%2e%2e', '~', 'x'.repeat(513)]) {
      await expect(objects.get(key), JSON.stringify(key)).rejects.toEqual(refused)
      await expect(objects.put(key, bytes('')), JSON.stringify(key)).rejects.toEqual(refused)
      await expect(objects.delete(key), JSON.stringify(key)).rejects.toEqual(refused)
    }
  },
  'get gives up when its signal says so': async ({ objects, fresh }) => {
    const key = fresh()
    await objects.put(key, bytes('x'))
    const unavailable = expect.objectContaining({ kind: 'unavailable' })
    await expect(objects.get(key, { signal: AbortSignal.abort() })).rejects.toEqual(unavailable)
    expect(await objects.get(key, { signal: new AbortController().signal })).toBeDefined()
  },
}

/** Runs the suite on the store that `makeObjects` gives, once for all cases; it may be shared. */
export function objectsContract(
  name: string,
  makeObjects: () => Promise<Objects>,
  { skip }: { skip?: Skips } = {},
): void {
  describe(`objects contract: ${name}`, () => {
    let objects: Objects | undefined
    const run = randomUUID().slice(0, 8)
    let made = 0
    beforeAll(async () => {
      objects = await makeObjects()
    }, 120_000)
    const context = (): Context => {
      if (!objects) throw new Error('the store could not be made')
      return { objects, fresh: () => `contract-${run}-${String(++made).padStart(3, '0')}` }
    }
    contractCases(cases)(context, skip)
  })
}
