// examples/<type>.json, made from the definitions: EventBridge's own shape, as a function receives it.

import type { EventDefinition } from './define.ts'
import { makeEvent } from './event.ts'

/** The picture of `timestamp_ms` 1650823114225 in the first text. */
const time = '2022-04-24T17:58:34.225Z'

/** The text of a type's example file: for `serverless invoke local -p` and `kram events publish`. */
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
