// What is made from the definitions (`npm run events:examples`): examples/<type>.json and the table in docs/events.md.

import type { EventDefinition } from './define.ts'
import { makeEvent } from './event.ts'

/** The picture of `timestamp_ms` 1650823114225 in the first text. */
const time = '2022-04-24T17:58:34.225Z'

/** The text of a type's example file, in EventBridge's own shape, as a function receives it: for `serverless invoke local -p` and `kram events publish`. */
export function exampleText(definition: EventDefinition): string {
  const id = `example-${definition.type.replaceAll('_', '-')}`
  const detail = makeEvent(definition, definition.example, { id, time })
  const event = {
    version: '0',
    id,
    'detail-type': definition.type,
    source: definition.source,
    account: '000000000000',
    time: `${time.slice(0, 19)}Z`,
    region: 'eu-central-1',
    resources: [],
    detail,
  }
  return `${JSON.stringify(event, null, 2)}\n`
}

const begin = '<!-- made by npm run events:examples -->\n\n'
const end = '\n\n<!-- end -->'

/** docs/events.md with its table of types made anew. */
export function withTypeTable(page: string, definitions: readonly EventDefinition[]): string {
  const rows = definitions.map(({ type, source, description }) => [`\`${type}\``, `\`${source}\``, description])
  const head = ['type', 'source', 'what it says']
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const table = [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
  const [before, after] = [page.indexOf(begin), page.indexOf(end)]
  return before < 0 || after < 0 ? page : `${page.slice(0, before)}${begin}${table}${page.slice(after)}`
}
