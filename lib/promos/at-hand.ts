// Promos that have to do with an order and may give something, or more, the nearest first: those whose code was entered, those
// whose rule fired, then those about its goods or codes that lack something, the fewest conditions first.
import type { Outcome } from './outcome.ts'
import type { NearPromos, PromoFired } from './promo-fired.ts'
import type { PromoSet } from './promo-set.ts'

/** Below so many promos it is as cheap to look at all of them. */
const fewPromos = 50

/** Ranks by their place; undefined: there are no more. */
export type RanksAtHand = { at(place: number): number | undefined }

/** Nobody goes through all of a large set's: what each lacks is found out only as far as somebody goes. */
export const ranksAtHand = (asked: Asked): RanksAtHand => new AtHand(asked)

/** `outcomes`: what became of those that had their turn; by rank, ascending. */
type Asked = { set: PromoSet; fired: PromoFired; codes: ReadonlySet<string>; outcomes: readonly Outcome[] }

class AtHand implements RanksAtHand {
  private readonly fired: PromoFired
  private readonly near: NearPromos | undefined
  /** In order, as far as they were found. */
  private readonly ranks: number[]
  /** Not to be found a second time. */
  private readonly known: ReadonlySet<number>
  private readonly count: number
  private looked = 0
  /** That lack more than one condition, by how many. */
  private further: number[][] = []

  constructor({ set, fired, codes, outcomes }: Asked) {
    const opened = new Set<number>()
    for (const code of codes) {
      if (Object.hasOwn(set.codes, code)) for (const rank of set.codes[code]!) opened.add(rank)
    }
    this.ranks = [...opened]
    let had = 0
    for (let i = 0; i < fired.rules.length; i++) {
      const rank = fired.rules[i]!
      const outcome = outcomes[had]?.promo.rank === rank ? outcomes[had++] : undefined
      const isDone = outcome?.gain !== undefined && outcome.needs === undefined
      if (!isDone && !opened.has(rank)) this.ranks.push(rank)
    }
    this.fired = fired
    this.near = set.size > fewPromos ? fired.near() : undefined
    this.known = this.near ? opened : new Set([...opened, ...fired.rules])
    this.count = this.near ? this.near.rules.length : set.size
  }

  at(place: number): number | undefined {
    while (place >= this.ranks.length) if (!this.findMore()) return undefined
    return this.ranks[place]
  }

  // false: there are no more.
  private findMore(): boolean {
    const before = this.ranks.length
    while (this.looked < this.count) {
      this.look(this.looked++)
      if (this.ranks.length > before) return true
    }
    for (const some of this.further) if (some) for (const rank of some) this.ranks.push(rank)
    this.further = []
    return this.ranks.length > before
  }

  private look(place: number): void {
    const { near } = this
    const rank = near ? near.rules[place]! : place
    if (this.known.has(rank)) return
    const count = bitsOf(near ? near.unmetAt(place) : this.fired.unmet(rank))
    if (count <= 1) this.ranks.push(rank)
    else if (this.further[count]) this.further[count].push(rank)
    else this.further[count] = [rank]
  }
}

function bitsOf(mask: number): number {
  let count = 0
  for (let left = mask; left !== 0; left &= left - 1) count++
  return count
}
