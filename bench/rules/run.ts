// `npm run bench:rules [-- <rules> <lines>]`: lib/rules beside other engines, in one run, results verified equal first.
// Without arguments it writes its tables into docs/performance.md.
import { Argument, Command, InvalidArgumentError } from 'commander'
import { short, timeTogether } from '../measure.ts'
import { table, writeTable } from '../report.ts'
import { detailTables } from './detail.ts'
import type { Engine, MakeEngine } from './engine.ts'
import { type Cart, generateCarts, generateShop, type Shop } from './generate.ts'
import { jsonRulesEngine } from './json-rules-engine.ts'
import { kram } from './kram.ts'
import { installOpponents } from './opponents.ts'
import { plainLoop } from './plain-loop.ts'
import { specialised } from './specialised.ts'
import { zen } from './zen.ts'

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.')
  return Number(text)
}
const [onlyRules, onlyLines] = new Command('npm run bench:rules --')
  .description(
    'Measures lib/rules beside other engines; without arguments it writes its tables into docs/performance.md.',
  )
  .addArgument(new Argument('[rules]', 'only shops of so many rules').argParser(whole))
  .addArgument(new Argument('[lines]', 'only carts of so many lines').argParser(whole))
  .parse().processedArgs

installOpponents()

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
const verifyMs = 500
/** How long one engine is measured for. */
const engineMs = 500

const sorted = (numbers: Iterable<number>): string => [...numbers].sort((a, b) => a - b).join()

/** @throws Error when two engines differ */
async function verify(engines: readonly Engine<unknown>[], carts: readonly Cart[], now: number): Promise<number> {
  let expected: string[] = []
  for (const [place, engine] of engines.entries()) {
    const found: string[] = []
    const start = performance.now()
    for (const cart of carts) {
      found.push(sorted(await engine.evaluate(engine.prepare(cart, now))))
      if (place > 0 && performance.now() - start > verifyMs && found.length >= 2) break
    }
    if (place === 0) expected = found
    found.forEach((text, i) => {
      if (text !== expected[i]) throw new Error(`${engine.name} differs on cart ${i}: ${text}, expected ${expected[i]}`)
    })
  }
  return expected.reduce((sum, text) => sum + (text === '' ? 0 : text.split(',').length), 0) / expected.length
}

/** By place in `makers`; undefined: not there. */
type Engines = readonly (Engine<unknown> | undefined)[]
type Row = { rules: number; lines: number; fired: number; p50: number[]; p99: number[] }

const enginesFor = ({ promos }: Shop): Engines => makers.map((make) => make(promos))

async function compare(shop: Shop, all: Engines, lines: number): Promise<Row> {
  const carts = generateCarts(shop, { lines, count: cartCount })
  const engines = all.filter((engine) => engine !== undefined)
  const fired = await verify(engines, carts, shop.now)
  const subjects = engines.map((engine) => {
    const inputs = carts.map((cart) => engine.prepare(cart, shop.now))
    let at = 0
    return { name: engine.name, run: () => engine.evaluate(inputs[at++ % inputs.length]) }
  })
  const timings = await timeTogether(subjects, { budgetMs: engineMs, min: 3 })
  const each = (share: 'p50' | 'p99'): number[] =>
    all.map((engine) => timings.get(engine?.name ?? '')?.[share] ?? Number.NaN)
  return { rules: shop.promos.length, lines, fired, p50: each('p50'), p99: each('p99') }
}

const sizes = { rules: [10, 100, 1_000, 10_000], lines: [1, 5, 20, 100] }
const rows: Row[] = []
let names: string[] = []
for (const rules of onlyRules ? [onlyRules] : sizes.rules) {
  const shop = generateShop(rules)
  const engines = enginesFor(shop)
  names = engines.map((engine, place) => engine?.name ?? (place === makers.length - 1 ? 'json-rules-engine' : 'Zen'))
  for (const lines of onlyLines ? [onlyLines] : sizes.lines) {
    const row = await compare(shop, engines, lines)
    rows.push(row)
    const times = names.map((name, i) => `${name} ${short(row.p50[i] as number)}`)
    console.log(`${rules} rules, ${lines} lines: ${times.join(', ')}`)
  }
}

const [plain = 0, ceilingCold = 1, ceiling = 2, cold = 3, warm = 4, zenAt = 5, jre = 6] = names.keys()
const timesOf = (share: 'p50' | 'p99'): string =>
  table(
    ['rules', 'lines', 'fire', ...names],
    rows.map((row) => [row.rules.toLocaleString('en'), row.lines, short(row.fired), ...row[share].map(short)]),
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
  'Microseconds for one evaluation, p50. `fire` is how many promotions apply to a cart, on average.',
  timesOf('p50'),
  'The same, p99 (of the slowest engines the worst of a few).',
  timesOf('p99'),
  'How many times faster than each Kram is; `ceiling` is the specialised matcher with the same kind of memo.',
  ratios,
  ...(await detailTables()),
].join('\n\n')
console.log(`\n${markdown}`)
if (onlyRules === undefined) writeTable('rules', markdown)
