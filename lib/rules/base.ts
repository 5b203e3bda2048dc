// A rule base: a program, the rules that it was made from, and what evaluates them.
import { Evaluator } from './evaluator.ts'
import type { Engine } from './fire.ts'
import type { Program } from './program.ts'
import { CompiledQuery } from './queries.ts'
import { createRuleStore, type RuleStore } from './rule-store.ts'
import { FactSession } from './session.ts'
import { fromBytes, toBytes, unreadable } from './snapshot.ts'
import type { Registry, Rule, RuleBase } from './types.ts'
import { ownValue, type Steps } from './values.ts'

/** So few rules are tried one by one, unless facts say what they are: the index would cost more than it saves. */
const fewRules = 10

export type Settings = {
  registry: Registry
  clock: { fact: string; steps: Steps }
  memoKeys: ReadonlyMap<string, Steps>
  /** Attributes that a memo leaves out, by type. */
  excepted: ReadonlyMap<string, readonly Steps[]>
  focus: string | undefined
  index: 'auto' | 'always' | 'never'
}

/** A rule base of a program and the rules that it was made from. */
export function createRuleBase(program: Program, store: RuleStore, settings: Settings): RuleBase {
  const { size, names, registry } = store
  let numbers: ReadonlyMap<string, number> | undefined
  const engine: Engine = {
    store,
    evaluator: new Evaluator(program, registry, settings),
    triesAll:
      settings.index === 'never' || (settings.index === 'auto' && size < fewRules && settings.memoKeys.size === 0),
    strata: program.strata,
  }
  return {
    size,
    names,
    numberOf: (name) => {
      numbers ??= new Map(names.map((each, number) => [each, number]))
      return numbers.get(name)
    },
    session: (facts = []) => new FactSession(engine, facts),
    nextChange: (at) => firstAfter(program.boundaries, at),
    prepare: (query) => new CompiledQuery(query, registry),
    toBytes: ({ withRules = true } = {}) =>
      toBytes({ program, names, source: store.source, settings: toStored(settings) }, { withRules }),
  }
}

// The smallest number of an ascending list that is greater than `at`.
function firstAfter(sorted: Float64Array, at: number): number | undefined {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) > at) high = middle
    else low = middle + 1
  }
  return sorted[low]
}

const toStored = ({ clock, memoKeys, excepted, focus }: Settings) => ({
  clock,
  memoKeys: [...memoKeys],
  excepted: [...excepted],
  focus,
})

export type LoadOptions = {
  registry?: Registry
  index?: Settings['index']
  /** The rules by number, for bytes without them: the same as were compiled, made when they are first needed. */
  rules?: (rule: number) => Rule
}

/**
 * The rule base that `RuleBase.toBytes` wrote; it keeps reading from the bytes, which must not change. It takes the
 * options that it was compiled with, but for the registry, which is code.
 * @throws KramError invalid `rule_base_unreadable`: another format, cut off, without the rules, or a function that is
 * not in the registry; compile the rules then
 */
export function loadRuleBase(bytes: Uint8Array, { registry = {}, index = 'auto', rules }: LoadOptions = {}): RuleBase {
  const { program, names, source: stored, settings } = fromBytes(bytes)
  const source = rules ?? stored
  if (source === undefined) throw unreadable('it was written without the rules')
  for (const call of program.calls) {
    const [kind, name] = [call.slice(0, call.indexOf('/')), call.slice(call.indexOf('/') + 1)]
    if (typeof ownValue(registry[kind as keyof Registry], name) !== 'function') {
      throw unreadable(`it calls ${call}, which is not in the registry`)
    }
  }
  const { clock, memoKeys, excepted, focus } = settings
  return createRuleBase(program, createRuleStore(names, source, registry), {
    registry,
    index,
    clock,
    focus,
    memoKeys: new Map(memoKeys),
    excepted: new Map(excepted),
  })
}
