// The plain loop: what one writes first. Each promotion by itself, cheapest tests first.
import type { Engine } from './engine.ts'
import type { Cart, Promo } from './generate.ts'

type Input = { cart: Cart; now: number }

export function plainLoop(promos: readonly Promo[]): Engine<Input, number[]> {
  const compiled = promos.map((promo) => ({ ...promo, filters: Object.entries(promo.filters) }))
  type Compiled = (typeof compiled)[number]

  const isWanted = (promo: Compiled, cart: Cart): boolean =>
    (promo.delivery === undefined || promo.delivery === cart.delivery) &&
    (promo.payment === undefined || promo.payment === cart.payment) &&
    (promo.channel === undefined || promo.channel === cart.channel) &&
    (promo.loyalty === undefined || cart.loyalty)

  const hasGoods = ({ filters, totalMinor }: Compiled, cart: Cart): boolean => {
    let total = 0
    for (const { product, quantity } of cart.lines) {
      let matches = true
      for (const [name, value] of filters) {
        if (product.attributes[name] !== value) {
          matches = false
          break
        }
      }
      if (!matches) continue
      if (totalMinor === undefined) return true
      total += product.priceMinor * quantity
    }
    return totalMinor !== undefined && total >= totalMinor
  }

  return {
    name: 'plain loop',
    prepare: (cart, now) => ({ cart, now }),
    evaluate: ({ cart, now }) => {
      const applied: number[] = []
      for (let i = 0; i < compiled.length; i++) {
        const promo = compiled[i] as Compiled
        if (promo.from <= now && now < promo.until && isWanted(promo, cart) && hasGoods(promo, cart)) applied.push(i)
      }
      return applied
    },
  }
}
