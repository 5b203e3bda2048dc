// Follows docs/add-an-event.md to the letter in a copy of the project, and looks whether the event then works.
import { execFile } from 'node:child_process'
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'

const root = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)
const temporary = temporaryFolder()

/** What a step of the page does: write a whole file, change lines of one, or run a command. */
type Action =
  | { kind: 'write'; path: string; text: string }
  | { kind: 'change'; path: string; lines: string[] }
  | { kind: 'run'; command: string }

/** The actions of the page's four numbered sections. */
function actionsOf(page: string): Action[] {
  const sections = page.split(/^## /m).filter((section) => /^[1-4]\. /.test(section))
  expect(sections).toHaveLength(4)
  const blocks = sections.flatMap((text) => [...text.matchAll(/(?:^`([^`\n]+)`\n\n)?^```(\w+)\n(.*?)^```$/gms)])
  return blocks.flatMap(([, path, language, text = '']): Action[] => {
    if (path && language === 'diff') return [{ kind: 'change', path, lines: text.trimEnd().split('\n') }]
    if (path) return [{ kind: 'write', path, text }]
    const commands = text.trim().split('\n')
    return commands.map((command) => ({ kind: 'run', command }))
  })
}

/** A diff without line numbers: a line that stays is looked for from the last place on, changes are made right there. */
function changed(text: string, diff: readonly string[]): string {
  const lines = text.split('\n')
  let at = 0
  for (const line of diff) {
    const [sign, rest] = [line[0], line.slice(1)]
    if (sign === '+') {
      lines.splice(at++, 0, rest)
      continue
    }
    const found = lines.indexOf(rest, at)
    expect(found, `the page expects the line "${rest}"`).toBeGreaterThanOrEqual(0)
    if (sign === '-') lines.splice(found, 1)
    at = sign === '-' ? found : found + 1
  }
  return lines.join('\n')
}

const notCopied = new Set(['node_modules', '.git', '.kram', '.build', '.serverless', 'dist', 'coverage', 'reports'])

function copyOfProject(): string {
  const folder = join(temporary, 'kram')
  cpSync(root, folder, { recursive: true, filter: (path) => !notCopied.has(basename(path)) })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** Calls the new function with the new example, twice; prints who is called, and what is in the table. */
const proof = `
import { readFileSync } from 'node:fs'
import { handler } from './functions/on-customer-rates-product.ts'
import { createSqliteTable } from './lib/adapters/table/sqlite.ts'
import { provideDeps } from './lib/lambda/deps.ts'
import { readService } from './lib/local/service.ts'
import { compileRouter } from './lib/patterns/compile.ts'

const event = JSON.parse(readFileSync('events/examples/customer_rates_product.json', 'utf8'))
const table = createSqliteTable({ path: ':memory:' })
provideDeps({ table })
await handler(event)
await handler(event)
const routed = compileRouter(readService('serverless.yml').subscriptions).route(event)
console.log(JSON.stringify({ routed, items: await table.get([{ pk: 'product#chleb_k_1', sk: 'rating' }]) }))
`

test('docs/add-an-event.md adds an event in four steps', { timeout: 180_000 }, async () => {
  const folder = copyOfProject()
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`
  const options = { cwd: folder, env: { ...process.env, PATH: path, POWERTOOLS_LOG_LEVEL: 'SILENT' } }
  const touched: string[] = []
  for (const action of actionsOf(readFileSync(join(folder, 'docs/add-an-event.md'), 'utf8'))) {
    if (action.kind === 'run') {
      // The shop itself is another test's business.
      if (!action.command.startsWith('npm run -s kram')) await run('sh', ['-c', action.command], options)
      continue
    }
    const file = join(folder, action.path)
    expect(existsSync(file), action.path).toBe(action.kind === 'change')
    const text = action.kind === 'write' ? action.text : changed(readFileSync(file, 'utf8'), action.lines)
    writeFileSync(file, text)
    touched.push(action.path)
  }
  expect(touched).toEqual([
    'events/customer-rates-product.ts',
    'events/catalog.ts',
    'functions/on-customer-rates-product.ts',
    'serverless.yml',
  ])

  await run('biome', ['check', 'events', 'functions'], options)
  await run('tsc', ['--noEmit'], options)
  await run('vitest', ['run', 'tests/events/catalog.test.ts'], options)
  writeFileSync(join(folder, 'proof.mts'), proof)
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'proof.mts'], options)
  expect(JSON.parse(stdout)).toEqual({
    routed: ['on-customer-rates-product'],
    items: [{ pk: 'product#chleb_k_1', sk: 'rating', stars: 5, ratings: 1 }],
  })
})
