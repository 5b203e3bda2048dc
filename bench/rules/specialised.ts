// The ceiling: a matcher written by hand for exactly these promotions. Distinct product filters are interned, found by
// their rarest value and verified; sums in typed arrays; order conditions as bits; product -> filters remembered.
// It knows promotions in and out of their windows, as the first of its kind did.

import { channels, deliveries, payments } from '../draw.ts'
import type { Engine } from './engine.ts'
import type { Cart, Product, Promo } from './generate.ts'

type Input = { cart: Cart; now: number }

const bitOf = <T>(items: readonly T[], item: T, offset: number): number => 1 << (items.indexOf(item) + offset)

export function specialised(promos: readonly Promo[], { memo }: { memo: boolean }): Engine<Input, Int32Array> {
  const { selections, selectionOf } = internSelections(promos)
  const { attributes, buckets, codeCount } = indexSelections(selections)
  const rules = rulesBySelection(promos, selectionOf, selections.length)
  const matched = new Map<string, Int32Array>()
  const sums = new Float64Array(selections.length)
  const stamps = new Int32Array(selections.length)
  const touched = new Int32Array(selections.length)
  const applied = new Int32Array(promos.length)
  const codes = new Int32Array(attributes.length)
  const found = new Int32Array(selections.length)
  let generation = 0

  const find = (product: Product): Int32Array => {
    for (let i = 0; i < attributes.length; i++) {
      const { name, values } = attributes[i] as Attribute
      codes[i] = values.get(product.attributes[name] as string) ?? codeCount
    }
    let count = 0
    for (let i = 0; i < attributes.length; i++) {
      const bucket = buckets[codes[i] as number]
      if (bucket === undefined) continue
      for (let at = 0; at < bucket.length; at += 5) {
        if (codes[bucket[at + 1] as number] !== bucket[at + 2]) continue
        if (codes[bucket[at + 3] as number] !== bucket[at + 4]) continue
        found[count++] = bucket[at] as number
      }
    }
    return found.slice(0, count)
  }

  const lookup = (product: Product): Int32Array => {
    if (!memo) return find(product)
    const key = `${product.sku}@${product.version}`
    let found = matched.get(key)
    if (found === undefined) {
      found = find(product)
      matched.set(key, found)
    }
    return found
  }

  const evaluate = ({ cart, now }: Input): Int32Array => {
    generation++
    let touchedCount = 0
    for (const { product, quantity } of cart.lines) {
      const value = product.priceMinor * quantity
      const found = lookup(product)
      for (let i = 0; i < found.length; i++) {
        const selection = found[i] as number
        if (stamps[selection] === generation) sums[selection] = (sums[selection] as number) + value
        else {
          stamps[selection] = generation
          sums[selection] = value
          touched[touchedCount++] = selection
        }
      }
    }
    const state =
      bitOf(deliveries, cart.delivery, 0) |
      bitOf(payments, cart.payment, 8) |
      bitOf(channels, cart.channel, 16) |
      (cart.loyalty ? 1 << 20 : 0)
    let count = 0
    for (let t = 0; t < touchedCount; t++) {
      const selection = touched[t] as number
      const sum = sums[selection] as number
      const end = rules.start[selection + 1] as number
      for (let i = rules.start[selection] as number; i < end; i++) {
        const wanted = rules.wanted[i] as number
        if ((state & wanted) !== wanted || sum < (rules.total[i] as number)) continue
        if (now >= (rules.from[i] as number) && now < (rules.until[i] as number))
          applied[count++] = rules.promo[i] as number
      }
    }
    return applied.slice(0, count).sort()
  }

  return {
    name: memo ? 'specialised, warm memo' : 'specialised, no memo',
    prepare: (cart, now) => ({ cart, now }),
    evaluate,
  }
}

function internSelections(promos: readonly Promo[]): { selections: [string, string][][]; selectionOf: number[] } {
  const numbers = new Map<string, number>()
  const selections: [string, string][][] = []
  const selectionOf = promos.map(({ filters }) => {
    const pairs = Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1))
    const key = JSON.stringify(pairs)
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, selections.length)
    return selections.push(pairs) - 1
  })
  return { selections, selectionOf }
}

type Attribute = { name: string; values: Map<string, number> }

// Each value of an attribute has a code; a code's bucket lists [selection, attribute, code, attribute, code]: what is left
// to verify of the selections whose rarest value it is. With nothing left, the first pair again.
function indexSelections(selections: readonly [string, string][][]) {
  const attributes: Attribute[] = []
  const uses: number[] = []
  const encoded = selections.map((pairs) =>
    pairs.map(([name, value]) => {
      let attribute = attributes.findIndex((each) => each.name === name)
      if (attribute < 0) attribute = attributes.push({ name, values: new Map() }) - 1
      const { values } = attributes[attribute] as Attribute
      const code = values.get(value) ?? uses.push(0) - 1
      values.set(value, code)
      uses[code] = (uses[code] as number) + 1
      return { attribute, code }
    }),
  )
  const lists: number[][] = uses.map(() => [])
  encoded.forEach((pairs, number) => {
    const [rarest, second, third] = [...pairs].sort((a, b) => (uses[a.code] as number) - (uses[b.code] as number))
    if (rarest === undefined) return
    const [one, two] = [second ?? rarest, third ?? rarest]
    lists[rarest.code]?.push(number, one.attribute, one.code, two.attribute, two.code)
  })
  return { attributes, buckets: lists.map((list) => Int32Array.from(list)), codeCount: uses.length }
}

function rulesBySelection(promos: readonly Promo[], selectionOf: readonly number[], selectionCount: number) {
  const order = promos.map((_, i) => i).sort((a, b) => (selectionOf[a] as number) - (selectionOf[b] as number) || a - b)
  const start = new Int32Array(selectionCount + 1)
  for (const selection of selectionOf) start[selection + 1] = (start[selection + 1] as number) + 1
  for (let i = 0; i < selectionCount; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number)
  const sorted = order.map((i) => promos[i] as Promo)
  return {
    start,
    promo: Int32Array.from(order),
    total: Float64Array.from(sorted, ({ totalMinor = 0 }) => totalMinor),
    from: Float64Array.from(sorted, ({ from }) => from),
    until: Float64Array.from(sorted, ({ until }) => until),
    wanted: Int32Array.from(sorted, wantedBits),
  }
}

const wantedBits = ({ delivery, payment, channel, loyalty }: Promo): number =>
  (delivery === undefined ? 0 : bitOf(deliveries, delivery, 0)) |
  (payment === undefined ? 0 : bitOf(payments, payment, 8)) |
  (channel === undefined ? 0 : bitOf(channels, channel, 16)) |
  (loyalty === undefined ? 0 : 1 << 20)
