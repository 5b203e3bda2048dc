// `npm run mutation:rules [-- <file of lib/rules> ...]`: changes lib/rules in every small way (Stryker) and says which of the
// changes no test notices. Ends with the score of each file; below 95 % of all that was tried the exit code is 1.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const wanted = 95
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = `${root}tests/mutation/`
const installed = `${folder}node_modules/.package-lock.json`

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(`${folder}package.json`).mtimeMs) {
  console.log('Installing Stryker (once) ...')
  execFileSync('npm', ['install', '--no-package-lock', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

// Only code: types.ts has none.
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const mutate =
  files.length > 0
    ? files.map((file) => `lib/rules/${file.replace(/^.*\//, '')}`)
    : ['lib/rules/*.ts', '!lib/rules/types.ts']
const report = `${root}.stryker-tmp/report.json`

mkdirSync(`${root}.stryker-tmp`, { recursive: true })
const config = {
  packageManager: 'npm',
  testRunner: 'vitest',
  plugins: [`${folder}node_modules/@stryker-mutator/vitest-runner/dist/src/index.js`],
  vitest: { configFile: 'tests/mutation/vitest.config.ts', related: false },
  mutate,
  // Whatever else the project holds need not be copied.
  ignorePatterns: [
    '/.kram*',
    '/dist',
    '/coverage',
    '/.git',
    '/docs',
    '/admin',
    '/localstack',
    '/.stryker-tmp',
    '/bench/node_modules',
  ],
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: Number(process.env.KRAM_MUTATION_WORKERS ?? 1),
  timeoutMS: 20_000,
  timeoutFactor: 4,
  disableTypeChecks: 'lib/rules/*.ts',
  // It would rewrite the references of the project's own with an API that TypeScript no longer has.
  tsconfigFile: 'none.json',
  tempDirName: '.stryker-tmp/sandbox',
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, reportTests: false, reportScoreTable: false, logTests: false },
  jsonReporter: { fileName: report },
  allowConsoleColors: false,
}
const configFile = `${root}.stryker-tmp/config.json`
writeFileSync(configFile, JSON.stringify(config, undefined, 2))
const stryker = `${folder}node_modules/@stryker-mutator/core/bin/stryker.js`
const { status } = spawnSync(process.execPath, [stryker, 'run', configFile], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

const detected = new Set(['Killed', 'Timeout'])
const counted = new Set([...detected, 'Survived', 'NoCoverage'])
const scores = Object.entries(JSON.parse(readFileSync(report, 'utf8')).files).map(([file, { mutants }]) => {
  const tried = mutants.filter(({ status: is }) => counted.has(is))
  return { file, tried: tried.length, found: tried.filter(({ status: is }) => detected.has(is)).length }
})
const percent = ({ found, tried }) => (tried === 0 ? 100 : (100 * found) / tried)
const total = scores.reduce((sum, each) => ({ found: sum.found + each.found, tried: sum.tried + each.tried }), {
  found: 0,
  tried: 0,
})
for (const each of scores)
  console.log(`${percent(each).toFixed(1).padStart(6)} %  ${each.found} of ${each.tried}  ${each.file}`)
console.log(
  `\nMutation score of lib/rules${files.length > 0 ? ' (these files)' : ''}: ${percent(total).toFixed(1)} % of ${total.tried}; wanted ${wanted} %.`,
)
process.exit(percent(total) < wanted ? 1 : 0)
