// People who see to what went wrong: they look at dead letters, send them again and discard them, and do the same with
// what lies aside.
import { keys } from '../../lib/app/keys.ts'
import type { AsideFilter, AsideKind } from '../../lib/app/set-aside.ts'
import type { DeadLetterFilter } from '../../lib/ports/bus.ts'
import type { Key } from '../../lib/ports/table.ts'
import type { MemoryStore } from './memory-store.ts'
import type { ModelBus } from './model-bus.ts'
import type { Ask } from './order-requests.ts'
import type { Parts, SimDeps } from './parts.ts'
import type { Rng } from './random.ts'

/** What the shop said is discarded. */
export type Discarded = {
  /** Ids of dead letters of the table. */
  letters: Set<string>
  /** Items of what lay aside, by their partition. */
  aside: Map<string, Key>
}

type Options = {
  ask: Ask
  rng: Rng
  kind: 'embedded' | 'eventbridge'
  store: MemoryStore
  bus: ModelBus
  parts: Parts
  discarded: Discarded
  fail: (text: string) => void
}

const letterPrefix = 'deadletter#'
const always = (): boolean => true

export function keeperRequests({ ask, rng, kind, store, bus, parts, discarded, fail }: Options) {
  const letterIds = (): string[] =>
    kind === 'embedded'
      ? bus.deadLetters.list().map(({ id }) => id)
      : [...store.items(letterPrefix)].flatMap(({ pk, sk }) => (sk === 'letter' ? [pk.slice(letterPrefix.length)] : []))

  const drawnFilter = (): DeadLetterFilter => {
    const ids = letterIds()
    const some: DeadLetterFilter[] = [{ code: 'unknown_customer' }, { subscription: 'on-customer-buys-product' }]
    return rng.pick([{}, {}, ...some, ...(ids.length > 0 ? [{ id: rng.pick(ids) }] : [])])
  }

  async function pagesOf(deps: SimDeps): Promise<number> {
    const letters = parts.createDeadLetters(deps)
    let after: string | undefined
    let pages = 0
    do {
      const page = await letters.list({ limit: 2, ...(after !== undefined && { after }) })
      for (const { id, code, message } of page.items) if (!code || !message) fail(`${id} is shown without a reason`)
      after = page.next
    } while (after !== undefined && ++pages < 100)
    return pages
  }

  return {
    /** `all`: so that nothing that can be handled is left. */
    redrive({ all }: { all: boolean }): void {
      if (kind === 'embedded') return void bus.deadLetters.redrive()
      const filter = all ? {} : drawnFilter()
      ask('redrive', (deps) => parts.createDeadLetters(deps).redrive(filter), always)
    },
    discard(): void {
      const ids = letterIds()
      if (ids.length === 0) return
      const id = rng.pick(ids)
      const discardLetter = (deps: SimDeps) => parts.createDeadLetters(deps).discard(id, 'a test')
      if (kind === 'embedded') bus.deadLetters.discard(id, 'a test')
      else ask('discard', discardLetter, () => Boolean(discarded.letters.add(id)))
    },
    look(): void {
      if (kind === 'embedded') return
      ask(
        'look at dead letters',
        pagesOf,
        (pages) => pages < 100 || Boolean(fail('the list of dead letters has no end')),
      )
    },
    resend(): void {
      const filter = rng.pick<AsideFilter>([{}, { code: 'conflict' }])
      ask('send again', (deps) => parts.sendAgain(deps, { filter, dryRun: false }), always)
    },
    discardAside(of: AsideKind): void {
      const request = { kind: of, reason: 'a test', filter: {}, dryRun: false }
      const act = (deps: SimDeps) => parts.discardAside(deps, request)
      ask(`discard ${of}`, act, ({ events }) => {
        for (const id of events) {
          const key = of === 'unknown' ? keys.unknown(id) : keys.outbox(id)
          discarded.aside.set(key.pk, key)
        }
        return true
      })
    },
  }
}
