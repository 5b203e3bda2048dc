// The evaluator runs where there is no Node: bundled for a browser, in a context with the language and its text coders alone.
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

test('lib/rules runs in a browser, from rules to reasons', async () => {
  const { outputFiles, warnings } = await build({
    stdin: {
      contents: `export { compileRules } from './lib/rules/compile.ts'; export { loadRuleBase } from './lib/rules/base.ts'`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'rules',
    logLevel: 'silent',
  })
  expect(warnings).toEqual([])
  const context = createContext({ TextEncoder, TextDecoder })
  runInContext(outputFiles[0]?.text ?? '', context)
  const answer: unknown = runInContext(
    `const base = rules.compileRules([{
      name: 'cashback',
      when: [
        { accumulate: 'sum', of: { path: 'price' }, from: { fact: 'line', where: [{ path: 'brand', eq: 'Puma' }] }, is: { gte: 500 } },
        { fact: 'payment', where: [{ path: 'method', eq: 'card' }] },
      ],
      insert: [{ type: 'cashback', percent: 13 }],
    }], { index: 'always' })
    const facts = [{ type: 'line', brand: 'Puma', price: 450 }, { type: 'payment', method: 'card' }]
    const outcome = rules.loadRuleBase(base.toBytes()).session(facts).fire()
    const later = outcome.with({ insert: [{ type: 'line', brand: 'Puma', price: 50 }] })
    JSON.stringify([outcome.missing(0, 0), outcome.explain(0).conditions.map(({ met }) => met), later.inserted()])`,
    context,
  )
  expect(answer).toBe('[50,[false,true],[{"type":"cashback","percent":13}]]')
})
