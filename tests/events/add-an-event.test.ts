// Follows docs/add-an-event.md to the letter in a copy of the project, and looks whether the event then works.
import { execFile } from 'node:child_process'
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'

const root = resolve(import.meta.dirname, '../..')
const execute = promisify(execFile)
const temporary = temporaryFolder()

/** What a step of the page does: write a whole file, change lines of one, or run a command. */
type Action =
  | { kind: 'write'; path: string; text: string }
  | { kind: 'change'; path: string; lines: string[] }
  | { kind: 'run'; command: string }

/** The actions of the page's sections whose heading matches. */
function actionsOf(page: string, heading: RegExp): Action[] {
  const sections = page.split(/^## /m).filter((section) => heading.test(section))
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

/** Calls the new function twice with the example in a file; prints who is called, and what is in the table. */
const proof = `
import { readFileSync } from 'node:fs'
import { handler } from './functions/on-customer-rates-product.ts'
import { createSqliteTable } from './lib/adapters/table/sqlite.ts'
import { provideDeps } from './lib/lambda/deps.ts'
import { silenceLogs } from './lib/lambda/log.ts'
import { readService } from './lib/local/service.ts'
import { compileRouter } from './lib/patterns/compile.ts'

const event = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const table = createSqliteTable({ path: ':memory:' })
provideDeps({ table })
silenceLogs()
await handler(event)
await handler(event)
const routed = compileRouter(readService('serverless.yml').subscriptions).route(event)
console.log(JSON.stringify({ routed, items: await table.get([{ pk: 'product#chleb_k_1', sk: 'rating' }]) }))
`
const example = 'events/examples/customer_rates_product.json'

function projectIn(folder: string) {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`
  const options = { cwd: folder, env: { ...process.env, PATH: path } }
  const run = (command: string, ...args: string[]) =>
    execute(command, args, options).catch((error: { stdout?: string; stderr?: string }) => {
      throw new Error(`${command} ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`)
    })
  const page = readFileSync(join(folder, 'docs/add-an-event.md'), 'utf8')
  writeFileSync(join(folder, 'proof.mts'), proof)
  return {
    /** Does what the sections say; answers which files were written or changed. */
    async follow(heading: RegExp): Promise<string[]> {
      const touched: string[] = []
      for (const action of actionsOf(page, heading)) {
        // The running shop is another test's business.
        if (action.kind === 'run' && action.command.startsWith('npm run -s kram')) continue
        if (action.kind === 'run') {
          await run('sh', '-c', action.command)
          continue
        }
        const file = join(folder, action.path)
        expect(existsSync(file), action.path).toBe(action.kind === 'change')
        writeFileSync(file, action.kind === 'write' ? action.text : changed(readFileSync(file, 'utf8'), action.lines))
        touched.push(action.path)
      }
      return touched
    },
    async check(): Promise<void> {
      await run('biome', 'check', 'events', 'functions')
      await run('tsc', '--noEmit')
      await run('vitest', 'run', 'tests/events/catalog.test.ts')
    },
    async handled(file: string): Promise<unknown> {
      const { stdout } = await run(process.execPath, '--disable-warning=ExperimentalWarning', 'proof.mts', file)
      return JSON.parse(stdout)
    },
    run,
  }
}

test('docs/add-an-event.md adds an event in four steps, and then a version', { timeout: 180_000 }, async () => {
  const folder = copyOfProject()
  const project = projectIn(folder)
  const [definition, entryPoint] = ['events/customer-rates-product.ts', 'functions/on-customer-rates-product.ts']
  expect(await project.follow(/^[1-4]\. /)).toEqual([definition, 'events/catalog.ts', entryPoint, 'serverless.yml'])
  await project.check()
  const rating = { pk: 'product#chleb_k_1', sk: 'rating', ratings: 1 }
  const routed = ['on-customer-rates-product']
  expect(await project.handled(example)).toEqual({ routed, items: [{ ...rating, stars: 5 }] })

  const old = 'example-of-version-1.json'
  cpSync(join(folder, example), join(folder, old))
  expect(await project.follow(/^One more version/)).toEqual([definition, entryPoint])
  await project.run('npm', 'run', 'events:examples')
  await project.check()
  expect(await project.handled(example)).toEqual({ routed, items: [{ ...rating, points: 9 }] })
  expect(await project.handled(old)).toEqual({ routed, items: [{ ...rating, points: 10 }] })
})
