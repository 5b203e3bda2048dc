// Growing lists of numbers for building programs, and lists of lists flattened.

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

/** `items` sorted into their owners: those of owner i stand from `start[i]` to `start[i + 1]`, in their order. */
export function byOwner(
  owners: Int32Array,
  items: Int32Array,
  ownerCount: number,
): { start: Int32Array; items: Int32Array } {
  const start = new Int32Array(ownerCount + 1)
  for (const owner of owners) start[owner + 1] = (start[owner + 1] as number) + 1
  for (let i = 0; i < ownerCount; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number)
  const next = start.slice()
  const sorted = new Int32Array(items.length)
  for (let i = 0; i < items.length; i++) {
    const owner = owners[i] as number
    const at = next[owner] as number
    next[owner] = at + 1
    sorted[at] = items[i] as number
  }
  return { start, items: sorted }
}
