// `kram promos ...`
import { Command, InvalidArgumentError } from 'commander'
import { parseJson, promosShape } from '../../base/json.ts'
import { type Language, languages } from '../../base/languages.ts'
import { limits } from '../../base/limits.ts'
import { isTimeZone } from '../../base/zones.ts'
import { type EvaluateOptions, evaluate, explainInput, hintsInput } from '../../promos/evaluate.ts'
import { promoJsonSchema } from '../../promos/json-schema.ts'
import { type Verdict, validateInput } from '../../promos/validate.ts'
import { answerLines, errorLine } from '../output.ts'
import { readJson } from '../read-file.ts'
import { shopCommands } from './promos-shop.ts'

export const command = (): Command =>
  [evaluateCommand(), explainCommand(), hintsCommand(), validateCommand(), schemaCommand(), ...shopCommands()].reduce(
    (group, child) => group.addCommand(child),
    new Command('promos').description('Promotions: check them, try them on orders, explain them, put them in force.'),
  )

const line = '{"promos": [configs], "order": {...}, "now": "...", "usage"?: {...}, "tester"?: true}'
const badLine =
  'A bad line gives {"error": {code, pointer, message}}; the next is read, and the exit code is 1 at the end.'

const lineCommand = (name: string, summary: string, description: string, answer: Answer): Command =>
  new Command(name)
    .summary(summary)
    .description(description)
    .option('--time-zone <zone>', 'time zone of promos that name none', timeZone, 'Europe/Kyiv')
    .option('--lang <language>', `language of hints: ${languages.join(', ')}`, language, 'en')
    .addHelpText('after', `\nExample:\n  kram promos ${name} < orders.jsonl`)
    .action(async ({ timeZone, lang }: { timeZone: string; lang: Language }) => {
      await answerLines((text) => answer(readLine(text), { timeZone, language: lang }))
    })

type Answer = (input: unknown, options: EvaluateOptions) => unknown

const evaluateCommand = (): Command =>
  lineCommand(
    'evaluate',
    'what orders come to under promos: JSONL in, JSONL out',
    `Reads JSONL on stdin, each line ${line}, and writes the allocation as one line each. ${badLine}`,
    evaluate,
  )

const explainCommand = (): Command =>
  lineCommand(
    'explain',
    'every promo with all its conditions: what it gave, or what stood in its way',
    `Reads the same lines as evaluate and writes {"promos": [...]} for each. ${badLine}`,
    explainInput,
  )

const hintsCommand = (): Command =>
  lineCommand(
    'hints',
    'what a cart or a product page says: JSONL in, JSONL out',
    'Reads the same lines as evaluate; with "product": {currency, sku, price_minor, attributes} in place of "order" ' +
      `the hints are those of a product page. Writes {"hints": [...], "valid_until"} for each. ${badLine}`,
    hintsInput,
  )

const lineBounds = { maxBytes: 3 * limits.lineChars, shape: promosShape }
const readLine = (text: string) => parseJson(text, lineBounds)

type ValidateOptions = { timeZone: string; mostPercent: number }

const validateCommand = (): Command =>
  new Command('validate')
    .summary('what saving would refuse, and what is probably not meant')
    .description(
      'Checks files that hold a config, a list of them, or {"promos": [configs], "usage"?: {...}}; without files, ' +
        'JSONL on stdin. Writes {"valid", "promos": [{id, errors, warnings}]} for each, or {"error": {code, pointer, ' +
        'message}} for one that cannot be read; the exit code is 1 when one is not valid.',
    )
    .argument('[files...]')
    .option('--time-zone <zone>', 'time zone of promos that name none', timeZone, 'Europe/Kyiv')
    .addHelpText('after', '\nExample:\n  kram promos validate black-friday.json')
    .option('--most-percent <percent>', 'warn of two promos that take more than this together', percentage, 50)
    .action(async (files: string[], options: ValidateOptions) => {
      const answer = (input: unknown): { valid: boolean; promos: Omit<Verdict, 'index'>[] } => {
        const verdict = validate(input, options)
        if (!verdict.valid) process.exitCode = 1
        return verdict
      }
      if (files.length === 0) await answerLines((text) => answer(readLine(text)))
      for (const file of files) console.log(JSON.stringify({ file, ...(await answerOfFile(file, answer)) }))
    })

// A file that is no good is answered as a line is, and the next is read.
async function answerOfFile(file: string, answer: (input: unknown) => object): Promise<object> {
  try {
    return answer(await readJson(file, lineBounds))
  } catch (error) {
    process.exitCode = 1
    return { error: errorLine(error) }
  }
}

function validate(input: unknown, { timeZone, mostPercent }: ValidateOptions) {
  const promos = validateInput(input, { settings: { timeZone }, mostPercent })
  return {
    valid: promos.every(({ errors }) => errors.length === 0),
    promos: promos.map(({ index: _, ...verdict }) => verdict),
  }
}

const schemaCommand = (): Command =>
  new Command('schema')
    .summary('the schema of configs, as JSON Schema')
    .addHelpText('after', '\nExample:\n  kram promos schema > promo.schema.json')
    .action(() => console.log(JSON.stringify(promoJsonSchema(), null, 2)))

function timeZone(text: string): string {
  if (isTimeZone(text)) return text
  throw new InvalidArgumentError('must be a time zone such as Europe/Kyiv')
}

function language(text: string): Language {
  const found = languages.find((known) => known === text)
  if (found) return found
  throw new InvalidArgumentError(`must be one of ${languages.join(', ')}`)
}

function percentage(text: string): number {
  const percent = Number(text)
  if (percent > 0 && percent <= 100) return percent
  throw new InvalidArgumentError('must be a percentage, more than 0 and at most 100')
}
