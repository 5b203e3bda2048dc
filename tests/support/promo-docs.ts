// What docs/promos.md says of every kind of condition and action, of a config's fields and of placeholders, made from
// the schemas: a test holds the page to it, and who adds a kind copies it from the test's message.
import * as v from 'valibot'
import { actions } from '../../lib/promos/actions.ts'
import { conditions } from '../../lib/promos/conditions.ts'
import { promoSchema } from '../../lib/promos/config.ts'
import type { Placeholder } from '../../lib/promos/hint-template.ts'

/** What the placeholders of hints stand for. */
export const placeholderTexts: Record<Placeholder, string> = {
  missing_sum: 'the money that is still missing: "30 zł"',
  missing_units: 'the units that are still missing: "2"; {missing_units:sztuka|sztuki|sztuk} is the noun for so many',
  delivery: 'the delivery to choose',
  payment: 'the payment to choose',
  channel: 'where to order',
  code: 'a code of the promo',
  goods: 'the goods that it is about, as its filter names them: "Puma Shorts"',
  reward: 'what the customer gets: "free delivery"',
  gain: 'how much cheaper it gets: "50 zł"',
  title: "the promo's title",
  finish: 'the last day of the promo',
}

type Schema = v.GenericSchema<unknown, unknown>

const isOptional = (schema: Schema): boolean => schema.type === 'exact_optional'
const inner = (schema: Schema): Schema => ('wrapped' in schema ? (schema.wrapped as Schema) : schema)

function described(schema: Schema, name: string): string {
  const text = v.getDescription(inner(schema))
  if (text === undefined) throw new Error(`the schema of ${name} has no description`)
  return text
}

type Definition = { code: string; description: string; args: v.ObjectEntries }

function kindText({ code, description, args }: Definition): string {
  const lines = Object.entries(args).map(([name, schema]) => {
    const left = isOptional(schema as Schema) ? ' (may be left out)' : ''
    return `- \`${name}\`${left}: ${described(schema as Schema, `${code}.${name}`)}`
  })
  return [description, ...(lines.length > 0 ? [lines.join('\n')] : [])].join('\n\n')
}

const table = (rows: readonly (readonly string[])[]): string =>
  rows
    .map(
      (cells, i) =>
        `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |${i === 0 ? `\n|${' --- |'.repeat(cells.length)}` : ''}`,
    )
    .join('\n')

/** By the heading of the section that must hold it. */
export const generated = {
  conditions: new Map(Object.values(conditions).map((kind) => [kind.code as string, kindText(kind)])),
  actions: new Map(Object.values(actions).map((kind) => [kind.code as string, kindText(kind as Definition)])),
  config: table([
    ['field', '', 'what it is'],
    ...Object.entries(promoSchema.entries).map(([name, schema]) => [
      `\`${name}\``,
      isOptional(schema) ? '?' : '',
      described(schema, name),
    ]),
  ]),
  placeholders: table([
    ['placeholder', 'stands for'],
    ...Object.entries(placeholderTexts).map(([name, text]) => [`\`{${name}}\``, text]),
  ]),
}

/** Names of all arguments, by kind. */
export const argumentsOf = {
  conditions: new Map(Object.values(conditions).map(({ code, args }) => [code as string, Object.keys(args)])),
  actions: new Map(Object.values(actions).map(({ code, args }) => [code as string, Object.keys(args)])),
}
