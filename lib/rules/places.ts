// Which facts match what rules ask for, read from the slots that each fact was found to count in, without testing again.
import type { State } from './evaluator.ts'
import type { Live } from './live.ts'
import { type SlotList, slotsEnd, slotsStart } from './memo.ts'
import { code, type Program } from './program.ts'

/** Places in the list of facts, ascending. Not to be changed. */
export type Places = readonly number[]

const none: Places = []

/** In place of a slot: nobody has asked about the rule; firing does not find out. */
const notLookedFor = -2
const nowhere = -1

/** Who counts where: of one state at a time, so that several questions about it cost one pass through its slots. */
export class SlotPlaces {
  private readonly program: Program
  private state: State | undefined
  private live: Live | undefined
  /** Type of facts -> rule -> the slot in which facts count that match what it asks for first, as far as it was looked for. */
  private askedSlots: (Int32Array | undefined)[] = []
  /** Slot -> its first entry, counted through all states, so that nothing need be cleared: those of this one are past `before`. */
  private readonly first: Float64Array
  private before = 0
  private count = 0
  /** Entry of this state -> where its fact stands, and the slot's next; 0: there is none. */
  private places = new Int32Array(64)
  private next = new Int32Array(64)

  constructor(program: Program) {
    this.program = program
    this.first = new Float64Array(program.slotSelection.length)
  }

  /** For each rule, as `Fired.places` says. */
  of(state: State, type: string, rules: ArrayLike<number>): (Places | undefined)[] {
    const typeNumber = this.program.types.indexOf(type)
    // No rule asks for such facts.
    if (typeNumber < 0) return Array.from(rules, () => undefined)
    if (this.state !== state) this.read(state)
    this.askedSlots[typeNumber] ??= new Int32Array(this.program.ruleFlags.length).fill(notLookedFor)
    const asked = this.askedSlots[typeNumber]
    const answers = new Array<Places | undefined>(rules.length)
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i] as number
      if (asked[rule] === notLookedFor) asked[rule] = this.slotOf(rule, typeNumber, state.live)
      const slot = asked[rule] as number
      answers[i] = slot === nowhere ? undefined : this.placesIn(slot)
    }
    return answers
  }

  private placesIn(slot: number): Places {
    const { places, next } = this
    let entry = (this.first[slot] as number) - this.before
    if (entry <= 0) return none
    // A list that begins empty makes room for many, and mostly there is one.
    const found = [places[entry] as number]
    for (entry = next[entry] as number; entry > 0; entry = next[entry] as number) found.push(places[entry] as number)
    return found
  }

  private read(state: State): void {
    const { slots, live } = state
    if (this.live !== live) this.askedSlots = []
    this.live = live
    this.state = state
    this.before += this.count
    this.makeRoom(slots)
    const { before, first, places, next } = this
    let entry = 0
    // From the last on, so that what comes first leads to the others.
    for (let place = slots.length - 1; place >= 0; place--) {
      const own = slots[place] as SlotList
      const end = slotsEnd(own)
      for (let i = slotsStart(own); i < end; i++) {
        const slot = own[i] as number
        entry++
        places[entry] = place
        next[entry] = Math.max(0, (first[slot] as number) - before)
        first[slot] = before + entry
      }
    }
    this.count = entry
  }

  private makeRoom(slots: readonly SlotList[]): void {
    let most = 1
    for (const list of slots) most += list.length
    if (most <= this.places.length) return
    this.places = new Int32Array(2 * most)
    this.next = new Int32Array(2 * most)
  }

  // In which facts count that match the rule's first condition on a fact of that type.
  private slotOf(rule: number, type: number, { view: { slotStart, liveSlots } }: Live): number {
    const { code: written, conditionStart, conditionCode, atomSlot, slotSelection, selectionType } = this.program
    const end = conditionStart[rule + 1] as number
    for (let i = conditionStart[rule] as number; i < end; i++) {
      const at = conditionCode[i] as number
      if (written[at] !== code.match) continue
      const selection = slotSelection[atomSlot[written[at + 1] as number] as number] as number
      if (selectionType[selection] !== type) continue
      // Facts are known to count only in slots that the view keeps up to date.
      const isKnown = slotStart[selection] !== slotStart[selection + 1]
      return isKnown ? (liveSlots[slotStart[selection] as number] as number) : nowhere
    }
    return nowhere
  }
}
