// `npm run bench:rules [-- <rules> <lines>]`: lib/rules beside other engines, in one run, results verified equal first.
// Without arguments it writes its tables into docs/performance.md.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { short, timeTogether } from '../measure.ts'
import { table, writeTable } from '../report.ts'
import { detailTables } from './detail.ts'
import type { Engine, MakeEngine } from './engine.ts'
import { type Cart, generateCarts, generateShop, type Shop } from './generate.ts'
import { jsonRulesEngine } from './json-rules-engine.ts'
import { kram } from './kram.ts'
import { plainLoop } from './plain-loop.ts'
import { specialised } from './specialised.ts'
import { zen } from './zen.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
if (!existsSync(`${folder}/node_modules`)) {
  console.log('Installing the other engines (once) ...')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' })
}

const makers = [
  plainLoop,
  (promos) => specialised(promos, { memo: false }),
  (promos) => specialised(promos, { memo: true }),
  (promos) => kram(promos, { identity: false }),
  (promos) => kram(promos, { identity: true }),
  zen,
  jsonRulesEngine,
] as readonly MakeEngine<unknown>[]

const cartCount = 100
/** How long one engine is verified for; the slow ones then for two carts. */
const verifyMs = 2_000

const sorted = (numbers: Iterable<number>): string => [...numbers].sort((a, b) => a - b).join()

/** @throws Error when two engines differ */
async function verify(engines: readonly Engine<unknown>[], carts: readonly Cart[], now: number): Promise<number> {
  let expected: string[] = []
  for (const [place, engine] of engines.entries()) {
    const found: string[] = []
    const start = performance.now()
    for (const cart of carts) {
      found.push(sorted(await engine.evaluate(engine.prepare(cart, now))))
      if (performance.now() - start > verifyMs && found.length >= 2) break
    }
    if (place === 0) expected = found
    found.forEach((text, i) => {
      if (text !== expected[i]) throw new Error(`${engine.name} differs on cart ${i}: ${text}, expected ${expected[i]}`)
    })
  }
  return expected.reduce((sum, text) => sum + (text === '' ? 0 : text.split(',').length), 0) / expected.length
}

async function compare(shop: Shop, lines: number): Promise<{ fired: number; p50: number[]; names: string[] }> {
  const carts = generateCarts(shop, { lines, count: cartCount })
  const engines: Engine<unknown>[] = []
  for (const make of makers) engines.push(await make(shop.promos))
  const fired = await verify(engines, carts, shop.now)
  const subjects = engines.map((engine) => {
    const inputs = carts.map((cart) => engine.prepare(cart, shop.now))
    let at = 0
    return { name: engine.name, run: () => engine.evaluate(inputs[at++ % inputs.length]) }
  })
  const timings = await timeTogether(subjects)
  const names = engines.map(({ name }) => name)
  return { fired, names, p50: names.map((name) => timings.get(name)?.p50 ?? Number.NaN) }
}

const sizes = { rules: [10, 100, 1_000, 10_000], lines: [1, 5, 20, 100] }
const [onlyRules, onlyLines] = process.argv.slice(2).map(Number)
const rows: { rules: number; lines: number; fired: number; p50: number[] }[] = []
let names: string[] = []
for (const rules of onlyRules ? [onlyRules] : sizes.rules) {
  const shop = generateShop(rules)
  for (const lines of onlyLines ? [onlyLines] : sizes.lines) {
    const result = await compare(shop, lines)
    names = result.names
    rows.push({ rules, lines, ...result })
    console.log(
      rules,
      'rules',
      lines,
      'lines:',
      names.map((name, i) => `${name} ${short(result.p50[i] as number)}`).join(', '),
    )
  }
}

const [plain = 0, ceilingCold = 1, ceiling = 2, cold = 3, warm = 4, zenAt = 5, jre = 6] = names.keys()
const times = table(
  ['rules', 'lines', 'fire', ...names],
  rows.map(({ rules, lines, fired, p50 }) => [rules.toLocaleString('en'), lines, short(fired), ...p50.map(short)]),
)
const ratio = (p50: readonly number[], a: number, b: number): string => short((p50[a] as number) / (p50[b] as number))
const ratios = table(
  [
    'rules',
    'lines',
    'plain loop / warm',
    'plain loop / no memo',
    'ceiling / warm',
    'ceiling / no memo',
    'Zen / warm',
    'json-rules-engine / warm',
  ],
  rows.map(({ rules, lines, p50 }) => [
    rules.toLocaleString('en'),
    lines,
    ratio(p50, plain, warm),
    ratio(p50, plain, cold),
    ratio(p50, ceiling, warm),
    ratio(p50, ceilingCold, cold),
    ratio(p50, zenAt, warm),
    ratio(p50, jre, warm),
  ]),
)
const markdown = [
  'Microseconds for one evaluation (p50). `fire` is how many promotions apply to a cart, on average.',
  times,
  'How many times faster than each Kram is; `ceiling` is the specialised matcher with the same kind of memo.',
  ratios,
  ...(await detailTables()),
].join('\n\n')
console.log(`\n${markdown}`)
if (onlyRules === undefined) writeTable('rules', markdown)
