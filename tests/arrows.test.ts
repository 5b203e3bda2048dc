// The arrows between folders, as docs/architecture.md draws them: lint allows these imports and refuses all others.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folders = [
  'lib/base',
  'events',
  'lib/rules',
  'lib/patterns',
  'lib/promos',
  'lib/shop',
  'lib/ports',
  'lib/app',
  'lib/adapters',
  'functions',
  'lib/lambda',
  'lib/local',
  'lib/cli',
]

const allowed: Record<string, string[]> = {
  'lib/base': [],
  events: ['lib/base'],
  'lib/rules': ['lib/base'],
  'lib/patterns': ['lib/base'],
  'lib/promos': ['lib/base', 'lib/rules'],
  'lib/shop': ['lib/base', 'events'],
  'lib/ports': ['lib/base', 'events'],
  'lib/app': ['lib/base', 'events', 'lib/rules', 'lib/patterns', 'lib/promos', 'lib/shop', 'lib/ports'],
  'lib/adapters': ['lib/base', 'events', 'lib/patterns', 'lib/ports'],
  functions: ['lib/base', 'events', 'lib/app', 'lib/lambda'],
}

const pure = ['lib/base', 'events', 'lib/rules', 'lib/patterns', 'lib/promos', 'lib/shop']

const root = mkdtempSync(join(tmpdir(), 'kram-arrows-'))
afterAll(() => rmSync(root, { recursive: true }))

const put = (path: string, source: string): string => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), source)
  return path
}

/** Files in which Biome, with the project's rules, finds an error of these two rules. */
function refused(): Set<string> {
  const config = JSON.parse(readFileSync('biome.json', 'utf8'))
  writeFileSync(join(root, 'biome.json'), JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } }))
  let report: string
  try {
    report = execFileSync(
      join(process.cwd(), 'node_modules/.bin/biome'),
      ['lint', '--only=noRestrictedImports', '--only=noRestrictedGlobals', '--max-diagnostics=none', '--reporter=json'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], cwd: root },
    )
  } catch (error) {
    report = (error as { stdout: string }).stdout
  }
  const { diagnostics } = JSON.parse(report) as { diagnostics: { location: { path: string } }[] }
  return new Set(diagnostics.map(({ location }) => location.path))
}

test('lint refuses every import against the arrows, and what is not pure in pure folders', () => {
  const forbidden: string[] = []
  const fine: string[] = []
  for (const [folder, may] of Object.entries(allowed)) {
    for (const target of folders) {
      if (target === folder) continue
      const up = folder.includes('/') ? '../..' : '..'
      const path = put(
        `${folder}/to-${target.replace('/', '-')}.ts`,
        `import { x } from '${up}/${target}/x.ts'\nexport const y = x\n`,
      )
      ;(may.includes(target) ? fine : forbidden).push(path)
    }
    fine.push(put(`${folder}/own.ts`, `import { x } from './own-other.ts'\nexport const y = x\n`))
  }
  for (const folder of pure) {
    forbidden.push(put(`${folder}/node.ts`, `import { x } from 'node:fs'\nexport const y = x\n`))
    forbidden.push(put(`${folder}/sdk.ts`, `import { x } from '@aws-sdk/client-s3'\nexport const y = x\n`))
    forbidden.push(put(`${folder}/clock.ts`, 'export const y = Date.now()\n'))
    forbidden.push(put(`${folder}/process.ts`, 'export const y = process.env\n'))
  }
  forbidden.push(put('lib/app/sdk.ts', `import { x } from '@aws-sdk/client-s3'\nexport const y = x\n`))

  expect([...refused()].toSorted()).toEqual(forbidden.toSorted())
  expect(fine.length).toBeGreaterThan(20)
})
