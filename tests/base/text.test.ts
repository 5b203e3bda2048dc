import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterPrefix, compareUtf8 } from '../../lib/base/text.ts'

const bytesOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

// Characters on both sides of every change in the length of UTF-8, of the surrogates, and of the end.
const edges = [
  '\u0000',
  'a',
  '\u007f',
  '\u0080',
  '\u07ff',
  '\u0800',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '\u{10000}',
  '\u{10ffff}',
]
const text = fc.array(fc.constantFrom(...edges), { maxLength: 5 }).map((points) => points.join(''))

describe('compareUtf8', () => {
  it('orders as the UTF-8 bytes do', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(bytesOrder(a, b))
      }),
      { seed: 20220424, numRuns: 2_000 },
    )
  })

  it('differs from the order of UTF-16 units where it must', () => {
    expect('\uffee' < '😀').toBe(false)
    expect(compareUtf8('\uffee', '😀')).toBeLessThan(0)
  })
})

describe('afterPrefix', () => {
  it('comes after every text with the prefix, and nothing else lies between', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const end = afterPrefix(prefix)
        const isBefore = end === undefined || bytesOrder(other, end) < 0
        expect(bytesOrder(other, prefix) >= 0 && isBefore).toBe(other.startsWith(prefix))
      }),
      { seed: 20220424, numRuns: 5_000 },
    )
  })

  it('is nothing where no text comes after', () => {
    for (const prefix of ['', '\u{10ffff}', '\u{10ffff}\u{10ffff}']) expect(afterPrefix(prefix)).toBeUndefined()
    expect(afterPrefix('a\u{10ffff}')).toBe('b')
    expect(afterPrefix('\ud7ff')).toBe('\ue000')
  })
})
