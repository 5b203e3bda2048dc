// Which facts match what rules ask for, read from the slots that each fact was found to count in, without testing again.
import type { Evaluator, State } from './evaluator.ts'
import { type SlotList, slotsEnd, slotsStart } from './memo.ts'
import { code } from './program.ts'

/** Places in the list of facts, ascending. Not to be changed: rules that ask for the same facts share one. */
export type Places = readonly number[]

const none: Places = []

/** In `Evaluator.firstSelections`, which is to say: of a rule that nobody has asked about. */
const notLookedFor = -2

/** For each rule, as `Fired.places` says. */
export function placesOf(
  { program, placeMarks: marks, firstSelections }: Evaluator,
  { slots, live }: State,
  type: string,
  rules: ArrayLike<number>,
): (Places | undefined)[] {
  const { slotStart, liveSlots } = live.view
  const typeNumber = program.types.indexOf(type)
  // No rule asks for such facts.
  if (typeNumber < 0) return Array.from(rules, () => undefined)
  firstSelections[typeNumber] ??= new Int32Array(program.ruleFlags.length).fill(notLookedFor)
  const first = firstSelections[typeNumber]
  /** A slot in which facts count that match what the rule asks for; -1: firing has not found out. */
  const asked = new Int32Array(rules.length)
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as number
    if (first[rule] === notLookedFor) first[rule] = firstSelection(program, rule, typeNumber)
    const selection = first[rule] as number
    // Facts are known to count only in slots that the view keeps up to date.
    const isKnown = selection >= 0 && slotStart[selection] !== slotStart[selection + 1]
    const slot = isKnown ? (liveSlots[slotStart[selection] as number] as number) : -1
    asked[i] = slot
    if (isKnown) marks[slot] = i + 1
  }
  // By the last of the rules that ask for the same.
  const lists: (number[] | undefined)[] = new Array<undefined>(rules.length).fill(undefined)
  for (let place = 0; place < slots.length; place++) {
    const own = slots[place] as SlotList
    const end = slotsEnd(own)
    for (let i = slotsStart(own); i < end; i++) {
      const mark = marks[own[i] as number] as number
      if (mark === 0) continue
      const list = lists[mark - 1]
      if (list === undefined) lists[mark - 1] = [place]
      else list.push(place)
    }
  }
  const answers: (Places | undefined)[] = []
  for (const slot of asked) answers.push(slot < 0 ? undefined : (lists[(marks[slot] as number) - 1] ?? none))
  for (const slot of asked) if (slot >= 0) marks[slot] = 0
  return answers
}

// What the rule's first condition on a fact of that type selects; -1: it has none that stands by itself.
function firstSelection(
  { code: written, conditionStart, conditionCode, atomSlot, slotSelection, selectionType }: Evaluator['program'],
  rule: number,
  type: number,
): number {
  const end = conditionStart[rule + 1] as number
  for (let i = conditionStart[rule] as number; i < end; i++) {
    const at = conditionCode[i] as number
    if (written[at] !== code.match) continue
    const selection = slotSelection[atomSlot[written[at + 1] as number] as number] as number
    if (selectionType[selection] === type) return selection
  }
  return -1
}
