// `kram events unknown|unsent`: events that lie aside, which nobody handles or hears of.
import type { Aside, AsideKind } from '../app/set-aside.ts'
import { oneLine } from '../shop/print.ts'
import { withClient } from './shop-client.ts'

const nothing: Record<AsideKind, string> = { unknown: 'No unknown events.', unsent: 'No unsent events.' }

/** For people; ends with the empty line that parts one from the next. */
const asideText = ({ event_id, type, source, time, code, message }: Aside): string =>
  `${[`${time} ${type} ${source} ${event_id}`, `  ${code}: ${message}`].map(oneLine).join('\n')}\n\n`

export async function aside(kind: AsideKind, { dataDir, json }: { dataDir: string; json: boolean }): Promise<void> {
  await withClient(dataDir, async (client) => {
    let any = false
    for await (const one of client.aside(kind)) {
      any = true
      process.stdout.write(json ? `${JSON.stringify(one)}\n` : asideText(one))
    }
    if (!any && !json) console.log(nothing[kind])
  })
}
