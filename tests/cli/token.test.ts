import '../support/quiet.ts'
import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTokens } from '../../lib/lambda/tokens.ts'
import { temporaryFolder } from '../support/folder.ts'
import { kram } from '../support/kram.ts'
import { serveShop } from '../support/served-shop.ts'

const callerOf = (dataDir: string, token: string) =>
  createTokens({ keyPath: join(dataDir, 'token.key'), clock: { now: Date.now } }).verify(token)

describe('kram token', () => {
  test('makes a token that the shop of the same folder believes', async () => {
    const dataDir = temporaryFolder()
    const { code, stdout } = await kram(['token', '--role', 'marketer', '--subject', 'olena'], { dataDir })
    expect(code).toBe(0)
    expect(await callerOf(dataDir, stdout.trim())).toMatchObject({ subject: 'olena', roles: ['marketer'] })
    if (process.platform !== 'win32') expect(statSync(join(dataDir, 'token.key')).mode & 0o777).toBe(0o600)
  })
  test('lasts an hour unless told otherwise', async () => {
    const dataDir = temporaryFolder()
    const lasts = async (...args: string[]) => {
      const before = Date.now()
      const { stdout } = await kram(['token', '--json', ...args], { dataDir })
      const { token, expires, role } = JSON.parse(stdout)
      expect(role).toBe('shop')
      expect(JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).exp).toBe(Date.parse(expires) / 1_000)
      return Math.round((Date.parse(expires) - before) / 1_000 / 60)
    }
    expect(await lasts()).toBe(60)
    expect(await lasts('--ttl', '7d')).toBe(7 * 24 * 60)
  })
  test.each([
    ['a role that there is not', ['--role', 'king']],
    ['no duration', ['--ttl', 'soon']],
    ['a duration beyond what a token may last', ['--ttl', '31d']],
    ['a subject with a line break', ['--subject', 'a\nb']],
    ['an unknown option', ['--rolle', 'admin']],
    ['an argument too many', ['admin']],
  ])('is a wrong command line with %s: exit code 2, nothing on stdout', async (_, args) => {
    const { code, stdout, stderr } = await kram(['token', ...args], { dataDir: temporaryFolder() })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('error: ')
  })
  test('refuses a key that others can read', async () => {
    const dataDir = temporaryFolder()
    await kram(['token'], { dataDir })
    chmodSync(join(dataDir, 'token.key'), 0o644)
    const { code, stderr } = await kram(['token'], { dataDir })
    expect(code).toBe(1)
    expect(stderr).toContain('(token_key_exposed)')
  })
})

describe('kram token --admin-link', () => {
  test('makes a link that signs in once to the shop that runs', async () => {
    const dataDir = temporaryFolder()
    const shop = await serveShop({ dataDir })
    const args = ['token', '--admin-link', '--role', 'marketer', '--subject', 'olena', '--json']
    const { code, stdout } = await kram(args, { dataDir })
    expect(code).toBe(0)
    const { url, role, subject } = JSON.parse(stdout)
    expect([role, subject, url.startsWith(`${shop.url}/admin/login?token=`)]).toEqual(['marketer', 'olena', true])
    const first = await fetch(url, { redirect: 'manual' })
    expect([first.status, first.headers.get('location')]).toEqual([303, '/admin'])
    const cookie = String(first.headers.get('set-cookie')).split(';')[0] ?? ''
    const session = await fetch(`${shop.url}/admin/session`, { headers: { cookie } })
    expect(await session.json()).toMatchObject({ role: 'marketer', name: 'olena' })
    const again = await fetch(url, { redirect: 'manual' })
    expect(again.headers.get('location')).toContain('link_spent')
  })

  test.each([
    ['no shop that runs', [], 'no_shop_runs'],
    ['a role that the page is not for', ['--role', 'shop'], 'admin_link_role'],
    ['a time of its own', ['--ttl', '1h'], 'admin_link_ttl'],
  ])('says so with %s', async (_, args, expected) => {
    const { code, stdout, stderr } = await kram(['token', '--admin-link', ...args], { dataDir: temporaryFolder() })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`(${expected})`)
  })
})
