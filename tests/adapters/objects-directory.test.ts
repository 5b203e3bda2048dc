// The folder of objects: the contract, and what only a folder can do - be shared by processes, go away.
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openLock } from '../../lib/adapters/lock.ts'
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'
import { objectsContract } from '../contract/objects.ts'
import { runChildren } from '../support/child.ts'
import { temporaryFolder } from '../support/folder.ts'

objectsContract('directory', async () => createDirectoryObjects({ root: `${temporaryFolder()}/objects` }))

const unavailable = (code: string) => expect.objectContaining({ kind: 'unavailable', code })

describe('a folder of objects', () => {
  it('is one counter for processes that each compare and set', async () => {
    const root = `${temporaryFolder()}/objects`
    const processes = 3
    const each = 8
    await runChildren(processes, 'tests/support/objects-child.ts', [root, String(each)])
    const object = await createDirectoryObjects({ root }).get('counter')
    expect(object).toMatchObject({ bytes: expect.anything() })
    const count = typeof object === 'object' ? Number(Buffer.from(object.bytes).toString()) : Number.NaN
    expect(count).toBe(processes * each)
  })

  it('tells that an object has not changed, and sees each change, by whichever process', async () => {
    const root = `${temporaryFolder()}/objects`
    const objects = createDirectoryObjects({ root })
    const other = createDirectoryObjects({ root })
    const etags: string[] = []
    for (let i = 0; i < 5; i++) {
      const put = await other.put('a', Buffer.from(`text ${i}`))
      if (put === 'refused') throw new Error('nothing stands in the way')
      // Old enough to be remembered.
      utimesSync(`${root}/a`, 1_000_000, 1_000_000)
      for (const etag of etags) expect(await objects.get('a', { ifNoneMatch: etag })).toMatchObject({ etag: put.etag })
      etags.push(put.etag)
      for (let again = 0; again < 2; again++) {
        expect(await objects.get('a', { ifNoneMatch: put.etag })).toBe('not_modified')
      }
    }
    await other.delete('a')
    expect(await objects.get('a', { ifNoneMatch: etags.at(-1) ?? '' })).toBeUndefined()
  })

  it('leaves nothing but the objects and the lock', async () => {
    const root = `${temporaryFolder()}/objects`
    const objects = createDirectoryObjects({ root })
    await objects.put('a/b', Buffer.from('x'))
    await objects.put('a/b', Buffer.from('y'))
    await objects.put('c', Buffer.from('z'))
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(['+lock', 'a+', 'a+/b', 'c'])
  })

  it('does not list what a crash left beside the objects', async () => {
    const root = `${temporaryFolder()}/objects`
    const objects = createDirectoryObjects({ root })
    writeFileSync(`${root}/+0b6e9f4e-aside`, 'half a wri')
    expect(await Array.fromAsync(objects.list(''))).toEqual([])
  })

  it('is unavailable while the folder is gone, and there again with it', async () => {
    const root = `${temporaryFolder()}/objects`
    const objects = createDirectoryObjects({ root })
    rmSync(root, { recursive: true })
    await expect(objects.get('a')).rejects.toEqual(unavailable('objects_unavailable'))
    await expect(objects.put('a', Buffer.from('x'))).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(objects.delete('a')).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(Array.fromAsync(objects.list(''))).rejects.toEqual(unavailable('objects_unavailable'))
    mkdirSync(root)
    expect(await objects.put('a', Buffer.from('x'))).toHaveProperty('etag')
  })

  it('waits for another that has the lock', async () => {
    const root = `${temporaryFolder()}/objects`
    const objects = createDirectoryObjects({ root })
    const lock = openLock(`${root}/+lock`)
    expect(lock.tryAcquire()).toBe(true)
    let done = false
    const putting = objects.put('a', Buffer.from('x')).then(() => {
      done = true
    })
    for (let n = 0; n < 20; n++) await new Promise(setImmediate)
    expect(done).toBe(false)
    lock.close()
    await putting
    expect(done).toBe(true)
  })
})
