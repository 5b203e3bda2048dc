// What tests of lib/rules are made of.
import type { Fact } from '../../lib/rules/types.ts'

/** 0 to `end - 1`. */
export const upTo = (end: number): number[] => Array.from({ length: end }, (_, n) => n)

export const line = (attributes: object): Fact => ({ type: 'line', ...attributes })
