// `kram promos publish|pause|rollback|list|history|diff`, beside a shop that runs and on its files.
import '../support/quiet.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { liveSetOf } from '../../lib/app/promos/live-set.ts'
import { personName } from '../../lib/local/person-name.ts'
import { temporaryFolder } from '../support/folder.ts'
import { kram } from '../support/kram.ts'
import { percentOff, saveUnderOtherRules, talk } from '../support/promos.ts'
import { serveShop } from '../support/served-shop.ts'

const why = ['--why', 'the autumn sale']
const patience = { timeout: 15_000, interval: 50 }

describe('with a shop that runs', () => {
  test('what is published, paused and rolled back is in force within seconds', async () => {
    const dataDir = temporaryFolder()
    const shop = await serveShop({ dataDir })
    const inForce = async () => {
      const { set } = await liveSetOf(shop.deps).current()
      return set.identities.map(({ id, version }) => `${id}@${version}`)
    }
    const file = join(dataDir, 'promos.json')
    writeFileSync(
      file,
      JSON.stringify([
        { id: 'a', ...percentOff(5) },
        { ...talk, id: 'b', state: 'draft' },
      ]),
    )
    const published = await kram(['promos', 'publish', file, ...why], { dataDir })
    expect(published).toEqual({ code: 0, stdout: 'a: version 1, live\nb: version 1, draft\n', stderr: '' })
    await expect.poll(inForce, patience).toEqual(['a@1'])

    expect((await kram(['promos', 'publish', file, ...why, '--as', 'live'], { dataDir })).stdout).toBe(
      'a: version 1, unchanged\nb: version 2, live\n',
    )
    await expect.poll(inForce, patience).toEqual(['a@1', 'b@2'])

    expect((await kram(['promos', 'pause', 'a', ...why], { dataDir })).stdout).toBe('a: version 2, draft\n')
    await expect.poll(inForce, patience).toEqual(['b@2'])

    const back = await kram(['promos', 'rollback', 'a', '--to', '1', ...why], { dataDir })
    expect(back.stdout).toBe('a: version 3, live, as version 1 was\n')
    await expect.poll(inForce, patience).toEqual(['a@3', 'b@2'])
    expect(shop.requests).toContain('PUT /promos/b')

    const listed = await kram(['promos', 'list', '--state', 'live', '--json'], { dataDir })
    expect(
      listed.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { id: 'a', version: 3, saved_by: personName(), reason: 'the autumn sale', rolled_back_to: 1 },
      { id: 'b', version: 2 },
    ])
    const history = await kram(['promos', 'history', 'a', '--json'], { dataDir })
    expect(
      history.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).version),
    ).toEqual([3, 2, 1])
    const diff = await kram(['promos', 'diff', 'a'], { dataDir })
    expect(diff.stdout).toBe('a: from version 2 to 3\n  State: draft → live\n')
  })

  test('who publishes over somebody else is told, and the others of the file are published', async () => {
    const dataDir = temporaryFolder()
    await serveShop({ dataDir })
    const stdin = JSON.stringify([
      { id: 'a', ...percentOff(5) },
      { id: 'bad', ...percentOff(150) },
      percentOff(5),
      { id: 'b', ...percentOff(5) },
    ])
    const first = await kram(['promos', 'publish', '-', ...why], { dataDir, stdin })
    expect(first).toMatchObject({ code: 1, stdout: 'a: version 1, live\nb: version 1, live\n' })
    expect(first.stderr).toMatch(/^kram: bad: .* \(invalid_promo\)\n {2}\/config\/actions\/0\/value: /)
    expect(first.stderr).toMatch(/^kram: promotion 3: The promotion has no id/m)
    const many = JSON.stringify({ id: 'c', ...percentOff(90) })
    const warned = await kram(['promos', 'publish', '-', ...why], { dataDir, stdin: many })
    expect(warned).toMatchObject({ code: 0, stdout: 'c: version 1, live\n' })
    expect(warned.stderr).toMatch(/^c: warning: \/actions and "a" can take 90.5 % off/)
    const config = JSON.stringify({ id: 'a', ...percentOff(6) })
    const late = await kram(['promos', 'publish', '-', '--expect', '0', ...why], { dataDir, stdin: config })
    expect(late).toMatchObject({ code: 1, stdout: '' })
    expect(late.stderr).toMatch(/^kram: a: .* is at version 1, saved by .* at .*\(promo_version_conflict\)/)
    expect(late.stderr).toContain(` saved by ${personName()} at `)
  })
})

test('without a shop everything is saved, and waits for one', async () => {
  const dataDir = temporaryFolder()
  const stdin = JSON.stringify(percentOff(5))
  const published = await kram(['promos', 'publish', '-', '--id', 'a', ...why], { dataDir, stdin })
  expect(published).toMatchObject({ code: 0, stdout: 'a: version 1, live\n' })
  expect(published.stderr).toContain('No shop runs here')
  expect((await kram(['promos', 'list'], { dataDir })).stdout).toBe('a  version 1, live\n')
  const shop = await serveShop({ dataDir })
  await expect.poll(async () => (await liveSetOf(shop.deps).current()).set.number, patience).toBe(1)
})

