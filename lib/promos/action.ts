// What a kind of action is: one object that names its arguments (they check, type and draw it), its stage, and what it
// asks of an order when its turn comes.
import type * as v from 'valibot'
import type { Claim } from './claims.ts'
import type { Judgement, Mend } from './condition.ts'
import type { Filter } from './filter-schema.ts'
import type { Ledger } from './ledger.ts'
import type { Order } from './order.ts'

/** 1 lines and units, 2 the order, 3 delivery, 4 cashback, bonus and vouchers. */
export type Stage = 1 | 2 | 3 | 4

/** What an action sees when its turn comes. It changes nothing. */
export type Turn = {
  readonly order: Order
  readonly ledger: Ledger
  /** Lines that `product_filters` matched and no promo closed. */
  readonly goods: readonly number[]
  /** Lines that it acts on: those, or the ones of its own filter. */
  readonly targets: readonly number[]
}

export type Effect =
  | { kind: 'discount'; claims: readonly Claim[] }
  | { kind: 'delivery'; minor: number }
  | { kind: 'cashback' | 'bonus'; claims: readonly Claim[] }
  | { kind: 'gift'; sku: string; quantity: number }
  | { kind: 'voucher'; voucher: Voucher }

/** As event `voucher_granted` has it. */
export type Voucher = { kind: string; product_type?: string }

/** So many more would help, of the goods that the promo is about or of those that the action acts on; all are needed. */
export type Remedy = { mend: Mend; missing: number; of: 'goods' | 'targets' }

/** An action with its arguments, ready to act. */
export type Act = {
  stage: Stage
  propose(turn: Turn): Effect
  /**
   * What the order lacks for it to act, or to give more than it does: for refusals and hints. Met: nothing. `hasGiven`: it
   * gave something in this turn.
   */
  need?(turn: Turn, hasGiven: boolean): Judgement & { remedies: readonly Remedy[] }
  /** Filters of its own, with their place in the action. */
  filters?: readonly { pointer: string; filter: Filter }[]
}

type Entries = v.ObjectEntries

export type ActionDefinition<Code extends string = string, Args extends Entries = Entries> = {
  /** Stored in configs; never renamed. */
  code: Code
  /** One sentence for the admin page: what the customer gets. */
  description: string
  args: Args
  /** What the schema of single arguments cannot see; a sentence, and the argument that it is about. */
  check?(args: v.InferOutput<v.StrictObjectSchema<Args, undefined>>): { argument: string; message: string } | undefined
  /** A method, so that definitions of all kinds fit one list; it is given what `args` has passed. */
  make(args: v.InferOutput<v.StrictObjectSchema<Args, undefined>>): Act
}

/** Declares a kind of action; its arguments are typed by their schema. */
export const defineAction = <const Code extends string, Args extends Entries>(
  definition: ActionDefinition<Code, Args>,
): ActionDefinition<Code, Args> => definition
