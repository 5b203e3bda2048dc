// Large groups of writes of the embedded table are decided here and written by a thread: while that waits for the disk,
// the next group is evaluated. One group is on its way at a time, and nothing is decided on what is not on the disk yet.
import { availableParallelism } from 'node:os'
import type { Elsewhere } from '../group-commit.ts'
import { createDecidedRows, type DecidedRow, type DecidedRows, type PackedRows, packRows } from './decided-rows.ts'
import type { NamedKey } from './named-key.ts'
import type { Rows, StoredRows } from './sqlite-rows.ts'
import type { StartWriter, Writer } from './writer.ts'

export type WritesElsewhere = Elsewhere & {
  /** What a job that runs now reads and changes. */
  rows(): Rows
  /** Whether one of them is on its way: who asks for it has to wait. */
  isWriting(keys: readonly NamedKey[]): boolean
  /** While nothing is on its way. */
  close(): Promise<void>
}

type Group = { decided: DecidedRows; all: readonly DecidedRow[]; packed: PackedRows }

type Options = {
  path: string
  start: StartWriter
  rows: StoredRows
  /** Reads in one transaction, which first looks whether others have written. */
  look: <T>(read: () => T) => T
  /** Nothing is on its way any more. */
  onLanded: () => void
}

export function createWritesElsewhere({ path, start, rows, look, onLanded }: Options): WritesElsewhere {
  // On one processor the handing over only costs.
  const isWorthIt = path !== ':memory:' && availableParallelism() > 1
  let writer: Writer | undefined
  let current: Rows = rows
  let away: DecidedRows | undefined

  /** undefined for whatever is wrong: the group's own transaction finds out for whom. */
  const decide = (run: () => void): Group | undefined => {
    const decided = createDecidedRows(rows)
    current = decided
    try {
      look(run)
      const all = decided.all()
      return { decided, all, packed: packRows(all) }
    } catch {
      return undefined
    } finally {
      current = rows
    }
  }

  const land = (answer: boolean | undefined): boolean => {
    try {
      return look(() => rows.landed(answer))
    } catch (error) {
      rows.rolledBack()
      if (answer === undefined) throw error
      return answer
    } finally {
      away = undefined
      onLanded()
    }
  }

  return {
    isReady() {
      if (!isWorthIt) return false
      writer ??= start(path)
      return writer.isReady()
    },
    write(run) {
      const group = decide(run)
      if (!group || !writer) return undefined
      away = group.decided
      return writer.write({ ...group.packed, ...rows.sent(group.all) }).then(land)
    },
    rows: () => current,
    isWriting: (keys) => away !== undefined && keys.some(away.has),
    close: async () => writer?.close(),
  }
}
