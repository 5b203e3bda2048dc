// What is said of changes: a part of each language's words.
import type { Forms } from '../words.ts'

export type ChangeWords = {
  created: (sentence: string) => string
  noLonger: (text: string) => string
  also: (text: string) => string
  unlimited: string
  none: string
  always: string
  standardHint: string
  noHint: string
  /** Of a field that lists: the same entries at other places. */
  reordered: string
  /** Two ways to write one thing. */
  sameMeaning: string
  codes: Forms
}