test.each([
  ['a promotion that is not there', ['pause', 'x', ...why], '', 'unknown_promo'],
  ['a version that is not there', ['diff', 'a', '1', '999999'], '', 'unknown_promo_version'],
  [
    'a version that nobody could have seen',
    ['rollback', 'a', '--to', '1', '--expect', '999998', ...why],
    '',
    'promo_version_conflict',
  ],
  ['no id', ['publish', '-', ...why], '{"actions": []}', 'invalid_promo'],
  ['one id for several', ['publish', '-', '--id', 'a', ...why], '[{}, {}]', 'invalid_promo'],
  ['no JSON', ['publish', '-', ...why], '{', 'json_malformed'],
  ['no config', ['publish', '-', ...why], '7', 'invalid_promo'],
  ['an empty list', ['publish', '-', ...why], '[]', 'invalid_promo'],
  ['a file that is not there', ['publish', 'none.json', ...why], '', 'file_unreadable'],
  ['a folder', ['publish', '.', ...why], '', 'file_unreadable'],
])('fails with a sentence: %s', async (_name, args, stdin, code) => {
  const dataDir = temporaryFolder()
  const config = JSON.stringify({ id: 'a', ...percentOff(5) })
  await kram(['promos', 'publish', '-', ...why], { dataDir, stdin: config })
  const ended = await kram(['promos', ...args], { dataDir, stdin })
  expect(ended).toMatchObject({ code: 1, stdout: '' })
  expect(ended.stderr).toMatch(new RegExp(`^kram: .* \\(${code}\\)`))
  expect(ended.stderr).not.toContain('No shop runs here')
})

test('what was saved under other rules is listed with what is wrong, and can be paused', async () => {
  const dataDir = temporaryFolder()
  await kram(['promos', 'publish', '-', ...why], { dataDir, stdin: JSON.stringify({ id: 'a', ...percentOff(5) }) })
  const table = createSqliteTable({ path: join(dataDir, 'table.sqlite') })
  await saveUnderOtherRules({ table }, 'old')
  table.close()
  const { stdout } = await kram(['promos', 'list', '--lang', 'en'], { dataDir })
  expect(stdout.split('\n')).toEqual([
    'a  version 1, live',
    '   5% off all goods.',
    'old  version 1, live: Of old',
    '   applies to nobody until it is mended and published again: rules have changed since it was saved',
    expect.stringMatching(/^ {3}\/actions\/0\/type must be a kind of action: /),
    '',
  ])
  expect((await kram(['promos', 'list', '--json'], { dataDir })).stdout).toContain('"faults":[{')
  expect((await kram(['promos', 'pause', 'old', ...why], { dataDir })).stdout).toBe('old: version 2, draft\n')
})

test('a dry run refuses what publishing would refuse', async () => {
  const dataDir = temporaryFolder()
  await kram(['make', 'products', '--via', 'table'], { dataDir })
  const stdin = JSON.stringify([
    { id: 'a', ...percentOff(150) },
    { id: 'b', ...percentOff(5) },
  ])
  const ended = await kram(['promos', 'publish', '-', ...why, '--dry-run'], { dataDir, stdin })
  expect(ended.code).toBe(1)
  expect(ended.stdout).toMatch(/^b: would be version 1\n/)
  expect(ended.stderr).toMatch(
    /^kram: a: It would not be saved\. \(invalid_promo\)\n {2}\/actions\/0\/value: must be at most 100/,
  )
  expect((await kram(['promos', 'list'], { dataDir })).stdout).toBe('')
})

test('what is paused already stays as it is', async () => {
  const dataDir = temporaryFolder()
  await kram(['promos', 'publish', '-', ...why], { dataDir, stdin: JSON.stringify({ id: 'a', ...percentOff(5) }) })
  await kram(['promos', 'pause', 'a', ...why], { dataDir })
  const again = await kram(['promos', 'pause', 'a', ...why], { dataDir })
  expect(again).toEqual({ code: 0, stdout: 'a: version 2, unchanged\n', stderr: '' })
})

test('of several files each is checked, also after one that is no good, and a byte order mark is no part of it', async () => {
  const folder = temporaryFolder()
  const fileOf = (name: string, text: string | Uint8Array): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const [broken, marked] = [fileOf('broken', '{'), fileOf('marked', `\uFEFF${JSON.stringify(percentOff(5))}\r\n`)]
  const { code, stdout } = await kram(['promos', 'validate', broken, join(folder, 'none'), marked], { dataDir: folder })
  expect(code).toBe(1)
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(answers).toMatchObject([
    { file: broken, error: { code: 'json_malformed', pointer: '' } },
    { file: join(folder, 'none'), error: { code: 'file_unreadable' } },
    { file: marked, valid: true },
  ])
  const published = await kram(['promos', 'publish', marked, '--id', 'm', ...why], { dataDir: folder })
  expect(published).toMatchObject({ code: 0, stdout: 'm: version 1, live\n' })
  const named = await kram(['promos', 'publish', broken, ...why], { dataDir: folder })
  expect(named.stderr).toMatch(`kram: ${broken} is not JSON`)
  const windows = fileOf('windows', Buffer.from(JSON.stringify(percentOff(5, { title: '\u00d8' })), 'latin1'))
  const refused = await kram(['promos', 'publish', windows, '--id', 'w', ...why], { dataDir: folder })
  expect(refused).toEqual({
    code: 1,
    stdout: '',
    stderr: `kram: ${windows} must be UTF-8 (body_not_utf8)\n  /: must be UTF-8\n`,
  })
})

test.each([
  ['no reason', ['pause', 'a']],
  ['an empty reason', ['pause', 'a', '--why', ' ']],
  ['no version to roll back to', ['rollback', 'a', ...why]],
  ['a state that is none', ['publish', 'x.json', '--as', 'gone', ...why]],
])('is a wrong command line: %s', async (_name, args) => {
  expect((await kram(['promos', ...args], { dataDir: temporaryFolder() })).code).toBe(2)
})
