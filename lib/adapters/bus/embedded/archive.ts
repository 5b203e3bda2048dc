// Reads the log by time.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { toInstant } from '../../../base/time.ts'
import { compilePattern } from '../../../patterns/compile.ts'
import type { Archive, ArchivedEvent, Envelope } from '../../../ports/bus.ts'
import { toBusEvent } from '../../../ports/bus-event.ts'
import { storeError } from '../../sqlite.ts'
import { timeRange } from '../../time-range.ts'
import type { Entry, Log, LogRange } from './log.ts'

export function createArchive(log: Log, what: string): Archive {
  const page = (range: LogRange): Entry[] => {
    try {
      return log.page(range)
    } catch (error) {
      throw storeError(error, what)
    }
  }

  const span = (takenFrom: number, takenTo: number) => {
    try {
      return log.span(takenFrom, takenTo)
    } catch (error) {
      throw storeError(error, what)
    }
  }

  return {
    // Ends with what the log had when it began.
    async *read({ from, to, pattern }): AsyncGenerator<ArchivedEvent> {
      const { takenFrom, takenTo } = timeRange({ from, to })
      const compiled = pattern && compilePattern(pattern)
      const { first, last } = span(takenFrom, takenTo)
      for (let after = first - 1; ; ) {
        const entries = page({ after, through: last, takenFrom, takenTo })
        for (const { seq, takenAt, text } of entries) {
          const event: Envelope = JSON.parse(text)
          if (!compiled || compiled.matches(toBusEvent(event, seq))) yield { event, takenAt: toInstant(takenAt) }
          after = seq
        }
        if (entries.length === 0) return
        // A reader that awaits nothing else must not keep the bus from its work.
        await nextTurn()
      }
    },
  }
}
