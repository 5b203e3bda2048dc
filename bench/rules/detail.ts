// What concerns Kram alone: spread, allocation, toggling one fact, hints, growth, compiling and loading.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { loadRuleBase } from '../../lib/rules/base.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type { Fact, Fired, RuleBase } from '../../lib/rules/types.ts'
import { payments } from '../draw.ts'
import { allocatedBy, collectGarbage, retainedBy, short, timeTogether } from '../measure.ts'
import { table } from '../report.ts'
import { generateCarts, generateShop, type Shop } from './generate.ts'
import { baseOf, factsOf, options, ruleOf } from './kram.ts'

const fire = (base: RuleBase, facts: readonly Fact[]): Fired => {
  const outcome = base.session(facts).fire()
  if (!outcome.ok) throw new Error('out of budget')
  return outcome
}

const cartsOf = (shop: Shop, lines: number): Fact[][] =>
  generateCarts(shop, { lines, count: 100 }).map((cart) => factsOf(cart, shop.now, { identity: true }))

const turning = <T>(items: readonly T[]): (() => T) => {
  let at = 0
  return () => items[at++ % items.length] as T
}

/** The customer tries another way to pay. */
function toggle(fired: Fired): () => unknown {
  const old = fired.facts.find(({ type }) => type === 'payment')
  const others = turning(payments.map((method) => ({ type: 'payment', method })))
  return () => fired.with({ remove: old ? [old] : [], insert: [others()] })
}

async function spread(): Promise<string> {
  const rows: string[][] = []
  for (const rules of [10, 100, 1_000, 10_000]) {
    const shop = generateShop(rules)
    const base = baseOf(shop.promos)
    for (const lines of [1, 5, 20, 100]) {
      const carts = cartsOf(shop, lines)
      const next = turning(carts)
      // By itself: what else runs between takes the processor's caches, which the tables above show.
      const alone = await timeTogether([{ name: 'alone', run: () => fire(base, next()) }], { budgetMs: 500 })
      const { p50: p50Alone = Number.NaN, p99 = Number.NaN } = alone.get('alone') ?? {}
      const subjects = [
        { name: 'fire', run: () => fire(base, next()) },
        { name: 'hints', run: () => fire(base, next()).near().rules },
        { name: 'why not', run: () => withReasons(fire(base, next())) },
        { name: 'toggle', run: toggle(fire(base, carts[0] ?? [])) },
      ]
      const timings = await timeTogether(subjects, { budgetMs: 500 })
      const p50 = (name: string): number => timings.get(name)?.p50 ?? Number.NaN
      const toggleTime = p50('toggle')
      rows.push([
        rules.toLocaleString('en'),
        String(lines),
        short(p50Alone),
        short(p99),
        short(p99 / p50Alone),
        (allocatedBy(() => fire(base, next()), 200) / 1_024).toFixed(1),
        short(p50('fire')),
        short(toggleTime),
        short(p50('fire') / toggleTime),
        short(p50('hints')),
        short(p50('why not')),
      ])
    }
  }
  return table(
    [
      'rules',
      'lines',
      'p50',
      'p99',
      'p99 / p50',
      'KiB allocated',
      'fire',
      'toggle payment',
      'fire / toggle',
      'with near rules',
      'with reasons for each',
    ],
    rows,
  )
}

/** What p99 is beside p50 for work that is always the same: what this machine adds by itself, measured as `spread` does. */
async function machine(): Promise<string> {
  const memory = new Int32Array(1_048_576 / Int32Array.BYTES_PER_ELEMENT)
  let sink = 1
  const count = (): void => {
    for (let i = 0; i < 14_000; i++) sink = Math.imul(sink ^ (sink >>> 13), 0x9e3779b1)
  }
  const read = (): void => {
    for (let i = 0; i < 12_000; i++) sink += memory[(i * 4_099) & (memory.length - 1)] as number
  }
  const shares: string[] = []
  for (const run of [count, read]) {
    const { p50, p99 } = (await timeTogether([{ name: 'alone', run }], { budgetMs: 500 })).get('alone') ?? {}
    shares.push(short((p99 ?? Number.NaN) / (p50 ?? Number.NaN)))
  }
  return `Of work that is always the same, measured in the same way, p99 / p50 is ${shares[0]} for a loop that only calculates and ${shares[1]} for one that reads a megabyte at scattered places: so much is the machine's.`
}

