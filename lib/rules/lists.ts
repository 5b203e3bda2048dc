// Growing lists of numbers for building programs, and lists of lists flattened.

/** Numbers that become a typed array. */
export class IntList {
  private items = new Int32Array(64)
  length = 0

  push(value: number): number {
    if (this.length === this.items.length) {
      const grown = new Int32Array(this.length * 2)
      grown.set(this.items)
      this.items = grown
    }
    this.items[this.length] = value
    return this.length++
  }

  at(index: number): number {
    return this.items[index] as number
  }

  set(index: number, value: number): void {
    this.items[index] = value
  }

  toArray(): Int32Array {
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

/** As `IntList`, for any numbers. */
export class FloatList {
  private items = new Float64Array(64)
  length = 0

  push(value: number): number {
    if (this.length === this.items.length) {
      const grown = new Float64Array(this.length * 2)
      grown.set(this.items)
      this.items = grown
    }
    this.items[this.length] = value
    return this.length++
  }

  at(index: number): number {
    return this.items[index] as number
  }

  toArray(): Float64Array {
    return this.items.slice(0, this.length)
  }
}
