// What every engine of the comparison is: compiled from promotions, it tells which of them apply to a cart.
import type { Cart, Promo } from './generate.ts'

type Found = Iterable<number> | Promise<Iterable<number>>

export type Engine<Input, Result extends Found = Found> = {
  name: string
  /** The cart in the form that the engine likes best; not measured. */
  prepare: (cart: Cart, now: number) => Input
  /** Numbers of the promotions that apply. */
  evaluate: (input: Input) => Result
}

/** What an engine takes from nothing to ready; undefined when its package is not there. */
export type MakeEngine<Input> = (promos: readonly Promo[]) => Engine<Input> | undefined
