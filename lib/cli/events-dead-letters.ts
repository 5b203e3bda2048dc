// `kram events dead-letters|redrive|discard`.
import type { Command } from 'commander'
import { KramError } from '../base/errors.ts'
import type { DeadLetter, DeadLetterFilter } from '../ports/bus.ts'
import { oneLine } from '../shop/print.ts'
import type { ShopOptions } from './options.ts'
import { counted } from './output.ts'
import { type ShopClient, withClient } from './shop-client.ts'

const filterOf = ({ id, subscription, code }: DeadLetterFilter): DeadLetterFilter => ({
  ...(id !== undefined && { id }),
  ...(subscription !== undefined && { subscription }),
  ...(code !== undefined && { code }),
})

async function* all({ deadLetters }: ShopClient, filter: DeadLetterFilter): AsyncIterable<DeadLetter> {
  let after: string | undefined
  do {
    const page = await deadLetters.list({ ...filter, ...(after !== undefined && { after }) })
    yield* page.items
    after = page.next
  } while (after !== undefined)
}

/** For people; ends with the empty line that parts one from the next. */
function deadLetterText({
  id,
  event,
  subscription,
  code,
  message,
  tries,
  lastFailedAt,
  nextTryAt,
  discarded,
}: DeadLetter): string {
  const fate =
    discarded !== undefined ? `discarded: ${discarded}` : nextTryAt ? `next try ${nextTryAt}` : 'no further try'
  const lines = [
    `${id}  ${event.type} ${event.subject ?? event.id} -> ${subscription}`,
    `  ${code}: ${message}`,
    `  ${counted(tries, 'try', 'tries')}, the last ${lastFailedAt}; ${fate}`,
  ]
  return `${lines.map(oneLine).join('\n')}\n\n`
}

const notFound = (id: string, more = ''): KramError =>
  new KramError('not_found', 'dead_letter_not_found', `There is no dead letter ${id}${more}.`)

export async function list(options: ShopOptions & DeadLetterFilter & { withoutDiscarded?: true }): Promise<void> {
  const { id, json, dataDir, withoutDiscarded } = options
  await withClient(dataDir, async (client) => {
    let any = false
    for await (const letter of all(client, filterOf(options))) {
      if (withoutDiscarded && letter.discarded !== undefined) continue
      any = true
      process.stdout.write(json ? `${JSON.stringify(letter)}\n` : deadLetterText(letter))
      // Of one that was asked for, all that there is.
      if (id !== undefined && !json) process.stdout.write(`${JSON.stringify(letter.event, null, 2)}\n`)
    }
    if (!any && id !== undefined) throw notFound(id)
    if (!any && !json) console.log('No dead letters.')
  })
}

export async function redrive(
  options: ShopOptions & DeadLetterFilter & { all?: true },
  command: Command,
): Promise<void> {
  const filter = filterOf(options)
  if (!options.all && Object.keys(filter).length === 0) {
    command.error('error: say which ones by --id, --subscription or --code, or --all.')
  }
  await withClient(options.dataDir, async (client) => {
    const { redriven } = await client.deadLetters.redrive(filter)
    if (redriven === 0 && filter.id !== undefined) throw notFound(filter.id, ', at least none that can be sent again')
    if (options.json) console.log(JSON.stringify({ redriven }))
    else console.log(`${counted(redriven, 'dead letter', 'dead letters')} sent again`)
    if (!client.delivers) console.error('No shop runs here: they wait until one does (npm start).')
  })
}

export async function discard(id: string, { reason, dataDir, json }: ShopOptions & { reason: string }): Promise<void> {
  await withClient(dataDir, (client) => client.deadLetters.discard(id, reason))
  console.log(json ? JSON.stringify({ discarded: id, reason }) : `Dead letter ${oneLine(id)} set aside.`)
}
