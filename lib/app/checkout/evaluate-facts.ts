// Whole facts in, an allocation out: for tools and simulations, which carry their promotions and prices with them.
import type { Allocation } from '../../promos/allocation.ts'
import { evaluate } from '../../promos/evaluate.ts'
import type { Deps } from '../deps.ts'

/** @throws KramError invalid, with pointers into the facts */
export const evaluateFacts = ({ settings }: Pick<Deps, 'settings'>, facts: unknown): Allocation =>
  evaluate(facts, settings)
