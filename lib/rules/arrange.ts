// Puts conditions in an order in which every variable is bound before it is needed, so that the order in which a rule
// was written decides nothing.
import type { AllIr, ConditionIr, VariableSet } from './ir.ts'
import { type Context, refuse } from './parse-context.ts'

/** `bound`: variables that are bound before `condition` is looked at. */
function arrange(context: Context, condition: ConditionIr, bound: VariableSet): ConditionIr {
  switch (condition.op) {
    case 'all':
      return arrangeAll(context, condition, bound)
    case 'any':
      return { ...condition, parts: condition.parts.map((part) => arrange(context, part, bound)) }
    case 'not':
    case 'exists':
      return { ...condition, part: arrange(context, condition.part, bound) }
    default:
      return condition
  }
}

/** @throws KramError invalid when a variable is bound nowhere, or conditions wait for each other */
export function arrangeAll(context: Context, all: AllIr, bound: VariableSet): AllIr {
  // Without variables nothing waits for anything.
  if (all.mentions === 0) return all
  const waiting = [...all.parts]
  const parts: ConditionIr[] = []
  let done = bound
  while (waiting.length > 0) {
    const ready = waiting.filter((part) => isReady(part, waiting, done))
    // Free tests first: they cost least and end most.
    const next = ready.find((part) => part.op === 'test') ?? ready[0]
    if (next === undefined) return refuseStuck(context, waiting, done)
    waiting.splice(waiting.indexOf(next), 1)
    parts.push(arrange(context, next, done))
    done |= next.binds
  }
  return { ...all, parts }
}

// A condition that only asks whether there are facts must see the variables that its siblings bind, or it would ask
// about any value of them.
function isReady(part: ConditionIr, waiting: readonly ConditionIr[], done: VariableSet): boolean {
  if ((part.needs & ~done) !== 0) return false
  const bindable = waiting.reduce((all, { binds }) => all | binds, 0)
  return (part.mentions & ~part.binds & bindable & ~done) === 0
}

function refuseStuck(context: Context, waiting: readonly ConditionIr[], done: VariableSet): never {
  const bindable = waiting.reduce((set, part) => set | part.binds, done)
  for (const part of waiting) {
    const missing = namesOf(context, part.needs & ~bindable)
    if (missing.length > 0) {
      refuse(context, part.pointer, `the variable ${missing[0]} is not bound by any condition beside this one`)
    }
  }
  return refuse(
    context,
    (waiting[0] as ConditionIr).pointer,
    'these conditions wait for each other to bind their variables',
  )
}

export const namesOf = (context: Context, set: VariableSet): string[] =>
  context.variables.filter((_, i) => (set & (1 << i)) !== 0)
