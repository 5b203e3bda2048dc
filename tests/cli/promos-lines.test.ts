// `kram promos evaluate|explain|hints|validate|schema`: lines in, lines out, and no shop anywhere.
import '../support/quiet.ts'
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { temporaryFolder } from '../support/folder.ts'
import { bin, kram } from '../support/kram.ts'
import { talkConfig as talk } from '../support/promos.ts'

const dataDir = temporaryFolder()
// That of util-linux; others take other options.
const withoutScript = spawnSync('script', ['--version']).status !== 0
const run = (args: string[], stdin: string | Uint8Array = '') => kram(['promos', ...args], { dataDir, stdin })
const parsed = (stdout: string): unknown[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const shorts = {
  id: 'l1',
  sku: 'shorts',
  price_minor: 25_000,
  quantity: 2,
  attributes: { brand: 'Puma', kind: 'Shorts' },
}
const order = {
  currency: 'UAH',
  lines: [shorts],
  delivery: { method: 'novaposhta', price_minor: 5_000 },
  payment: { method: 'card' },
}
const now = '2022-08-24T10:00:00Z'
const line = (input: object): string => `${JSON.stringify(input)}\n`
const good = { promos: [talk], order, now }

describe('evaluate', () => {
  test('answers each line with the allocation', async () => {
    const without = { ...good, order: { ...order, payment: { method: 'cash' } } }
    const ended = await run(['evaluate'], line(good) + line(without))
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const [first, second] = parsed(ended.stdout)
    expect(Object.keys(first as object)).toEqual([
      ...['lines', 'items_minor', 'discount_minor', 'delivery_minor', 'cashback_minor', 'bonus_minor', 'total_minor'],
      ...['applied', 'refused', 'hints', 'valid_until', 'promos_version'],
    ])
    expect(first).toMatchObject({ items_minor: 50_000, cashback_minor: 6_500, total_minor: 55_000 })
    expect(second).toMatchObject({ cashback_minor: 0, refused: [{ promo: 'promo-0', reason: 'conditions' }] })
  })

  test('a bad line is answered with its fault, the next is read, and the exit code is 1', async () => {
    const lines = [
      line(good),
      '{"promos": [\n',
      line({ ...good, promos: [talk, { ...talk, actions: [{ type: 'cashback', value: 130 }] }] }),
      line({ ...good, order: { ...order, lines: [{ ...shorts, quantity: 0 }] } }),
      line({ ...good, colour: 'red' }),
      '"text"\n',
      line({ ...good, now: 'tomorrow' }),
      line(good),
    ]
    const ended = await run(['evaluate'], lines.join(''))
    expect(ended.code).toBe(1)
    const answers = parsed(ended.stdout)
    expect(answers).toHaveLength(lines.length)
    expect(answers.at(-1)).toEqual(answers[0])
    const faults = answers.slice(1, -1).map((answer) => (answer as { error: Record<string, string> }).error)
    for (const fault of faults) expect(Object.keys(fault)).toEqual(['code', 'pointer', 'message'])
    expect(faults.map(({ code, pointer }) => [code, pointer])).toEqual([
      ['json_malformed', ''],
      ['invalid_promo', '/promos/1/actions/0/value'],
      ['invalid_input', '/order/lines/0/quantity'],
      ['invalid_input', '/colour'],
      ['invalid_input', ''],
      ['invalid_input', '/now'],
    ])
  })

  test('a line that is too long is answered so, and the next is read; nothing else ends a line or is one', async () => {
    const lines = [
      `\uFEFF${line(good)}`,
      `{"x": "${'a'.repeat(limits.lineChars)}"}\n`,
      `\n  \r\n${line(good).replace('\n', '\r\n')}`,
      `[${'['.repeat(limits.lineChars)}`,
    ]
    const ended = await run(['evaluate'], lines.join(''))
    const [first, second, third, fourth, ...rest] = parsed(ended.stdout)
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    expect(first).toMatchObject({ total_minor: 55_000 })
    const message = `A line may have at most ${limits.lineChars} characters.`
    expect(second).toEqual({ error: { code: 'line_too_long', pointer: '', message } })
    expect(third).toEqual(first)
    expect([fourth, rest]).toEqual([second, []])
  })

  test('a line that is no UTF-8 is answered so: nothing is made of what somebody did not write', async () => {
    // As Windows writes Cyrillic, and as its PowerShell writes anything.
    const cyrillic = Buffer.from(line(good).replace('"shorts"', '"\u00d8"'), 'latin1')
    const ended = await run(['evaluate'], Buffer.concat([Buffer.from(line(good)), cyrillic, Buffer.from(line(good))]))
    const [first, second, third] = parsed(ended.stdout)
    expect(ended.code).toBe(1)
    expect(second).toEqual({ error: { code: 'body_not_utf8', pointer: '', message: 'must be UTF-8' } })
    expect(third).toEqual(first)
    expect((await run(['evaluate'], Buffer.from(`\uFEFF${line(good)}`, 'utf16le'))).stdout).toContain('body_not_utf8')
  })

  test('a byte order mark alone is a blank line', async () => {
    expect(await run(['evaluate'], '\uFEFF\r\n\n')).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('knows what was redeemed, and who tests', async () => {
    const spent = { ...good, promos: [{ ...talk, id: 'p', limits: { uses: 5 } }], usage: { p: { uses: 5 } } }
    const tested = { ...good, promos: [{ ...talk, state: 'test' }] }
    const ended = await run(['evaluate'], line(spent) + line(tested) + line({ ...tested, tester: true }))
    expect(parsed(ended.stdout)).toMatchObject([
      { cashback_minor: 0, refused: [{ promo: 'p' }] },
      { cashback_minor: 0, refused: [], hints: [] },
      { cashback_minor: 6_500 },
    ])
  })

  test('--time-zone is of days, --lang of hints', async () => {
    const late = { ...good, now: '2022-08-25T21:30:00Z' }
    expect(parsed((await run(['evaluate'], line(late))).stdout)).toMatchObject([{ cashback_minor: 0 }])
    const utc = await run(['evaluate', '--time-zone', 'UTC'], line(late))
    expect(parsed(utc.stdout)).toMatchObject([{ cashback_minor: 6_500 }])
    const fewer = { ...good, order: { ...order, lines: [{ ...shorts, quantity: 1 }] } }
    const polish = await run(['evaluate', '--lang', 'pl'], line(fewer))
    expect(polish.stdout).toMatch(/Dodaj produkty Puma Shorts za jeszcze 250\s₴, a otrzymasz zwrot 13%/)
  })

  test.each([
    ['--time-zone', 'Mars'],
    ['--lang', 'de'],
  ])('%s %s is a wrong command line', async (...args) => {
    expect((await run(['evaluate', ...args])).code).toBe(2)
  })

  test.skipIf(!existsSync('/dev/full'))('says in one line that its answer cannot be written', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [bin, 'promos', 'evaluate'], {
      input: line(good),
      stdio: ['pipe', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^kram: The answer cannot be written: ENOSPC.*\n$/)])
  })

  test.skipIf(withoutScript)('tells who sits at a terminal that it waits, and not among the answers', () => {
    const said = ['evaluate', 'validate'].map((command) => {
      const words = [process.execPath, bin, 'promos', command].join(' ')
      const options = { input: '\x04', encoding: 'utf8' } as const
      return spawnSync('script', ['-qec', `${words} > ${join(dataDir, 'answers')}`, '/dev/null'], options).stdout
    })
    for (const text of said) expect(text).toContain('Reading from the terminal; Ctrl-D on a line of its own ends.')
    expect(readFileSync(join(dataDir, 'answers'), 'utf8')).toBe('')
  })

  test('of no lines answers none', async () => {
    expect(await run(['evaluate'])).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

test('explain tells of each promotion every condition, met or not', async () => {
  const other = { id: 'other', order_filters: [{ type: 'channel', value: 'app' }], actions: talk.actions }
  const ended = await run(['explain'], `${line({ ...good, promos: [talk, other] })}x\n`)
  expect(ended.code).toBe(1)
  const [explained, fault] = parsed(ended.stdout)
  expect(explained).toMatchObject({
    promos: [
      {
        promo: 'other',
        verdict: 'refused',
        conditions: [{ type: 'channel', met: false, wanted: 'app', actual: null }],
      },
      {
        promo: 'promo-0',
        verdict: 'applied',
        cashback_minor: 6_500,
        conditions: [
          { type: 'window', met: true },
          { type: 'product_filters', met: true, actual: ['l1'] },
          { type: 'selected_delivery', met: true },
          { type: 'selected_payment', met: true },
          { type: 'total_value', met: true, wanted: 50_000, actual: 50_000 },
        ],
        lines: [{ line: 'l1', entries: [{ kind: 'cashback', amount_minor: 6_500 }] }],
      },
    ],
  })
  expect(fault).toMatchObject({ error: { code: 'json_malformed' } })
})

test('hints answers for a cart and for a product page', async () => {
  const fewer = { ...good, order: { ...order, lines: [{ ...shorts, quantity: 1 }] } }
  const { id: _, quantity: __, ...goods } = shorts
  const page = { promos: [talk], product: { currency: 'UAH', ...goods }, now }
  const ended = await run(['hints'], line(fewer) + line(page) + line({ ...page, product: {} }))
  expect(ended.code).toBe(1)
  expect(parsed(ended.stdout)).toMatchObject([
    {
      hints: [{ promo: 'promo-0', missing: [{ kind: 'sum', missing_minor: 25_000 }] }],
      valid_until: '2022-08-25T21:00:00.000Z',
    },
    { active: [], hints: [{ missing: [{ kind: 'delivery' }, { kind: 'payment' }, { kind: 'sum' }] }] },
    { error: { code: 'invalid_input', pointer: expect.stringMatching(/^\/product\//) } },
  ])
})

describe('validate', () => {
  const half = { id: 'half', actions: [{ type: 'percent_off', value: 50 }] }
  const bad = { id: 'bad', start: '2022-08-25', finish: '2022-08-24', actions: half.actions }

  test('reads a config, a list, or promos with usage, one a line', async () => {
    const used = { promos: [{ ...half, limits: { uses: 5 } }], usage: { half: { uses: 6 } } }
    const ended = await run(['validate'], line(talk) + line([half, bad]) + line(used))
    expect(ended.code).toBe(1)
    expect(parsed(ended.stdout)).toMatchObject([
      { valid: true, promos: [{ id: 'promo-0', errors: [], warnings: [] }] },
      {
        valid: false,
        promos: [
          { id: 'half', errors: [] },
          { id: 'bad', errors: [{ pointer: '/finish', message: expect.stringContaining('never opens') }] },
        ],
      },
      { valid: false, promos: [{ errors: [{ pointer: '/limits/uses' }] }] },
    ])
  })

  test('reads files, and warns without refusing', async () => {
    const file = join(dataDir, 'sale.json')
    writeFileSync(file, JSON.stringify([half, { ...half, id: 'more' }]))
    const ended = await run(['validate', file])
    expect(ended.code).toBe(0)
    expect(parsed(ended.stdout)).toMatchObject([
      {
        file,
        valid: true,
        promos: [{ warnings: [{ code: 'adds_up', other: 'more' }] }, { warnings: [{ other: 'half' }] }],
      },
    ])
    const calm = await run(['validate', file, '--most-percent', '75'])
    expect(calm.stdout).not.toContain('adds_up')
    const none = await run(['validate', join(dataDir, 'none.json')])
    expect(none).toMatchObject({ code: 1, stdout: expect.stringContaining('cannot be read') })
  })
})

test('schema prints a JSON Schema that the talk’s config passes and a slip does not', async () => {
  const { code, stdout } = await run(['schema'])
  expect(code).toBe(0)
  const valid = new Ajv2020({ strict: false }).compile(JSON.parse(stdout))
  expect(valid(talk)).toBe(true)
  expect(valid({ ...talk, finnish: '2022-08-25' })).toBe(false)
})

test('docs/promos.md names each of them', () => {
  const page = readFileSync(new URL('../../docs/promos.md', import.meta.url), 'utf8')
  for (const name of ['evaluate', 'explain', 'hints', 'validate', 'schema'])
    expect(page).toContain(`kram promos ${name}`)
})
