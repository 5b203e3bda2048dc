// Signs and checks the bearer tokens of the embedded run: JWTs under one HS256 key that lies in the data folder and
// that only its owner may read. On AWS the API's JWT authorizer does this with the issuer's own keys.
import { randomBytes, type webcrypto } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errors, jwtVerify, SignJWT } from 'jose'
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import type { Clock } from '../ports/clock.ts'
import { type Caller, isRole, type Role } from './roles.ts'

export type Tokens = {
  /** A token for `subject` that ends after `ttlSeconds` (at most `limits.tokenSeconds`). */
  sign(grant: { role: Role; subject: string; ttlSeconds: number }): Promise<string>
  /** @throws KramError unauthorized: token_expired, token_invalid */
  verify(token: string): Promise<Caller>
}

// Pinned on both sides, so that no header of a token can choose another way to be checked (RFC 8725, 3.1).
const algorithm = 'HS256'
const issuer = 'urn:kram:embedded'
const audience = 'urn:kram:api'
const keyBytes = 32

/** Tokens that were checked lately are not checked again: that takes longer than everything else in a request. */
const rememberedTokens = 1_000

type Verified = { caller: Caller; fromSeconds: number; untilSeconds: number }

/**
 * `keyPath` is created with mode 600 when it is absent. The key is read at first use.
 * @throws KramError forbidden `token_key_exposed` when others may read the file
 */
export function createTokens({ keyPath, clock }: { keyPath: string; clock: Clock }): Tokens {
  let key: Promise<webcrypto.CryptoKey> | undefined
  const secret = (): Promise<webcrypto.CryptoKey> => {
    key ??= importKey(readKey(keyPath) ?? createKey(keyPath))
    return key
  }
  const verified = new Map<string, Verified>()
  return {
    async sign({ role, subject, ttlSeconds }) {
      if (!(ttlSeconds >= 1 && ttlSeconds <= limits.tokenSeconds)) {
        throw new KramError('invalid', 'token_ttl', `A token lasts 1 to ${limits.tokenSeconds} seconds.`)
      }
      const now = Math.floor(clock.now() / 1000)
      return await new SignJWT({ role })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt(now)
        .setExpirationTime(now + Math.floor(ttlSeconds))
        .sign(await secret())
    },
    async verify(token) {
      const now = clock.now()
      const known = verified.get(token)
      if (known && known.fromSeconds * 1000 <= now && now < known.untilSeconds * 1000) return known.caller
      const fresh = await check(token, await secret(), now)
      if (verified.size >= rememberedTokens) verified.delete(verified.keys().next().value ?? '')
      verified.set(token, fresh)
      return fresh.caller
    },
  }
}

async function check(token: string, key: webcrypto.CryptoKey, nowMs: number): Promise<Verified> {
  try {
    const { payload } = await jwtVerify<{ role: unknown }>(token, key, {
      algorithms: [algorithm],
      typ: 'JWT',
      issuer,
      audience,
      requiredClaims: ['sub', 'iat', 'exp', 'role'],
      maxTokenAge: limits.tokenSeconds,
      currentDate: new Date(nowMs),
    })
    const { sub, role, iat = 0, exp = 0 } = payload
    if (!isRole(role) || !sub) throw invalidToken()
    const untilSeconds = Math.min(exp, iat + limits.tokenSeconds)
    return { caller: { subject: sub, roles: [role] }, fromSeconds: iat, untilSeconds }
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw new KramError('unauthorized', 'token_expired', 'The token has expired: make another (kram token).')
    }
    throw invalidToken()
  }
}

const invalidToken = (): KramError => new KramError('unauthorized', 'token_invalid', 'The token is not one of ours.')

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
