// Views of a program by time, kept for a while: the one of the day at hand, and a few others for those who ask what
// would be at another time.
import { type FewTests, fewTests } from './few.ts'
import { nextUp } from './guard.ts'
import { Memo } from './memo.ts'
import type { Program } from './program.ts'
import { liveView, type View } from './view.ts'

/** Long enough to be built seldom, short enough to leave out what is to come. */
const horizonMs = 24 * 60 * 60 * 1000
const keptViews = 4

/**
 * What is live from `from` until `until`, and what facts were found to match then. `few`: by type, what its facts are tested for
 * one by one, where that takes less than looking them up.
 */
export type Live = { from: number; until: number; view: View; few: readonly (FewTests | undefined)[]; memo: Memo }

export class Lives {
  private readonly program: Program
  /** The latest made first. */
  private readonly kept: Live[] = []
  private timeless: Live | undefined

  constructor(program: Program) {
    this.program = program
  }

  /** NaN: no time is known, so no rule with a window is live. */
  at(time: number): Live {
    for (const live of this.kept) if (live.from <= time && time < live.until) return live
    return Number.isNaN(time) ? this.withoutTime() : this.make(time)
  }

  private withoutTime(): Live {
    this.timeless ??= this.between(Number.NaN, Number.NaN)
    return this.timeless
  }

  private make(time: number): Live {
    let from = Math.floor(time / horizonMs) * horizonMs
    let until = from + horizonMs
    // So far from the epoch days are no longer told apart.
    if (!(from <= time && time < until)) {
      from = time
      until = nextUp(time)
    }
    const live = this.between(from, until)
    this.kept.unshift(live)
    this.kept.length = Math.min(this.kept.length, keptViews)
    return live
  }

  private between(from: number, until: number): Live {
    const view = liveView(this.program, from, until)
    return { from, until, view, few: fewTests(this.program, view), memo: new Memo() }
  }
}
