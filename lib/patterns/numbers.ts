// JSON numbers that a binary64 cannot keep. JSON.parse would round them silently; EventBridge never compares them by
// value, so those who have the JSON text (the CLI) parse it here and keep such a number as it was written.
import { isObject, type JsonValue, sameNumber } from '../base/json.ts'

/** A JSON number whose text a binary64 cannot keep: equal only to the same text. */
export class InexactNumber {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }

  toJSON(): { inexact: string } {
    return { inexact: this.source }
  }
}

/** A pattern's JSON, in which a number may be one that a binary64 cannot keep. */
export type PatternJson = JsonValue | InexactNumber | PatternJson[] | { [key: string]: PatternJson }

/** Whether it is an object of the JSON text: an InexactNumber is none. */
export const isPatternObject = (value: unknown): value is { [key: string]: PatternJson } =>
  isObject(value) && !(value instanceof InexactNumber)

// Shorter literals without an exponent are always kept, so most texts need no reviver.
const longNumber = /[0-9.]{16}|[0-9][eE]/

const keepNumber = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && context?.source !== undefined && !sameNumber(context.source, value)
    ? new InexactNumber(context.source)
    : value

/** JSON.parse, save that a number which a binary64 cannot keep becomes an InexactNumber. Throws SyntaxError. */
export const parseKeepingNumbers = (text: string): unknown =>
  longNumber.test(text) ? JSON.parse(text, keepNumber) : JSON.parse(text)
