// String tests of patterns: equality and affixes without regard to case, and wildcards in linear time.

/** The spellings of one character that count as the same: its lower and its upper case. */
type Spellings = readonly [string, string]

/**
 * Per character, as EventBridge folds: a character of the pattern stands for its lower and its upper case, nothing
 * more. So ł is Ł, but ss is not ß (whose upper case is SS), and K does not stand for the Kelvin sign.
 */
export const foldedCharacters = (text: string): Spellings[] =>
  Array.from(text, (character) => [character.toLowerCase(), character.toUpperCase()])

// One character may fold to several (ß to SS), so more than one end may be possible; there are seldom two.
function ends(text: string, characters: readonly Spellings[]): number[] {
  let reached = [0]
  for (const [lower, upper] of characters) {
    const next: number[] = []
    for (const at of reached) {
      if (text.startsWith(lower, at)) next.push(at + lower.length)
      if (upper !== lower && text.startsWith(upper, at)) next.push(at + upper.length)
    }
    if (next.length === 0) return next
    reached = next.length > 1 ? [...new Set(next)] : next
  }
  return reached
}

export const equalsFolded = (text: string, characters: readonly Spellings[]): boolean =>
  ends(text, characters).includes(text.length)

export const startsFolded = (text: string, characters: readonly Spellings[]): boolean =>
  ends(text, characters).length > 0

export function endsFolded(text: string, characters: readonly Spellings[]): boolean {
  let reached = [text.length]
  for (const [lower, upper] of characters.toReversed()) {
    const next: number[] = []
    for (const at of reached) {
      if (text.endsWith(lower, at)) next.push(at - lower.length)
      if (upper !== lower && text.endsWith(upper, at)) next.push(at - upper.length)
    }
    if (next.length === 0) return false
    reached = next.length > 1 ? [...new Set(next)] : next
  }
  return true
}

/** Literal parts of a wildcard, between its asterisks; one part when there is none. */
export type WildcardParts = readonly string[]

/**
 * `*` stands for any characters, none included; `\*` and `\\` for themselves. Answers the parts, or why it is refused;
 * positions count UTF-8 bytes and the quote before the text, as EventBridge's do.
 */
export function wildcardParts(text: string): WildcardParts | { refused: string } {
  const parts = ['']
  let position = 1
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '*') {
      if (text.charAt(at + 1) === '*') return { refused: `Consecutive wildcard characters at pos ${position}` }
      parts.push('')
    } else if (character === '\\') {
      const escaped = text.charAt(at + 1)
      if (escaped !== '*' && escaped !== '\\') return { refused: `Invalid escape character at pos ${position}` }
      parts[parts.length - 1] += escaped
      at++
      position++
    } else {
      parts[parts.length - 1] += character
    }
    position += utf8Bytes(text, at)
  }
  return parts
}

// Of the UTF-16 unit at `at`; a surrogate pair takes four bytes, two for each half.
function utf8Bytes(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code < 0x80) return 1
  return code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3
}

/** Takes the leftmost place for each part in turn, which is always right and never goes back. */
export function matchesWildcard(text: string, parts: WildcardParts): boolean {
  const first = parts[0] ?? ''
  if (parts.length === 1) return text === first
  const last = parts[parts.length - 1] ?? ''
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  const end = text.length - last.length
  for (let index = 1; index < parts.length - 1; index++) {
    const part = parts[index] ?? ''
    const found = text.indexOf(part, at)
    if (found === -1 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

/**
 * How many beginnings of the wildcard one text can match at once, at worst: what matching it in a state machine
 * costs. Counting stops at `limit`.
 */
export function wildcardComplexity(parts: WildcardParts, limit: number): number {
  const tokens = parts.flatMap((part, index) => (index === 0 ? [...part] : [undefined, ...part]))
  const close = (states: Set<number>): number[] => {
    // An asterisk may stand for nothing: who stands before it also stands behind it.
    for (const state of states) if (state < tokens.length && tokens[state] === undefined) states.add(state + 1)
    return [...states].sort((a, b) => a - b)
  }
  const seen = new Set<string>()
  const queue = [close(new Set([0]))]
  let worst = 0
  for (let states = queue.pop(); states !== undefined; states = queue.pop()) {
    const key = states.join()
    if (seen.has(key)) continue
    seen.add(key)
    const readable = new Set(states.map((state) => tokens[state]))
    for (const character of readable) {
      const next = new Set<number>()
      for (const state of states) {
        if (state > 0 && tokens[state - 1] === undefined) next.add(state)
        if (character !== undefined && tokens[state] === character) next.add(state + 1)
      }
      const closed = close(next)
      worst = Math.max(worst, closed.length)
      if (worst >= limit) return limit
      queue.push(closed)
    }
  }
  return worst
}
