// The lists that must agree: functions with serverless.yml, the catalog with the rule for unknown events, the README's
// commands with package.json, the lock file with what any registry may serve.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { catalog } from '../../events/catalog.ts'
import { functionNameOf } from '../../lib/lambda/route.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'
import { readService } from '../../lib/local/service.ts'

const service = readService('serverless.yml')
const read = (path: string): string => readFileSync(path, 'utf8')

test('every file of functions/ is a function of serverless.yml, and the other way round', () => {
  const files = readdirSync('functions').map((file) => file.replace(/\.ts$/, ''))
  expect(files.toSorted()).toEqual(service.functionNames.toSorted())
})

test('serverless.yml has the routes of the API, each with its function, and lets in without a token only the public', () => {
  const declared = allRoutes.map((route) => ({
    ...{ method: route.method, path: route.path, functionName: functionNameOf(route) },
    public: route.roles === 'public',
  }))
  const byName = (a: { functionName: string; path: string }, b: { functionName: string; path: string }) =>
    a.functionName < b.functionName || (a.functionName === b.functionName && a.path < b.path) ? -1 : 1
  expect(service.routes.toSorted(byName)).toEqual(declared.toSorted(byName))
})

test('on-unknown-event takes exactly what the catalog does not know', () => {
  const rule = service.subscriptions.find(({ name }) => name === 'on-unknown-event')
  expect(rule?.pattern).toEqual({ 'detail-type': [{ 'anything-but': Object.keys(catalog).toSorted() }] })
})

test('every event type of the catalog has at least one function that its name finds', () => {
  const patterns = service.subscriptions.flatMap(({ pattern }) => pattern['detail-type'])
  for (const type of Object.keys(catalog)) expect(patterns).toContain(type)
})

test('the README names no npm script that does not exist, and every further script has its line', () => {
  const { scripts } = JSON.parse(read('package.json'))
  const named = [...read('README.md').matchAll(/npm (?:run (?:-s )?)?([a-z][a-z:-]*)/g)].map(([, name]) => name)
  const builtIn = new Set(['ci', 'install', 'run'])
  expect(named.filter((name) => name && !builtIn.has(name) && !(name in scripts))).toEqual([])
  const needNoLine = new Set(['prestart', 'pretest', 'predemo', 'setup'])
  expect(Object.keys(scripts).filter((name) => !needNoLine.has(name) && !named.includes(name))).toEqual([])
})

test('every page of docs/ is in the README, and every link between pages leads somewhere', () => {
  const pages = readdirSync('docs').filter((file) => file.endsWith('.md'))
  const readme = read('README.md')
  expect(pages.filter((page) => !readme.includes(`(docs/${page})`))).toEqual([])
  const broken = ['README.md', ...pages.map((page) => `docs/${page}`)].flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => join(dirname(page), target ?? ''))
      .filter((target) => !existsSync(target))
      .map((target) => `${page} -> ${target}`),
  )
  expect(broken).toEqual([])
})

test('orders are measured under the options of V8 that the shop runs with', () => {
  const options = read('scripts/start.mjs').match(/(?<=')--no-[\w-]+(?=')/g) ?? []
  expect(options).not.toEqual([])
  const { scripts } = JSON.parse(read('package.json'))
  for (const option of options) expect(scripts['bench:orders']).toContain(` ${option} `)
})

test('the lock file names no registry, and install scripts are allowed by name', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved": "http/)
  expect(read('.npmrc')).toContain('omit-lockfile-registry-resolved=true')
  expect(JSON.parse(read('package.json')).allowScripts).toMatchObject({ node: true, esbuild: true })
})

test('every dependency has its line in docs/decisions.md', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'))
  const decisions = read('docs/decisions.md')
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !name.startsWith('@types/') && !name.startsWith('@aws-sdk/') && !decisions.includes(name),
  )
  expect(missing).toEqual([])
})
