// `kram events unknown|unsent|discarded|resend|discard-aside`: events that lie aside, which nobody handles or hears of.
import type { Command } from 'commander'
import type { Aside, AsideFilter, AsideKind, AsideList } from '../app/set-aside.ts'
import { KramError } from '../base/errors.ts'
import { oneLine } from '../shop/print.ts'
import type { ShopOptions } from './options.ts'
import { counted } from './output.ts'
import { withClient } from './shop-client.ts'

const nothing: Record<AsideList, string> = {
  unknown: 'No unknown events.',
  unsent: 'No unsent events.',
  discarded: 'No discarded events.',
}

/** For people; ends with the empty line that parts one from the next. */
function asideText({ event_id, type, source, time, code, message, discarded }: Aside): string {
  const lines = [`${time} ${type} ${source} ${event_id}`, `  ${code}: ${message}`]
  if (discarded !== undefined) lines.push(`  discarded: ${discarded}`)
  return `${lines.map(oneLine).join('\n')}\n\n`
}

export async function aside(list: AsideList, { dataDir, json }: ShopOptions): Promise<void> {
  await withClient(dataDir, async (client) => {
    let any = false
    for await (const one of client.aside(list)) {
      any = true
      process.stdout.write(json ? `${JSON.stringify(one)}\n` : asideText(one))
    }
    if (!any && !json) console.log(nothing[list])
  })
}

export type ChangeOptions = ShopOptions & AsideFilter & { all?: true; dryRun: boolean }

/** Without `discard`: unsent events are sent again. */
export async function changeAside(
  what: { kind: AsideKind; discard?: string },
  { id, type, code, all, dryRun, dataDir, json }: ChangeOptions,
  command: Command,
): Promise<void> {
  const filter: AsideFilter = {
    ...(id !== undefined && { id }),
    ...(type !== undefined && { type }),
    ...(code !== undefined && { code }),
  }
  if (!all && Object.keys(filter).length === 0) {
    command.error('error: say which ones by --id, --type or --code, or --all.', { exitCode: 2 })
  }
  await withClient(dataDir, async (client) => {
    const { events, more } = await client.changeAside({ ...what, filter, dryRun })
    if (events.length === 0 && id !== undefined) {
      const message = `The event ${id} does not lie aside in \`${what.kind}\`, at least not as one that can be sent.`
      throw new KramError('not_found', 'aside_not_found', message)
    }
    if (json) return console.log(JSON.stringify({ events, more, dry_run: dryRun }))
    const done = what.discard === undefined ? 'sent again' : 'discarded'
    console.log(`${counted(events.length, 'event', 'events')} ${dryRun ? 'would be ' : ''}${done}`)
    if (dryRun) for (const event of events) console.log(`  ${oneLine(event)}`)
    if (more) console.log('There may be more: ask again.')
    if (what.discard === undefined && !dryRun && !client.delivers) {
      console.error('No shop runs here: they wait until one does (npm start).')
    }
  })
}
