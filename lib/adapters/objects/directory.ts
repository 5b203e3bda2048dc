// Objects of the embedded run: one file each under a folder. Whole or not at all (written aside, synced, renamed).
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { KramError } from '../../base/errors.ts'
import { compareUtf8 } from '../../base/text.ts'
import type { Objects, StoredObject } from '../../ports/objects.ts'
import { openLock } from '../lock.ts'
import { checkObjectKey } from './key.ts'

export type DirectoryObjectsOptions = {
  /** Made when it is not there. */
  root: string
}

/** How long a writer waits for another process, and how often it looks. */
const lockPatienceMs = 5_000
const lockPollMs = 10

// `a` and `a/b` may both be objects, so a folder is named `a+`; `+` is in no key. File systems end a name at 255
// bytes, so a longer part of a key goes on in a folder named `...++`.
const partChars = 200

function pathOf(key: string): string {
  const names = key.split('/').map((part) => part.match(new RegExp(`.{1,${partChars}}`, 'g')) ?? [])
  return names.map((pieces) => pieces.join('++/')).join('+/')
}

const keyOf = (path: string): string => path.replaceAll('++/', '').replaceAll('+/', '/')

const etagOf = (bytes: Uint8Array): string => `"${createHash('sha256').update(bytes).digest('hex')}"`

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const unavailable = (error: unknown): KramError =>
  error instanceof KramError
    ? error
    : new KramError('unavailable', 'objects_unavailable', 'The folder of objects cannot be read or written.', {
        cause: error,
      })

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there a rename is as durable as it gets.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  await folder.sync().finally(() => folder.close())
}

/** Makes `path` hold `bytes`, through a file beside it: a reader sees the old or the new, a crash leaves one of them. */
async function replaceFile(root: string, path: string, bytes: Uint8Array): Promise<void> {
  const made = await mkdir(dirname(path), { recursive: true })
  const aside = join(root, `+${randomUUID()}`)
  try {
    const file = await open(aside, 'wx')
    await file
      .writeFile(bytes)
      .then(() => file.sync())
      .finally(() => file.close())
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
  // A new folder is an entry of the one above it.
  for (let folder = dirname(path); made !== undefined && folder !== root; folder = dirname(folder)) {
    await syncFolder(dirname(folder))
  }
}

/** One after the other in this process, and by a lock of the operating system between processes. */
function createTurns(path: string): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()

  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    const lock = openLock(path)
    try {
      for (let waitedMs = 0; !lock.tryAcquire(); waitedMs += lockPollMs) {
        if (waitedMs >= lockPatienceMs) {
          throw new KramError('unavailable', 'objects_locked', 'Another process keeps the folder of objects locked.')
        }
        await wait(lockPollMs)
      }
      return await work()
    } finally {
      lock.close()
    }
  }

  return (work) => {
    const turn = last.then(() => alone(work))
    last = turn.catch(() => {})
    return turn
  }
}

/** Which file it is, and which state of it: objects are never written in place. */
type Identity = { ino: bigint; size: bigint; mtimeNs: bigint; ctimeNs: bigint }

const isSame = (a: Identity, b: Identity): boolean =>
  a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs

// Within one tick of the file system's clock two files may look the same; a file this old has no such twin to come.
const settledMs = 2_000

/** ETags by file, so that whether an object has changed is asked without reading it. */
function createEtags() {
  const known = new Map<string, { file: Identity; etag: string }>()
  return {
    remember(key: string, file: Identity, etag: string): void {
      if (Date.now() - Number(file.mtimeNs / 1_000_000n) < settledMs) return
      // Few objects are asked for again and again.
      if (known.size >= 100) known.clear()
      known.set(key, { file, etag })
    },
    async isStill(key: string, path: string, etag: string): Promise<boolean> {
      const before = known.get(key)
      return before?.etag === etag && isSame(before.file, await stat(path, { bigint: true }))
    },
  }
}

/** ETags are hashes of the content, so putting the same bytes twice gives the same ETag. */
export function createDirectoryObjects({ root }: DirectoryObjectsOptions): Objects {
  try {
    mkdirSync(root, { recursive: true })
  } catch (error) {
    throw unavailable(error)
  }
  const inTurn = createTurns(join(root, '+lock'))

  const etags = createEtags()

  const readOpened = async (key: string, signal?: AbortSignal): Promise<StoredObject> => {
    const file = await open(join(root, pathOf(key)))
    try {
      const identity = await file.stat({ bigint: true })
      const bytes = await file.readFile(signal && { signal })
      const etag = etagOf(bytes)
      etags.remember(key, identity, etag)
      return { bytes, etag }
    } finally {
      await file.close()
    }
  }

  const read = async (key: string, signal?: AbortSignal): Promise<StoredObject | undefined> => {
    try {
      return await readOpened(key, signal)
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error
      // No such file; but when the whole folder is gone, the store is away.
      await access(root)
      return undefined
    }
  }

  async function* keysUnder(folder: string): AsyncGenerator<string> {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder + entry.name
      if (entry.isDirectory()) yield* keysUnder(`${path}/`)
      else if (!path.startsWith('+')) yield keyOf(path)
    }
  }

  return {
    async get(key, { ifNoneMatch, signal } = {}) {
      checkObjectKey(key)
      const still = ifNoneMatch !== undefined && etags.isStill(key, join(root, pathOf(key)), ifNoneMatch)
      // What cannot be told so is told by reading.
      if (still && (await still.catch(() => false))) return 'not_modified'
      const stored = await read(key, signal).catch((error) => Promise.reject(unavailable(error)))
      return stored && stored.etag === ifNoneMatch ? 'not_modified' : stored
    },
    async put(key, bytes, { ifMatch, ifAbsent } = {}) {
      checkObjectKey(key)
      const copy = Uint8Array.from(bytes)
      const etag = etagOf(copy)
      const put = async () => {
        if (ifMatch !== undefined || ifAbsent) {
          const stored = await read(key)
          if (ifAbsent && stored !== undefined) return 'refused'
          if (ifMatch !== undefined && stored?.etag !== ifMatch) return 'refused'
        }
        await replaceFile(root, join(root, pathOf(key)), copy)
        return { etag }
      }
      return inTurn(put).catch((error) => Promise.reject(unavailable(error)))
    },
    async *list(prefix) {
      const keys: string[] = []
      try {
        for await (const key of keysUnder('')) if (key.startsWith(prefix)) keys.push(key)
      } catch (error) {
        throw unavailable(error)
      }
      yield* keys.sort(compareUtf8)
    },
    async delete(key) {
      checkObjectKey(key)
      const path = join(root, pathOf(key))
      const remove = () => rm(path, { force: true }).then(() => syncFolder(dirname(path)))
      await inTurn(remove).catch((error) => {
        if (!isCode(error, 'ENOENT')) throw unavailable(error)
      })
    },
  }
}
