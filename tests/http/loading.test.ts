// Which modules a function brings with it: each backend loads its own and not the other's, and no more than it needs.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { functionNameOf } from '../../lib/lambda/route.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** URLs of all modules that a fresh process has loaded after `code`, which may import from the project's root. */
function modulesAfter(code: string, env: Record<string, string> = {}): string[] {
  // What functions log is not wanted: the answer alone goes to stdout.
  const script = `
    const { writeSync } = await import('node:fs')
    process.stdout.write = () => true
    ${code}
    writeSync(1, JSON.stringify(globalThis.loadedModules))`
  const options = ['--import', './tests/support/record-modules.mjs', '--input-type=module', '--eval', script]
  const { NODE_OPTIONS: _, ...inherited } = process.env
  return JSON.parse(
    execFileSync(process.execPath, options, { cwd: root, encoding: 'utf8', env: { ...inherited, ...env } }),
  )
}

const sdk = (url: string): boolean => /node_modules\/@(?:aws-sdk|smithy)\//.test(url)
const clients = (urls: string[]): string[] => [
  ...new Set(urls.map((url) => /@aws-sdk\/(client-[a-z0-9-]+)\//.exec(url)?.[1] ?? '').filter(Boolean)),
]

test('the embedded run loads no SDK, whatever is called', () => {
  const names = JSON.stringify(allRoutes.map(functionNameOf))
  const loaded = modulesAfter(`
    for (const name of ${names}) await (await import('./functions/' + name + '.ts')).handler({})
    for (const part of ['authenticate', 'settings', 'clock']) await (await import('./lib/lambda/deps.ts')).deps([part])`)
  expect(loaded.some((url) => url.endsWith('/lib/lambda/tokens.ts'))).toBe(true)
  expect(loaded.filter(sdk)).toEqual([])
})

describe('on AWS', () => {
  const jwt = { KRAM_JWT_ISSUER: 'https://issuer.example', KRAM_JWT_AUDIENCE: 'kram' }
  const env = {
    KRAM_BACKEND: 'aws',
    KRAM_TABLE: 't',
    KRAM_BUCKET: 'b',
    KRAM_BUS: 'kram',
    AWS_REGION: 'eu-central-1',
    ...jwt,
  }

  test.each([
    ['table', ['client-dynamodb']],
    ['objects', ['client-s3']],
    ['authenticate', []],
  ])('%s brings its own client and no other, and nothing of the embedded run', (part, expected) => {
    const loaded = modulesAfter(`await (await import('./lib/lambda/deps.ts')).deps(['${part}'])`, env)
    expect(clients(loaded)).toEqual(expected)
    expect(loaded.filter((url) => /node:sqlite|adapters\/.*sqlite|tokens\.ts|sessions\.ts|embedded/.test(url))).toEqual(
      [],
    )
  })

  test('a variable that the template forgot is named', () => {
    const code = `
      const { deps } = await import('./lib/lambda/deps.ts')
      await deps(['table']).then(() => process.exit(1), ({ code, message }) => message.includes('KRAM_TABLE') || process.exit(2))`
    expect(() => modulesAfter(code, { ...env, KRAM_TABLE: '' })).not.toThrow()
  })
})
