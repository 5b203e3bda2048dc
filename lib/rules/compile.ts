// Compiles rules into a rule base: the entrance to lib/rules.

import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import { createRuleBase, type Settings } from './base.ts'
import { ProgramBuilder } from './build.ts'
import { parseRule } from './parse.ts'
import { newContext, parsePath } from './parse-context.ts'
import { createRuleStore } from './rule-store.ts'
import { Dependencies, stratify } from './stratify.ts'
import type { CompileOptions, Path, Rule, RuleBase } from './types.ts'
import type { Steps } from './values.ts'

/**
 * Checks the rules and makes a rule base of them.
 * @throws KramError invalid `invalid_rule` or `rule_cycle`, naming rule, path and reason; limit `too_many_rules`
 */
export function compileRules(rules: readonly Rule[], options: CompileOptions = {}): RuleBase {
  const settings = settingsOf(options)
  const { registry } = settings
  if (rules.length > limits.rules) {
    throw new KramError('invalid', 'too_many_rules', `There may be at most ${limits.rules} rules.`)
  }
  const names = new Set<string>()
  const calls = new Set<string>()
  const builder = new ProgramBuilder({ ...settings, isVolatile: volatility(settings) })
  const dependencies = new Dependencies()
  rules.forEach((rule, number) => {
    const parsed = parseRule(rule, `/${number}`, registry, calls)
    const known = names.size
    names.add(parsed.name)
    if (names.size === known) refuseDouble(parsed.name, number, dependencies.ruleNames.indexOf(parsed.name))
    builder.add(parsed)
    dependencies.add(parsed)
  })
  const program = builder.finish(stratify(dependencies), calls)
  return createRuleBase(
    program,
    createRuleStore(dependencies.ruleNames, (rule) => rules[rule] as Rule, registry),
    settings,
  )
}

function refuseDouble(name: string, number: number, first: number): never {
  const message = `the name "${name}" is taken by the rule at /${first}`
  throw new KramError('invalid', 'invalid_rule', `Rule "${name}", /${number}/name: ${message}`, {
    detail: { issues: [{ pointer: `/${number}/name`, message }] },
  })
}

/** @throws KramError invalid `invalid_options` for a path that is none */
function settingsOf(options: CompileOptions): Settings {
  const { registry = {}, clock = { fact: 'now', path: 'at' }, memo = {}, focus, index = 'auto' } = options
  const context = newContext('The options of the rule base', 'invalid_options', registry)
  const stepsOf = (path: Path, pointer: string): Steps => parsePath(context, path, pointer)
  const memos = Object.entries(memo)
  return {
    registry,
    focus,
    index,
    clock: { fact: clock.fact, steps: stepsOf(clock.path, '/clock/path') },
    memoKeys: new Map(memos.map(([type, { key }]) => [type, stepsOf(key, `/memo/${type}/key`)])),
    excepted: new Map(
      memos.map(([type, { except = [] }]) => [type, except.map((path) => stepsOf(path, `/memo/${type}/except`))]),
    ),
  }
}

// Whether the attribute lies at, under or above one that a memo leaves out.
function volatility({ excepted }: Settings): (type: string, steps: Steps) => boolean {
  return (type, steps) =>
    (excepted.get(type) ?? []).some((path) => {
      const common = Math.min(path.length, steps.length)
      return path.slice(0, common).every((step, i) => step === steps[i])
    })
}
