// What a catalogue of sample goods is; each is a file beside this one, and `kram make products` offers them by name.
import type { Product } from '../product.ts'
import type { Via } from '../samples.ts'
import { fashion } from './fashion.ts'
import { groceries } from './groceries.ts'

export type SampleCatalogue = {
  /** Products before it begins again, numbered on. */
  size: number
  /** The product at `index` (from 0): depends on nothing but its arguments. */
  product: (index: number, options: { via: Via; seed: string }) => Product
}

export const catalogues = { groceries, fashion } satisfies Record<string, SampleCatalogue>

export type CatalogueName = keyof typeof catalogues
