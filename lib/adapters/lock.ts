// A lock between processes that a killed process gives back by itself: an exclusive transaction on a SQLite file, which
// is a lock of the operating system. No pid files that outlive their process.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { KramError } from '../base/errors.ts'
import { storeError } from './sqlite.ts'

export type Lock = {
  /** Takes the lock if nobody has it, here or in another process. */
  tryAcquire(): boolean
  release(): void
  /** Releases it and closes the file, which stays. */
  close(): void
}

/** @throws KramError unavailable when the file cannot be opened; its folder must be there */
export function openLock(path: string): Lock {
  const db = openFile(path)
  return {
    tryAcquire() {
      try {
        db.exec('BEGIN EXCLUSIVE')
        return true
      } catch (error) {
        const known = storeError(error, `The lock ${path}`)
        if (known instanceof KramError && known.code === 'store_locked') return false
        throw known
      }
    },
    release() {
      if (db.isTransaction) db.exec('ROLLBACK')
    },
    close() {
      if (db.isOpen) db.close()
    },
  }
}

function openFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 })
  } catch (error) {
    throw storeError(error, `The lock ${path}`)
  }
}

/**
 * Takes the lock at `path` and keeps it until `close`, or until the process ends however it ends.
 * @throws KramError conflict `shop_in_use` when another process (or another part of this one) has it
 */
export function acquireLock(path: string): Lock {
  mkdirSync(dirname(path), { recursive: true })
  const lock = openLock(path)
  try {
    if (lock.tryAcquire()) return lock
  } catch (error) {
    lock.close()
    throw error
  }
  lock.close()
  throw new KramError('conflict', 'shop_in_use', `Another process uses this shop (${path} is locked): stop it first.`)
}
