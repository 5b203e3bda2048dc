// Growing lists of numbers for building programs, lists of lists flattened, and pairs of numbers that have a number.

/** Numbers that become a typed array. */
abstract class NumberList<Items extends Int32Array | Float64Array> {
  protected items: Items
  length = 0

  constructor(items: Items) {
    this.items = items
  }

  protected abstract makeItems(length: number): Items
  abstract toArray(): Items

  push(value: number): number {
    if (this.length === this.items.length) {
      const grown = this.makeItems(this.length * 2)
      grown.set(this.items)
      this.items = grown
    }
    this.set(this.length, value)
    return this.length++
  }

  /** The numbers at these indexes. */
  inOrder(order: Int32Array): Items {
    const ordered = this.makeItems(order.length)
    const items: Int32Array | Float64Array = ordered
    order.forEach((from, to) => {
      items[to] = this.items[from] as number
    })
    return ordered
  }

  at(index: number): number {
    return this.items[index] as number
  }

  set(index: number, value: number): void {
    const items: Int32Array | Float64Array = this.items
    items[index] = value
  }
}

export class IntList extends NumberList<Int32Array> {
  constructor() {
    super(new Int32Array(64))
  }

  protected makeItems(length: number): Int32Array {
    return new Int32Array(length)
  }

  toArray(): Int32Array {
    return this.items.slice(0, this.length)
  }
}

/** As `IntList`, for any numbers. */
export class FloatList extends NumberList<Float64Array> {
  constructor() {
    super(new Float64Array(64))
  }

  protected makeItems(length: number): Float64Array {
    return new Float64Array(length)
  }

  toArray(): Float64Array {
    return this.items.slice(0, this.length)
  }
}

/** 0, 1, 2 ... */
export const indexes = (length: number): Int32Array => new Int32Array(length).map((_, i) => i)

/** By insertion: for few numbers. */
export function sortFew(list: Int32Array | number[], count: number): void {
  for (let i = 1; i < count; i++) {
    const value = list[i] as number
    let at = i
    for (; at > 0 && (list[at - 1] as number) > value; at--) list[at] = list[at - 1] as number
    list[at] = value
  }
}

/** `items` sorted into their owners: those of owner i stand from `start[i]` to `start[i + 1]`, in their order. */
export function byOwner(
  owners: Int32Array,
  items: Int32Array,
  ownerCount: number,
): { start: Int32Array; items: Int32Array } {
  const start = new Int32Array(ownerCount + 1)
  for (const owner of owners) start[owner + 1] = (start[owner + 1] as number) + 1
  let end = 0
  start.forEach((count, owner) => {
    end += count
    start[owner] = end
  })
  const next = start.slice()
  const sorted = new Int32Array(items.length)
  items.forEach((item, i) => {
    const owner = owners[i] as number
    const at = next[owner] as number
    next[owner] = at + 1
    sorted[at] = item
  })
  return { start, items: sorted }
}

/** Numbers pairs of integers from 0 on, in the order in which they are first asked for. */
export class PairNumbers {
  /** Two for each place of the table. */
  private pairs = new Int32Array(128)
  /** One more than the number of the pair that has the place; 0: none. */
  private numbers = new Int32Array(64)
  private count = 0

  numberOf(a: number, b: number): number {
    const place = this.placeOf(a, b)
    const number = (this.numbers[place] as number) - 1
    return number < 0 ? this.take(place, a, b) : number
  }

  // Where the pair is, or would be.
  private placeOf(a: number, b: number): number {
    const { pairs, numbers } = this
    const mixed = Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b)
    const last = numbers.length - 1
    let place = (mixed ^ (mixed >>> 15)) & last
    while (numbers[place] !== 0 && (pairs[place * 2] !== a || pairs[place * 2 + 1] !== b)) place = (place + 1) & last
    return place
  }

  private take(place: number, a: number, b: number): number {
    this.pairs[place * 2] = a
    this.pairs[place * 2 + 1] = b
    this.numbers[place] = ++this.count
    const number = this.count - 1
    if (this.count * 2 > this.numbers.length) this.grow()
    return number
  }

  private grow(): void {
    const { pairs, numbers } = this
    this.pairs = new Int32Array(pairs.length * 2)
    this.numbers = new Int32Array(numbers.length * 2)
    numbers.forEach((number, from) => {
      if (number === 0) return
      const [a, b] = [pairs[from * 2] as number, pairs[from * 2 + 1] as number]
      const place = this.placeOf(a, b)
      this.pairs[place * 2] = a
      this.pairs[place * 2 + 1] = b
      this.numbers[place] = number
    })
  }
}
