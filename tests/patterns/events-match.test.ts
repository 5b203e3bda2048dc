// `kram events match`, as a process: a line in, an answer out.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'

const start = () =>
  spawn(process.execPath, ['lib/cli/main.ts', 'events', 'match'], { stdio: ['pipe', 'pipe', 'inherit'] })

async function answersTo(input: string): Promise<{ lines: unknown[]; code: number | null }> {
  const child = start()
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  child.stdin.end(input)
  const text = (await child.stdout.toArray()).join('')
  return {
    lines: text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown),
    code: await exit,
  }
}

const line = (pattern: unknown, event: unknown): string => `${JSON.stringify({ pattern, event })}\n`

describe('kram events match', () => {
  test('answers each line and goes on after one that is wrong', async () => {
    const { lines, code } = await answersTo(
      [
        line({ a: [1] }, { a: 1 }),
        line({ a: [1] }, { a: 2 }),
        'this is no JSON\n',
        '\n',
        '[]\n',
        '{"pattern":{"a":[1]}}\n',
        line({ a: [] }, {}),
        line({ a: [1] }, [1]),
        line({ a: ['x\u2028y'] }, { a: 'x\u2028y' }),
        '{"pattern":{"__proto__":[1]},"event":{"__proto__":1}}\r\n',
        line({ detail: { n: [{ numeric: ['!=', 1] }] } }, {}).trimEnd(),
      ].join(''),
    )
    expect(lines).toEqual([
      true,
      false,
      { error: { code: 'json_malformed', pointer: '', message: expect.any(String) } },
      { error: { code: 'invalid_input', pointer: '', message: expect.any(String) } },
      { error: { code: 'invalid_input', pointer: '', message: expect.any(String) } },
      { invalid: 'Empty arrays are not allowed at /a' },
      { error: { code: 'invalid_event', pointer: '', message: 'Event must be a JSON object' } },
      true,
      true,
      { invalid: 'Unrecognized numeric range operator: != at /detail/n/0' },
    ])
    expect(code).toBe(1)
  })

  test('compares numbers as they are written when a binary64 cannot keep them', async () => {
    const pairs = [
      ['300', '3e2', true],
      ['300', '300.0', true],
      ['9007199254740993', '9007199254740992', false],
      ['9007199254740993', '9007199254740993', true],
      ['{"anything-but":5}', '9007199254740993', true],
      ['{"numeric":[">",0]}', '9007199254740993', false],
      ['{"exists":true}', '1e999', true],
    ] as const
    const { lines, code } = await answersTo(
      pairs.map(([wanted, actual]) => `{"pattern":{"a":[${wanted}]},"event":{"a":${actual}}}\n`).join(''),
    )
    expect(lines).toEqual(pairs.map(([, , expected]) => expected))
    expect(code).toBe(0)
    const refused = await answersTo('{"pattern":{"a":[{"numeric":["=",1e999]}]},"event":{}}')
    expect(refused.lines).toEqual([{ invalid: 'Cannot compare number : 1e999 at /a/0' }])
  })

  test('answers a line before the next one is written', async () => {
    const child = start()
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    for (const expected of [true, false, true]) {
      child.stdin.write(line({ a: [true] }, { a: expected }))
      expect((await answers.next()).value).toBe(String(expected))
    }
    child.stdin.end()
    expect((await answers.next()).done).toBe(true)
  })
})
