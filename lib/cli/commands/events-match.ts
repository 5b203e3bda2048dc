// `kram events match`: would this pattern take this event? A filter over JSONL, so it loads the matcher and no more.
import { Command } from 'commander'
import { KramError } from '../../base/errors.ts'
import { compilePattern } from '../../patterns/compile.ts'
import { parseKeepingNumbers } from '../../patterns/numbers.ts'
import { answerLines } from '../output.ts'

export const matchCommand = (): Command =>
  new Command('match')
    .description('reads {"pattern": ..., "event": ...} a line; answers true, false or {"invalid": "why"} a line')
    .addHelpText(
      'after',
      `\nExample:\n  echo '{"pattern": {"price": [{"numeric": ["<", 1]}]}, "event": {"price": 0.54}}' | kram events match`,
    )
    .action(() => answerLines(matchLine))

/**
 * The answer for one line of input.
 * @throws KramError invalid: `json_malformed`, `invalid_input`, `invalid_event`
 */
function matchLine(line: string): boolean | { invalid: string } {
  const { pattern, event } = parseLine(line)
  try {
    return compilePattern(pattern).matches(event)
  } catch (error) {
    if (!(error instanceof KramError) || error.code !== 'invalid_pattern') throw error
    const { message, pointer } = error.detail.issues?.[0] ?? { message: error.message, pointer: '' }
    return { invalid: pointer === '' ? message : `${message} at ${pointer}` }
  }
}

function parseLine(line: string): { pattern: unknown; event: unknown } {
  const value = parseJsonLine(line)
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'pattern') && Object.hasOwn(value, 'event')) {
    return value as { pattern: unknown; event: unknown }
  }
  throw new KramError('invalid', 'invalid_input', 'A line must be {"pattern": ..., "event": ...}.')
}

function parseJsonLine(line: string): unknown {
  try {
    return parseKeepingNumbers(line)
  } catch {
    throw new KramError('invalid', 'json_malformed', 'The line is not JSON.')
  }
}
