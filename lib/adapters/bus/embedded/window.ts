// How far a reader of the log has got, when what it read is finished out of order.

export function createWindow(start: number) {
  // Of each seq that is not finished, by how many it still is awaited. In the order of seq, as they are begun in it.
  const open = new Map<number, number>()
  let read = start

  return {
    /** Everything up to `seq` was looked at; what matters of it was begun. */
    readTo(seq: number): void {
      read = seq
    },
    begin(seq: number, awaited = 1): void {
      open.set(seq, awaited)
    },
    finish(seq: number): void {
      const awaited = open.get(seq) ?? 0
      if (awaited > 1) open.set(seq, awaited - 1)
      else open.delete(seq)
    },
    /** Up to this seq everything is finished. */
    position(): number {
      for (const seq of open.keys()) return seq - 1
      return read
    },
    size: (): number => open.size,
  }
}
