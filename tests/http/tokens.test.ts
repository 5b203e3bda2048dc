import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { roles } from '../../lib/lambda/roles.ts'
import { createTokens, type Tokens } from '../../lib/lambda/tokens.ts'

const start = 1_650_829_267_000
let now: number
let keyPath: string
let tokens: Tokens

beforeEach(() => {
  now = start
  keyPath = join(mkdtempSync(join(tmpdir(), 'kram-tokens-')), 'data', 'token.key')
  tokens = createTokens({ keyPath, clock: { now: () => now } })
})

const grant = { role: 'shop', subject: 'till-1', ttlSeconds: 60 } as const
const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

describe('the key', () => {
  test('is made on first use, for its owner alone', async () => {
    await tokens.sign(grant)
    expect(statSync(keyPath).mode & 0o777).toBe(0o600)
    expect(Buffer.from(readFileSync(keyPath, 'utf8'), 'base64url')).toHaveLength(32)
  })

  test('is shared by everybody who uses the file', async () => {
    const token = await tokens.sign(grant)
    const others = createTokens({ keyPath, clock: { now: () => now } })
    expect(await others.verify(token)).toMatchObject({ subject: 'till-1', roles: ['shop'] })
  })

  test('of another data folder does not verify', async () => {
    const others = createTokens({ keyPath: `${keyPath}.other`, clock: { now: () => now } })
    await expect(tokens.verify(await others.sign(grant))).rejects.toMatchObject({ code: 'token_invalid' })
  })

  test.skipIf(process.platform === 'win32')('that others may read is refused', async () => {
    await tokens.sign(grant)
    chmodSync(keyPath, 0o644)
    const others = createTokens({ keyPath, clock: { now: () => now } })
    await expect(others.sign(grant)).rejects.toMatchObject({ code: 'token_key_exposed' })
  })

  test('that is none is refused', async () => {
    await tokens.sign(grant)
    writeFileSync(keyPath, 'short')
    const others = createTokens({ keyPath, clock: { now: () => now } })
    await expect(others.verify(await tokens.sign(grant))).rejects.toMatchObject({ code: 'token_key_malformed' })
  })
})

describe('a token', () => {
  test.each(roles)('says who and as what: %s', async (role) => {
    const token = await tokens.sign({ ...grant, role })
    expect(await tokens.verify(token)).toEqual({ subject: 'till-1', roles: [role], untilSeconds: start / 1000 + 60 })
  })

  test('holds until its end and not a second longer', async () => {
    const token = await tokens.sign(grant)
    now = start + 59_000
    await expect(tokens.verify(token)).resolves.toBeDefined()
    now = start + 61_000
    await expect(tokens.verify(token)).rejects.toMatchObject({ kind: 'unauthorized', code: 'token_expired' })
  })

  test('that was checked before is remembered no longer than it holds, and not before it began', async () => {
    const token = await tokens.sign(grant)
    await tokens.verify(token)
    now = start + 59_999
    await expect(tokens.verify(token)).resolves.toBeDefined()
    now = start + 60_000
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token_expired' })
    now = start - 1_000
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token_invalid' })
  })

  test('is told apart from 1,000 others', async () => {
    const clock = { now: () => now }
    const all = await Promise.all(
      Array.from({ length: 1_001 }, (_, i) => tokens.sign({ ...grant, subject: `till-${i}` })),
    )
    const others = createTokens({ keyPath, clock })
    for (const [i, token] of all.entries()) expect((await others.verify(token)).subject).toBe(`till-${i}`)
    for (const [i, token] of all.entries()) expect((await others.verify(token)).subject).toBe(`till-${i}`)
  })

  test.each([0, -1, limits.tokenSeconds + 1, Number.NaN])('cannot last %d seconds', async (ttlSeconds) => {
    await expect(tokens.sign({ ...grant, ttlSeconds })).rejects.toMatchObject({ kind: 'invalid', code: 'token_ttl' })
  })

  test('whose signature is changed in any character does not verify', async () => {
    const token = await tokens.sign(grant)
    const signatureAt = token.lastIndexOf('.') + 1
    for (let at = signatureAt; at < token.length - 1; at++) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
      await expect(tokens.verify(changed)).rejects.toMatchObject({ code: 'token_invalid' })
    }
  })

  test('whose role is changed does not verify', async () => {
    const [header, payload, signature] = (await tokens.sign(grant)).split('.')
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString())
    const forged = [header, encode({ ...claims, role: 'admin' }), signature].join('.')
    await expect(tokens.verify(forged)).rejects.toMatchObject({ code: 'token_invalid' })
  })

  const claims = { iss: 'urn:kram:embedded', aud: 'urn:kram:api', sub: 'x', role: 'admin' }
  const times = { iat: start / 1000, exp: start / 1000 + 60 }

  test('without a signature (alg none) does not verify', async () => {
    await tokens.sign(grant)
    const none = `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ ...claims, ...times })}.`
    await expect(tokens.verify(none)).rejects.toMatchObject({ code: 'token_invalid' })
  })

  test.each([
    ['another algorithm', { alg: 'HS512', typ: 'JWT' }, { ...claims, ...times }],
    ['another type', { alg: 'HS256', typ: 'at+jwt' }, { ...claims, ...times }],
    ['another issuer', { alg: 'HS256', typ: 'JWT' }, { ...claims, ...times, iss: 'urn:other' }],
    ['another audience', { alg: 'HS256', typ: 'JWT' }, { ...claims, ...times, aud: 'urn:other' }],
    ['no subject', { alg: 'HS256', typ: 'JWT' }, { ...claims, ...times, sub: undefined }],
    ['an empty subject', { alg: 'HS256', typ: 'JWT' }, { ...claims, ...times, sub: '' }],
    ['no end', { alg: 'HS256', typ: 'JWT' }, { ...claims, iat: times.iat }],
    ['no beginning', { alg: 'HS256', typ: 'JWT' }, { ...claims, exp: times.exp }],
    ['a role that there is not', { alg: 'HS256', typ: 'JWT' }, { ...claims, ...times, role: 'root' }],
    ['no role', { alg: 'HS256', typ: 'JWT' }, { ...claims, ...times, role: undefined }],
    ['a longer life than any of ours', { alg: 'HS256', typ: 'JWT' }, { ...claims, iat: 1, exp: times.exp }],
  ])('with the right key but %s does not verify', async (_name, header, payload) => {
    await tokens.sign(grant)
    const key = Buffer.from(readFileSync(keyPath, 'utf8'), 'base64url')
    const present = JSON.parse(JSON.stringify(payload))
    const token = await new SignJWT(present).setProtectedHeader(header).sign(key)
    await expect(tokens.verify(token)).rejects.toMatchObject({ kind: 'unauthorized' })
  })

  test.each(['', '.', '..', 'a.b.c', 'x'.repeat(5_000)])('that is no token does not verify: %s', async (text) => {
    await tokens.sign(grant)
    await expect(tokens.verify(text)).rejects.toMatchObject({ code: 'token_invalid' })
  })
})
