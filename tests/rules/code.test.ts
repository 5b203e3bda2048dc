// Guards as code: whatever is written can be read again, whole, in parts, and put together anew.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CodeWriter, isNegated, positionOf } from '../../lib/rules/code.ts'
import type { Guard } from '../../lib/rules/guard.ts'
import { code } from '../../lib/rules/program.ts'

type Read = { guard: Guard; end: number }

/** What the numbers from there on say, and where they end; it knows nothing of the writer but its lists. */
function read(writer: CodeWriter, at: number): Read {
  const numbers = writer.code.toArray()
  const name = (Object.keys(code) as (keyof typeof code)[]).find((each) => code[each] === numbers[at])
  const next = numbers[at + 1] as number
  switch (name) {
    case 'true':
    case 'unknown':
      return { guard: { op: name }, end: at + 1 }
    case 'atom':
    case 'match': {
      const [low, high, bound] = [writer.atomLow, writer.atomHigh, writer.atomBound].map((list) => list.at(next))
      const numbered = { low, high, bound } as { low: number; high: number; bound: number }
      return { guard: { op: name, slot: writer.atomSlot.at(next), ...numbered }, end: at + 2 }
    }
    case 'window': {
      const [from, until] = [writer.windowFrom.at(next), writer.windowUntil.at(next)]
      return { guard: { op: name, from, until }, end: at + 2 }
    }
    case 'not': {
      const { guard: part, end } = read(writer, at + 1)
      return { guard: { op: name, part }, end }
    }
    case 'and':
    case 'or': {
      const parts: Guard[] = []
      let place = at + 2
      while (place < next) {
        const { guard, end } = read(writer, place)
        parts.push(guard)
        place = end
      }
      expect(place).toBe(next)
      return { guard: { op: name, parts }, end: place }
    }
    default:
      throw new Error(`there is no operation ${numbers[at]}`)
  }
}

// So many atoms and windows that their numbers are operations as well.
const bounds = fc.record({
  slot: fc.nat({ max: 2 }),
  low: fc.nat({ max: 2 }),
  high: fc.nat({ max: 2 }),
  bound: fc.nat({ max: 1 }),
})
const guards = fc.letrec<{ guard: Guard }>((tie) => ({
  guard: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Guard>({ op: 'true' }, { op: 'unknown' }),
    fc
      .tuple(fc.constantFrom('atom' as const, 'match' as const), bounds)
      .map(([op, values]): Guard => ({ op, ...values })),
    fc.record({ op: fc.constant('window' as const), from: fc.nat(), until: fc.nat() }),
    fc.record({ op: fc.constant('not' as const), part: tie('guard') }),
    fc.record({ op: fc.constantFrom('and' as const, 'or' as const), parts: fc.array(tie('guard'), { maxLength: 4 }) }),
  ),
})).guard
const settings = { seed: 12, numRuns: 500 }

/** What must hold, each for itself: an `and` falls into its parts, and so does the negation of an `or`. */
function literals(guard: Guard, negated: boolean): Guard[] {
  if (guard.op === 'not') return literals(guard.part, !negated)
  if (guard.op === (negated ? 'or' : 'and')) return guard.parts.flatMap((part) => literals(part, negated))
  return [negated ? { op: 'not', part: guard } : guard]
}

test('guards are read as they were written, wherever they begin', () => {
  fc.assert(
    fc.property(fc.array(guards, { minLength: 1, maxLength: 4 }), (list) => {
      const writer = new CodeWriter()
      const starts = list.map((guard) => writer.emit(guard))
      list.forEach((guard, i) => {
        const start = starts[i] as number
        const { guard: found, end } = read(writer, start)
        expect(found).toEqual(guard)
        expect(end).toBe(starts[i + 1] ?? writer.code.length)
        expect(writer.endOf(start)).toBe(end)
        if (guard.op !== 'and' && guard.op !== 'or') return
        expect(writer.partsOf(start).map((at) => read(writer, at).guard)).toEqual(guard.parts)
      })
    }),
    settings,
  )
})

test('what must hold is found, each for itself, and put together anew', () => {
  fc.assert(
    fc.property(guards, guards, (first, second) => {
      const writer = new CodeWriter()
      const found: number[] = []
      for (const guard of [first, second]) writer.literalsOf(writer.emit(guard), false, found)
      const wanted = [...literals(first, false), ...literals(second, false)]
      const inner = wanted.map((each) => (each.op === 'not' ? each.part : each))
      expect(found.map((literal) => read(writer, positionOf(literal)).guard)).toEqual(inner)
      expect(found.map(isNegated)).toEqual(wanted.map(({ op }) => op === 'not'))
      expect(read(writer, writer.emitAll(found)).guard).toEqual({ op: 'and', parts: wanted })
    }),
    settings,
  )
})

describe('atoms', () => {
  const atom = { op: 'atom', slot: 3, low: 1, high: 5, bound: 1 } as const satisfies Guard

  test('that are the same in all are one', () => {
    const writer = new CodeWriter()
    const others: Guard[] = [
      { ...atom, op: 'match' },
      { ...atom, slot: 4 },
      { ...atom, low: 0 },
      { ...atom, high: 6 },
      { ...atom, bound: 0 },
      { ...atom, low: 0, bound: 0 },
    ]
    const numbers = [atom, ...others, ...others.toReversed(), atom].map((guard) => writer.atomAt(writer.emit(guard)))
    expect(numbers).toEqual([0, 0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0, 0])
    expect([...writer.atomSlot.toArray()]).toEqual([3, 4, 3, 3, 3, 3])
  })

  test('are counted by slot, each time they are asked for', () => {
    const writer = new CodeWriter()
    for (const slot of [3, 0, 3]) writer.emit({ op: 'and', parts: [{ ...atom, slot }] })
    expect([0, 1, 2, 3].map((slot) => writer.slotUses[slot])).toEqual([1, undefined, undefined, 2])
  })

  test('only stand where there is one', () => {
    const writer = new CodeWriter()
    const rest: Guard[] = [{ op: 'true' }, { op: 'window', from: 1, until: 2 }, { op: 'not', part: atom }]
    expect(rest.map((guard) => writer.atomAt(writer.emit(guard)))).toEqual([-1, -1, -1])
  })
})
