// The one key of the embedded run, in a file of the data folder that only its owner may read.
import { randomBytes, type webcrypto } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { KramError } from '../base/errors.ts'

const keyBytes = 32

export type SigningKey = () => Promise<webcrypto.CryptoKey>

/**
 * The key of `path`, read at first use; the file is created with mode 600 when it is absent.
 * @throws KramError forbidden `token_key_exposed` when others may read the file; invalid `token_key_malformed`
 */
export function signingKey(path: string): SigningKey {
  let key: Promise<webcrypto.CryptoKey> | undefined
  return () => {
    key ??= importKey(readKey(path) ?? createKey(path))
    return key
  }
}

const importKey = (bytes: Uint8Array<ArrayBuffer>): Promise<webcrypto.CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])

function readKey(path: string): Uint8Array<ArrayBuffer> | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  // As ssh does: a key that others can read is no secret. (Windows has no such modes.)
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new KramError('forbidden', 'token_key_exposed', `Others may read ${path}: remove it, and a new one is made.`)
  }
  const key = Buffer.from(text.trim(), 'base64url')
  if (key.length !== keyBytes) {
    throw new KramError(
      'invalid',
      'token_key_malformed',
      `${path} holds no key of ours: remove it, and a new one is made.`,
    )
  }
  return key
}

// Written whole under another name, then linked: of two processes that create it at once, both use the winner's.
function createKey(path: string): Uint8Array<ArrayBuffer> {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, randomBytes(keyBytes).toString('base64url'), { mode: 0o600, flag: 'wx' })
  chmodSync(draft, 0o600)
  try {
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  const key = readKey(path)
  if (!key) throw new KramError('unavailable', 'token_key_missing', `${path} was removed while it was being made.`)
  return key
}