function withReasons(fired: Fired): number {
  const near = fired.near()
  return near.unmet.length + near.missing.length
}

/** The same promotions, alone and among nine times as many about goods that no cart has. */
async function growth(): Promise<string> {
  const shop = generateShop(1_000)
  const others = generateShop(9_000, { seed: 7 }).promos.map((promo, i) => ({
    ...promo,
    id: `other-${i}`,
    filters: Object.fromEntries(Object.entries(promo.filters).map(([name, value]) => [name, `${value}-elsewhere`])),
  }))
  const few = baseOf(shop.promos)
  const many = baseOf([...shop.promos, ...others])
  const rows: string[][] = []
  for (const lines of [5, 20, 100]) {
    const carts = cartsOf(shop, lines)
    const [a, b] = [turning(carts), turning(carts)]
    const timings = await timeTogether([
      { name: 'few', run: () => fire(few, a()) },
      { name: 'many', run: () => fire(many, b()) },
    ])
    const p50 = (name: string): number => timings.get(name)?.p50 ?? Number.NaN
    rows.push([String(lines), short(p50('few')), short(p50('many')), (p50('many') / p50('few')).toFixed(2)])
  }
  return table(['lines', '1,000 rules', '10,000 rules', 'ratio'], rows)
}

/** Milliseconds; the middle one of five processes. */
function firstCompile(rules: number): number {
  const script = fileURLToPath(new URL('first-compile.ts', import.meta.url))
  const times = Array.from({ length: 5 }, () =>
    Number(execFileSync(process.execPath, [script, String(rules)], { encoding: 'utf8' })),
  )
  return times.sort((a, b) => a - b)[2] as number
}

async function making(): Promise<string> {
  const rows: string[][] = []
  for (const rules of [1_000, 10_000]) {
    const { promos, now } = generateShop(rules)
    // So that code which is compiled on the way is not counted.
    compileRules(generateShop(200, { seed: 9 }).promos.map(ruleOf), options)
    const written = promos.map(ruleOf)
    // Twice: what the tables before left behind goes by and by.
    collectGarbage()
    collectGarbage()
    const { made: base, bytes } = retainedBy(() => compileRules(written, options))
    const stored = base.toBytes()
    const facts = cartsOf({ promos, products: generateShop(1).products, now }, 20)[0] ?? []
    const timings = await timeTogether(
      [
        { name: 'compile', run: () => compileRules(written, options) },
        { name: 'load', run: () => loadRuleBase(stored) },
        { name: 'load and fire', run: () => fire(loadRuleBase(stored), facts) },
      ],
      { budgetMs: 3_000 },
    )
    const ms = (name: string): string => short((timings.get(name)?.p50 ?? Number.NaN) / 1_000)
    const mib = (size: number): string => (size / 1_048_576).toFixed(1)
    rows.push([
      rules.toLocaleString('en'),
      ms('compile'),
      short(firstCompile(rules)),
      mib(bytes),
      mib(stored.length),
      ms('load'),
      ms('load and fire'),
    ])
  }
  return table(
    [
      'rules',
      'compile, ms',
      'first of a process, ms',
      'it keeps, MiB',
      'stored, MiB',
      'load, ms',
      'load and first 20 lines, ms',
    ],
    rows,
  )
}

/** Sections of Markdown. */
export async function detailTables(): Promise<string[]> {
  return [
    'Kram alone, with memo, in microseconds: spread and allocation when nothing runs between; then, in turns, `fire`, what a change of one order fact costs (`with`), `fire` followed by `near().rules`, and by `near()` with what each of these rules lacks.',
    await spread(),
    await machine(),
    'The same 1,000 promotions alone, and among 9,000 about goods that no cart has, so that equally many match:',
    await growth(),
    'Compiling again and again, as a process does that runs for a while; for the first time in a process, before its code is compiled itself; and loading what was compiled before:',
    await making(),
  ]
}
