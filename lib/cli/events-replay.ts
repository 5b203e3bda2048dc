// `kram events replay`: past events handed again to the functions that take replays; status, cancel, dry run.
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import { eventTypes, isEventType } from '../../events/catalog.ts'
import { KramError } from '../base/errors.ts'
import { toInstant } from '../base/time.ts'
import { projectService, readService } from '../local/service.ts'
import { compilePattern } from '../patterns/compile.ts'
import type { ReplayRequest, ReplayStatus } from '../ports/bus.ts'
import { toBusEvent } from '../ports/bus-event.ts'
import { counted } from './output.ts'
import { startProgress } from './progress.ts'
import { type ShopClient, withClient } from './shop-client.ts'

type Options = {
  from?: string
  to?: string
  type?: string[]
  subscription?: string[]
  rate?: number
  dryRun: boolean
  detach: boolean
  status?: string
  cancel?: string
  json: boolean
  dataDir: string
}

const pollMs = 200

const requestOf = ({ from, to, type, subscription, rate }: Options & { from: string; to: string }): ReplayRequest => ({
  from,
  to,
  ...(type && { pattern: { 'detail-type': type } }),
  ...(subscription && { subscriptions: subscription }),
  ...(rate !== undefined && { rate }),
})

function statusText({ name, state, total, done, message }: ReplayStatus): string {
  const amount =
    total === undefined ? '' : `, ${done ?? 0} of ${counted(total, 'event', 'events')} of that time looked at`
  return `${name}: ${state}${amount}${message === undefined ? '' : `: ${message}`}`
}

const show = (status: ReplayStatus, json: boolean): void =>
  console.log(json ? JSON.stringify(status) : statusText(status))

/** The functions that would get events, each with its pattern; those that were asked for must be among them. */
function targetsOf(asked: readonly string[] | undefined) {
  const { subscriptions } = readService(projectService)
  for (const name of asked ?? []) {
    const found = subscriptions.find((each) => each.name === name)
    if (found?.takesReplays) continue
    const message = found ? `${name} takes no replays: it acts on events.` : `There is no subscription ${name}.`
    throw new KramError('invalid', 'replay_refused', message)
  }
  return subscriptions
    .filter(({ name, takesReplays }) => takesReplays && (asked === undefined || asked.includes(name)))
    .map(({ name, pattern }) => ({ name, pattern: compilePattern(pattern) }))
}

type Counts = { [name: string]: number }

const sorted = (counts: Counts): Counts => Object.fromEntries(Object.entries(counts).toSorted())

/** Counts, by type and by function, what a replay would hand out; nothing is changed. */
async function dryRun(client: ShopClient, { from, to, pattern, subscriptions: asked }: ReplayRequest) {
  const targets = targetsOf(asked)
  const types: Counts = {}
  const subscriptions: Counts = {}
  let events = 0
  let after: string | undefined
  for (;;) {
    const page = await client.events({ from, to, ...(pattern && { pattern }), ...(after !== undefined && { after }) })
    for (const { event } of page.items) {
      const busEvent = toBusEvent(event, 0, 'dry-run')
      const takers = targets.filter((target) => target.pattern.matches(busEvent))
      if (takers.length === 0) continue
      events++
      types[event.type] = (types[event.type] ?? 0) + 1
      for (const { name } of takers) subscriptions[name] = (subscriptions[name] ?? 0) + 1
    }
    if (!page.more) return { events, types: sorted(types), subscriptions: sorted(subscriptions) }
    after = page.next
  }
}

// Watches until it has ended. Ctrl-C ends the watching, not the replay.
async function watch(client: ShopClient, begun: ReplayStatus, json: boolean): Promise<ReplayStatus> {
  const bar = await startProgress('events', json ? 0 : (begun.total ?? 0))
  let status = begun
  try {
    while (status.state === 'running') {
      await wait(pollMs)
      const next = await client.replays.status(begun.name)
      bar.advance((next.done ?? 0) - (status.done ?? 0))
      status = next
    }
  } finally {
    bar.stop()
  }
  return status
}

async function start(client: ShopClient, request: ReplayRequest, { detach, json }: Options): Promise<void> {
  const begun = await client.replays.start(request)
  if (!client.delivers) console.error('No shop runs here: it begins when one does (npm start).')
  if (detach || !client.delivers) return show(begun, json)
  const ended = await watch(client, begun, json)
  show(ended, json)
  if (ended.state === 'failed') process.exitCode = 1
}

export async function replay(options: Options, command: Command): Promise<void> {
  const { from, to, status, cancel, json, dataDir } = options
  const unknown = options.type?.find((type) => !isEventType(type))
  if (unknown !== undefined) command.error(`error: no event is of type ${unknown}; there are ${eventTypes.join(', ')}.`)
  await withClient(dataDir, async (client) => {
    if (status !== undefined) return show(await client.replays.status(status), json)
    if (cancel !== undefined) return show(await client.replays.cancel(cancel), json)
    if (from === undefined) {
      command.error('error: say which time by --from (and --to), or name a replay by --status or --cancel.')
    }
    const request = requestOf({ ...options, from, to: to ?? toInstant(Date.now()) })
    if (!options.dryRun) return await start(client, request, options)
    const { events, types, subscriptions } = await dryRun(client, request)
    if (json) return console.log(JSON.stringify({ dry_run: true, events, types, subscriptions }))
    console.log(`${counted(events, 'event', 'events')} would be handed out again`)
    for (const [type, count] of Object.entries(types)) console.log(`  ${type}: ${count}`)
    for (const [name, count] of Object.entries(subscriptions)) console.log(`  to ${name}: ${count}`)
  })
}
