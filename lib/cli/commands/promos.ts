// `kram promos ...`
import { Command, InvalidArgumentError } from 'commander'
import { parseJson } from '../../base/json.ts'
import { limits } from '../../base/limits.ts'
import { isTimeZone } from '../../base/zones.ts'
import { evaluate } from '../../promos/evaluate.ts'
import { answerLines } from '../output.ts'

export const command = (): Command =>
  new Command('promos').description('Promotions: check them, try them on orders.').addCommand(evaluateCommand())

const evaluateCommand = (): Command =>
  new Command('evaluate')
    .summary('what orders come to under promos: JSONL in, JSONL out')
    .description(
      'Reads JSONL on stdin, each line {"promos": [configs], "order": {...}, "now": "...", "usage"?: {...}, ' +
        '"tester"?: true}, and writes the allocation as one line each. A bad line gives ' +
        '{"error": {code, pointer, message}}; the next is read, and the exit code is 1 at the end.',
    )
    .option('--time-zone <zone>', 'time zone of promos that name none', timeZone, 'Europe/Kyiv')
    .addHelpText('after', '\nExample:\n  kram promos evaluate < orders.jsonl')
    .action(async (options: { timeZone: string }) => {
      await answerLines((line) => evaluate(readLine(line), options))
    })

const readLine = (line: string) => parseJson(line, { maxBytes: 3 * limits.lineChars })

function timeZone(text: string): string {
  if (isTimeZone(text)) return text
  throw new InvalidArgumentError('must be a time zone such as Europe/Kyiv')
}
