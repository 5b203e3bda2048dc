// `npm run bench:checkout [-- --dry]`: allocate beside the evaluator alone, the checkout function in process and through
// HTTP, cold starts, and how soon a version is in force; into docs/performance.md. `--dry` writes nothing.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { short } from '../measure.ts'
import { table, writeTable } from '../report.ts'
import { measureAllocate, measureLoad, subjects } from './allocate.ts'
import { measureBundles } from './bundle.ts'
import type { HandlerResult } from './handler-child.ts'
import { measureServed } from './served.ts'
import { makeShop } from './shop.ts'

const { dry = false } = new Command('npm run bench:checkout --')
  .description('Measures allocate, the checkout function, cold starts and how soon a version is in force.')
  .option('--dry', 'writes nothing into docs/performance.md')
  .parse()
  .opts<{ dry?: boolean }>()

const promos = 10_000
const sizes = [1, 5, 20, 100]
const calls = 5_000

const count = (value: number): string => Math.round(value).toLocaleString('en')
const say = (text: string): void => console.log(`${text}\n`)

async function allocateTable(): Promise<string> {
  const rows = [
    ...(await measureAllocate(1_000, sizes, { budgetMs: 400, verified: 20 })),
    ...(await measureAllocate(promos, sizes, { budgetMs: 400, verified: 3 })),
  ]
  return table(
    ['live promotions', 'lines', 'apply', ...subjects],
    rows.map((row) => [
      count(row.promos),
      row.lines,
      short(row.applied),
      ...row.p50.map((p50, i) => `${short(p50)} / ${short(row.p99[i] ?? Number.NaN)}`),
    ]),
  )
}

async function handlerFigures(dataDir: string): Promise<{ firstMs: number; results: HandlerResult[] }> {
  const cases = [1, 5, 20].flatMap((lines) => [String(lines), 'amounts', String(lines), 'explain'])
  const child = fork(fileURLToPath(new URL('handler-child.ts', import.meta.url)), [dataDir, String(calls), ...cases], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the function's process ended: ${code}`)))
  const [answer] = await Promise.race([once(child, 'message'), ended])
  ended.catch(() => undefined)
  return answer
}

function handlerTable(results: readonly HandlerResult[]): string {
  return table(
    ['`POST /checkout` in process', 'carts/s', 'carts per second of CPU', 'p50 ms', 'p99 ms', 'answer, KB'],
    results.map(({ lines, explain, perSecond, perCpuSecond, p50Ms, p99Ms, bytes }) => [
      `${lines} ${lines === 1 ? 'line' : 'lines'}, ${explain ? 'with refusals and hints' : 'amounts alone'}`,
      count(perSecond),
      count(perCpuSecond),
      short(p50Ms),
      short(p99Ms),
      short(bytes / 1_024),
    ]),
  )
}

async function coldTable(firstMs: number): Promise<string> {
  const { bytes, compileMs, loadMs, firstMs: firstCartMs } = measureLoad(promos)
  const { own, onAws, smallest, largest } = await measureBundles(['post-checkout', 'get-hints', 'reload-promos'])
  const bundles = own.flatMap(({ name, kilobytes, importMs }, i) => [
    [`\`${name}\`: code, import`, `${count(kilobytes)} KB`, `${count(importMs)} ms`],
    [
      `\`${name}\` with the clients of DynamoDB and S3`,
      `${count(onAws[i]?.kilobytes ?? 0)} KB`,
      `${count(onAws[i]?.importMs ?? 0)} ms`,
    ],
  ])
  return table(
    ['cold start', 'size', 'time'],
    [
      ...bundles,
      [`smallest function: \`${smallest.name}\``, `${count(smallest.kilobytes)} KB`, ''],
      [`largest function: \`${largest.name}\``, `${count(largest.kilobytes)} KB`, ''],
      ['10,000 promotions from the snapshot', `${count(bytes / 1_024)} KB`, `${count(loadMs)} ms`],
      ['the same, with the first cart of 20 lines', '', `${count(firstCartMs)} ms`],
      ['the same promotions compiled from their configs', '', `${count(compileMs)} ms`],
      ['first call of the function, with 10,000 promotions', '', `${count(firstMs)} ms`],
    ],
  )
}

const dataDir = await makeShop(promos)
try {
  const allocated = await allocateTable()
  say(allocated)
  const { firstMs, results } = await handlerFigures(dataDir)
  const handled = handlerTable(results)
  say(handled)
  const cold = await coldTable(firstMs)
  say(cold)
  const lines = 5
  const served = await measureServed(dataDir, { lines, calls: 1_500, saves: 3 })
  const inProcess = results.find((result) => result.lines === lines && result.explain)
  const beside = table(
    ['5 lines, with refusals and hints', 'carts/s', 'p50 ms', 'p99 ms'],
    [
      ['in process', count(inProcess?.perSecond ?? 0), short(inProcess?.p50Ms ?? 0), short(inProcess?.p99Ms ?? 0)],
      ['through HTTP, one at a time', count(served.perSecond), short(served.p50Ms), short(served.p99Ms)],
    ],
  )
  const force = `A version saved beside ${count(promos)} others was in force after ${served.inForceMs
    .map((ms) => `${(ms / 1_000).toFixed(1)} s`)
    .join(', ')} (each instance checks every two seconds).`
  say(`${beside}\n\n${force}`)
  const markdown = [
    'Microseconds, p50 / p99. `apply`: promotions that apply to a cart, on average.',
    allocated,
    handled,
    beside,
    cold,
    force,
  ].join('\n\n')
  if (!dry) writeTable('checkout', markdown)
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
