// Text in the order of its UTF-8 bytes, which is the order of code points: what SQLite, DynamoDB and S3 sort by.
// JavaScript's own `<` compares UTF-16 units and puts U+FFFF after U+1F600.

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff

const encoder = new TextEncoder()

/** Whether its UTF-8 has at most so many bytes. One UTF-16 unit takes at most 3, so most texts need no encoding for it. */
export const isWithinBytes = (text: string, maxBytes: number): boolean =>
  text.length <= maxBytes && (text.length * 3 <= maxBytes || encoder.encode(text).length <= maxBytes)

/** Negative, 0 or positive, as the UTF-8 bytes of `a` come before, are or come after those of `b`. */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left === right) continue
    // A surrogate is half of a code point above U+FFFF, so it comes after every unit that is none.
    if (isSurrogate(left) !== isSurrogate(right)) return isSurrogate(left) ? 1 : -1
    return left - right
  }
  return a.length - b.length
}

/**
 * The smallest text that comes, by UTF-8 bytes, after every text that begins with `prefix`;
 * undefined when there is none (an empty prefix, or one of U+10FFFF alone).
 */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue
    // Surrogates are no code points of their own: the one after U+D7FF is U+E000.
    const next = last === 0xd7ff ? 0xe000 : last + 1
    return String.fromCodePoint(...points, next)
  }
  return undefined
}
