// The dead letters of the bus file, as people see and handle them.
import { KramError } from '../../../base/errors.ts'
import { limits } from '../../../base/limits.ts'
import type { DeadLetters } from '../../../ports/bus.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { GroupCommit } from '../../group-commit.ts'
import { decodePageToken, encodePageToken } from '../../page-token.ts'
import { storeError } from '../../sqlite.ts'
import type { Failures } from './failures.ts'

export type DeadLettersOptions = {
  failures: Failures
  journal: GroupCommit
  clock: Clock
  /** Names of the subscriptions that can be delivered to. */
  subscriptions: readonly string[]
  /** Called after a redrive was stored. */
  onRedrive: () => void
  what: string
}

function checkPage(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= limits.storePageMost) return
  throw new KramError('invalid', 'page_limit', `A page has 1 to ${limits.storePageMost} dead letters.`)
}

export function createDeadLetters(options: DeadLettersOptions): DeadLetters {
  const { failures, journal, clock, subscriptions, onRedrive, what } = options
  return {
    async list({ limit = limits.storePageItems, after, ...filter }) {
      checkPage(limit)
      const scope = ['dead-letters', filter.id ?? null, filter.subscription ?? null, filter.code ?? null]
      const position = after === undefined ? 0 : Number(decodePageToken(after, scope, 1)[0])
      try {
        const found = failures.list(filter, position, limit + 1)
        const items = found.slice(0, limit).map(({ letter }) => letter)
        const last = found[limit - 1]
        if (found.length <= limit || !last) return { items }
        return { items, next: encodePageToken(scope, [String(last.position)]) }
      } catch (error) {
        throw storeError(error, what)
      }
    },
    async redrive(filter) {
      const redriven = await journal.commit(() => failures.redrive(filter, clock.now(), subscriptions))
      onRedrive()
      return { redriven }
    },
    async discard(id, reason) {
      if (reason.trim() === '' || reason.length > limits.reasonChars) {
        throw new KramError(
          'invalid',
          'discard_reason',
          `A dead letter is discarded with a reason of 1 to ${limits.reasonChars} characters.`,
        )
      }
      if (await journal.commit(() => failures.discard(id, reason))) return
      throw new KramError('not_found', 'dead_letter_not_found', `There is no dead letter ${id}.`)
    },
  }
}
