// Guards as code: a flat list of numbers, with their atoms and windows numbered.
import type { Guard } from './guard.ts'
import { FloatList, IntList } from './lists.ts'
import { code } from './program.ts'

type Atom = Extract<Guard, { op: 'atom' | 'match' }>

/** One of the things that must hold for a rule to fire: where its code begins, times two, plus one where it must not. */
export type Literal = number

export const positionOf = (literal: Literal): number => literal >> 1
export const isNegated = (literal: Literal): boolean => (literal & 1) === 1

export class CodeWriter {
  readonly code = new IntList()
  readonly atomSlot = new IntList()
  readonly atomLow = new FloatList()
  readonly atomHigh = new FloatList()
  readonly atomBound = new FloatList()
  readonly windowFrom = new FloatList()
  readonly windowUntil = new FloatList()
  /** Slot -> how often guards ask for it. */
  readonly slotUses: number[] = []
  /** Slot -> the atom on it that was met last; atom -> the one before it. */
  private readonly lastAtom: number[] = []
  private readonly earlierAtom = new IntList()

  /** Where the guard's code begins. */
  emit(guard: Guard): number {
    const at = this.code.length
    switch (guard.op) {
      case 'atom':
      case 'match':
        this.code.push(code[guard.op])
        this.code.push(this.atomOf(guard))
        break
      case 'window':
        this.code.push(code.window)
        this.code.push(this.windowFrom.push(guard.from))
        this.windowUntil.push(guard.until)
        break
      case 'not':
        this.code.push(code.not)
        this.emit(guard.part)
        break
      case 'and':
      case 'or':
        this.emitGroup(code[guard.op], () => {
          for (const part of guard.parts) this.emit(part)
        })
        break
      default:
        this.code.push(code[guard.op])
    }
    return at
  }

  /** As an `and` of these literals. */
  emitAll(literals: readonly Literal[]): number {
    return this.emitGroup(code.and, () => {
      for (const literal of literals) {
        if (isNegated(literal)) this.code.push(code.not)
        this.copy(positionOf(literal))
      }
    })
  }

  private emitGroup(operation: typeof code.and | typeof code.or, emitParts: () => void): number {
    const at = this.code.push(operation)
    const end = this.code.push(0)
    emitParts()
    this.code.set(end, this.code.length)
    return at
  }

  // Ends of groups are positions, which move with the copy.
  private copy(at: number): void {
    const operation = this.code.at(at)
    if (operation === code.and || operation === code.or) {
      this.emitGroup(operation, () => {
        for (const part of this.partsOf(at)) this.copy(part)
      })
      return
    }
    const end = operation === code.not ? at + 1 : this.endOf(at)
    for (let from = at; from < end; from++) this.code.push(this.code.at(from))
    if (operation === code.not) this.copy(end)
  }

  private atomOf({ slot, low, high, bound }: Atom): number {
    this.slotUses[slot] = (this.slotUses[slot] ?? 0) + 1
    const last = this.lastAtom[slot] ?? -1
    for (let atom = last; atom >= 0; atom = this.earlierAtom.at(atom)) {
      const isSame = this.atomLow.at(atom) === low && this.atomHigh.at(atom) === high
      if (isSame && this.atomBound.at(atom) === bound) return atom
    }
    this.atomLow.push(low)
    this.atomHigh.push(high)
    this.atomBound.push(bound)
    this.earlierAtom.push(last)
    const atom = this.atomSlot.push(slot)
    this.lastAtom[slot] = atom
    return atom
  }

  // ------------------------------------------------------------------------------------------------------ reading

  /** What follows the code that begins there. */
  endOf(position: number): number {
    switch (this.code.at(position)) {
      case code.atom:
      case code.match:
      case code.window:
        return position + 2
      case code.not:
        return this.endOf(position + 1)
      case code.and:
      case code.or:
        return this.code.at(position + 1)
      default:
        return position + 1
    }
  }

  /** The parts of a group. */
  partsOf(position: number): number[] {
    const parts: number[] = []
    const end = this.code.at(position + 1)
    for (let at = position + 2; at < end; at = this.endOf(at)) parts.push(at)
    return parts
  }

  /** The code taken apart into what must hold, each for itself. */
  literalsOf(position: number, negated: boolean, literals: Literal[]): void {
    const operation = this.code.at(position)
    if (operation === code.not) this.literalsOf(position + 1, !negated, literals)
    else if (operation === (negated ? code.or : code.and)) {
      for (const part of this.partsOf(position)) this.literalsOf(part, negated, literals)
    } else literals.push(position * 2 + Number(negated))
  }

  /** Of a literal, or -1. */
  atomAt(position: number): number {
    const operation = this.code.at(position)
    return operation === code.atom || operation === code.match ? this.code.at(position + 1) : -1
  }
}
