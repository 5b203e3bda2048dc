// `npm run mutation:rules [-- [--again | --sample=<n>] [--quick] <file of lib/rules> ...]`: changes lib/rules in every small way (Stryker) and
// says which of the changes no test notices. Ends with the score of each file; below 95 % of all that was tried the exit code
// is 1. `--again` tries only what a change of code or tests since the last run may have changed.
// `--sample=4` tries one mutant of four; `--quick` (or `--quick=<milliseconds>`, of 700) gives up on each early, so that
// more seem to go unnoticed than do.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isInSample } from './sample.mjs'

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
const flags = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('-')))
const given = (name) => [...flags].find((flag) => flag.startsWith(`${name}=`))?.slice(name.length + 1)
/** One mutant of so many is tried. */
const sample = given('--sample') ?? '1'
/** After so many milliseconds no more tests are begun for a mutant. */
const quick = flags.has('--quick') ? '700' : given('--quick')
const mutate =
  files.length > 0
    ? files.map((file) => `lib/rules/${file.replace(/^.*\//, '')}`)
    : ['lib/rules/*.ts', '!lib/rules/types.ts']
const report = `${root}.stryker-tmp/report.json`

/** Grows while it runs. */
const survivors = `${root}.stryker-tmp/survivors.txt`

mkdirSync(`${root}.stryker-tmp`, { recursive: true })
writeFileSync(survivors, '')
const config = {
  packageManager: 'npm',
  testRunner: 'rules',
  plugins: [`${folder}runner.mjs`],
  mutate,
  // Whatever else the project holds need not be copied.
  ignorePatterns: [
    '/.kram*',
    '/.localstack',
    '/.serverless',
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
  // What was found is kept for `--again`.
  incremental: sample === '1',
  incrementalFile: `${root}.stryker-tmp/incremental.json`,
  force: !flags.has('--again'),
  concurrency: Number(process.env.KRAM_MUTATION_WORKERS ?? 1),
  // The runner stops by itself what does not end.
  timeoutMS: 60_000,
  timeoutFactor: 60,
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
const { status } = spawnSync(process.execPath, [stryker, 'run', configFile], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    KRAM_MUTATION_SURVIVORS: survivors,
    ...(quick === undefined ? {} : { KRAM_MUTATION_QUICK: quick }),
    KRAM_MUTATION_SAMPLE: sample,
  },
})
if (status !== 0) process.exit(status ?? 1)

const detected = new Set(['Killed', 'Timeout'])
const counted = new Set([...detected, 'Survived', 'NoCoverage'])
const total = { found: 0, tried: 0 }
const leftOut = []
const percent = ({ found, tried }) => `${(tried === 0 ? 100 : (100 * found) / tried).toFixed(1).padStart(5)} %`

console.log('\n  score  found  tried  left out  file')
for (const [file, { mutants }] of Object.entries(JSON.parse(readFileSync(report, 'utf8')).files)) {
  // What no test reaches is not tried, and yet is in the sample or not.
  const tried = mutants.filter(({ id, status: is }) => counted.has(is) && isInSample(id, Number(sample)))
  const found = tried.filter(({ status: is }) => detected.has(is))
  const ignored = mutants.filter(({ status: is }) => !counted.has(is))
  const numbers = [found, tried].map(({ length }) => String(length).padStart(5)).join('  ')
  console.log(
    `${percent({ found: found.length, tried: tried.length })}  ${numbers}  ${String(ignored.length).padStart(8)}  ${file}`,
  )
  total.found += found.length
  total.tried += tried.length
  for (const { status: is, statusReason } of ignored) leftOut.push(`${is}: ${statusReason}`)
}
if (leftOut.length > 0) {
  console.log(`\nLeft out of the score, ${leftOut.length} in all:`)
  for (const [reason, list] of Object.entries(Object.groupBy(leftOut, (each) => each))) {
    console.log(`${String(list.length).padStart(5)}  ${reason}`)
  }
}
const of = files.length > 0 ? 'these files' : 'lib/rules'
console.log(
  `\nMutation score of ${of}: ${percent(total).trim()}, ${total.found} of ${total.tried} noticed; wanted ${wanted} %.`,
)
process.exit(total.found * 100 < total.tried * wanted ? 1 : 0)
