// `kram events ...`: what happens in the shop. What each does is loaded when it is called.
import { Argument, Command, Option } from 'commander'
import type { AsideList } from '../../app/set-aside.ts'
import { dataOption, instantOrAgo, jsonOption, positiveNumber, viaOption } from '../options.ts'
import { matchCommand } from './events-match.ts'

function tailCommand(): Command {
  return new Command('tail')
    .description('Prints the latest events in the order in which the bus took them; --follow goes on with new ones.')
    .addOption(new Option('-n, --lines <n>', 'how many of the latest').argParser(positiveNumber).default(20))
    .addOption(
      new Option('--from <time>', 'all since then: an instant, a day, or how long ago (90s, 15m, 12h, 7d)').argParser(
        instantOrAgo(Date.now()),
      ),
    )
    .addOption(new Option('--type <type>', 'only events of this type'))
    .addOption(new Option('-f, --follow', 'wait for more (only while a shop runs)').default(false))
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nExample:\n  kram events tail -n 5\n  kram events tail --from 1h --type new_customer --json',
    )
    .action(async (options) => (await import('../events-tail.ts')).tail(options))
}

function publishCommand(): Command {
  return new Command('publish')
    .description(
      'Publishes events: one by --type and --data, or JSON Lines from --file or standard input. A bad line is named\n' +
        'with its number and the place of the fault, the others go on, and the exit code is 1.',
    )
    .addOption(new Option('--type <type>', 'of the one event').conflicts('file'))
    .addOption(new Option('--data <json>', 'of the one event').conflicts('file'))
    .addOption(new Option('--file <path>', 'JSON Lines; a file that ends in .json holds one event'))
    .addOption(
      new Option('--format <format>', 'envelope: CloudEvents, or their type and data; clientflow: the first shop’s')
        .choices(['envelope', 'clientflow'])
        .default('envelope'),
    )
    .addOption(
      new Option('--batch <name>', 'a name for this input: publishing it again under the same name changes nothing'),
    )
    .addOption(viaOption())
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nExample:\n' +
        '  kram events publish --type new_product --data \'{"id": "mleko_1", "name": "Mleko", "type": "mleko", "price": 0.54}\'\n' +
        '  kram events publish --file events/examples/new_customer.json\n' +
        '  kram events publish --file messages.jsonl --format clientflow --batch monday',
    )
    .action(async (options, command) => (await import('../events-publish.ts')).publish(options, command))
}

const filterOptions = (command: Command): Command =>
  command
    .addOption(new Option('--id <id>', 'only this one'))
    .addOption(new Option('--subscription <name>', 'only those of this function'))
    .addOption(new Option('--code <code>', 'only those that failed with this code'))

function deadLettersCommand(): Command {
  return filterOptions(new Command('dead-letters'))
    .description('Lists what could not be handled, with the reason; of one that --id names, the whole event too.')
    .addOption(new Option('--without-discarded', 'leaves out those that somebody discarded'))
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', '\nExample:\n  kram events dead-letters --subscription on-customer-buys-product')
    .action(async (options) => (await import('../events-dead-letters.ts')).list(options))
}

function redriveCommand(): Command {
  return filterOptions(new Command('redrive'))
    .description('Sends dead letters again, each to the one function that failed on it.')
    .addOption(new Option('--all', 'all of them').conflicts(['id', 'subscription', 'code']))
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', '\nExample:\n  kram events redrive --code unknown_customer\n  kram events redrive --all')
    .action(async (options, command) => (await import('../events-dead-letters.ts')).redrive(options, command))
}

function discardCommand(): Command {
  return new Command('discard')
    .description('Sets one dead letter aside for good; it stays readable, with the reason.')
    .argument('<id>', 'of the dead letter')
    .requiredOption('--reason <text>', 'why, for whoever reads it later')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', '\nExample:\n  kram events discard 0198c1d2 --reason "test data of monday"')
    .action(async (id, options) => (await import('../events-dead-letters.ts')).discard(id, options))
}

const asideCommand = (list: AsideList, description: string): Command =>
  new Command(list)
    .description(description)
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', `\nExample:\n  kram events ${list}\n  kram events ${list} --json`)
    .action(async (options) => (await import('../events-aside.ts')).aside(list, options))

const asideOptions = (command: Command): Command =>
  command
    .addOption(new Option('--id <id>', 'only the event of this id'))
    .addOption(new Option('--type <type>', 'only events of this type'))
    .addOption(new Option('--code <code>', 'only those that lie aside for this reason'))
    .addOption(new Option('--all', 'all of them').conflicts(['id', 'type', 'code']))
    .addOption(new Option('--dry-run', 'say which, and change nothing').default(false))
    .addOption(jsonOption())
    .addOption(dataOption())

const resendCommand = (): Command =>
  asideOptions(new Command('resend'))
    .description(
      'Sends events again that the bus has refused for good (`kram events unsent`), when the reason is gone. One that is\n' +
        'refused again lies there again, with the newer reason.',
    )
    .addHelpText('after', '\nExample:\n  kram events resend --code too_large --dry-run\n  kram events resend --all')
    .action(async (options, command) =>
      (await import('../events-aside.ts')).changeAside({ kind: 'unsent' }, options, command),
    )

const discardAsideCommand = (): Command =>
  asideOptions(new Command('discard-aside'))
    .description('Discards events that lie aside; they stay readable in `kram events discarded`, with the reason.')
    .addArgument(new Argument('<list>', 'where they lie').choices(['unknown', 'unsent']))
    .requiredOption('--reason <text>', 'why, for whoever reads it later')
    .addHelpText(
      'after',
      '\nExample:\n  kram events discard-aside unknown --type shop_painted --reason "nobody needs it"\n' +
        '  kram events discard-aside unsent --all --reason "told by hand" --dry-run',
    )
    .action(async (kind, { reason, ...options }, command) =>
      (await import('../events-aside.ts')).changeAside({ kind, discard: reason }, options, command),
    )

const severalNames = (name: string, before: string[] | undefined): string[] => [...(before ?? []), name]

function replayCommand(): Command {
  const now = Date.now()
  return new Command('replay')
    .description(
      'Hands past events again to the functions that take replays (projections; reactors never do): what they missed\n' +
        'they store, what they know they pass over. Shows how far it is; Ctrl-C ends the showing, not the replay.',
    )
    .addOption(
      new Option('--from <time>', 'by the time the bus took them: an instant, a day, or how long ago').argParser(
        instantOrAgo(now),
      ),
    )
    .addOption(new Option('--to <time>', 'the end of that time, excluded; default: now').argParser(instantOrAgo(now)))
    .addOption(new Option('--type <type>', 'only events of this type (may be repeated)').argParser(severalNames))
    .addOption(new Option('--subscription <name>', 'only to this function (may be repeated)').argParser(severalNames))
    .addOption(new Option('--rate <n>', 'events a second at most').argParser(positiveNumber))
    .addOption(new Option('--dry-run', 'count them and change nothing').default(false))
    .addOption(new Option('--detach', 'do not wait for the end').default(false))
    .addOption(new Option('--status <name>', 'how far that replay is').conflicts(['cancel', 'from']))
    .addOption(new Option('--cancel <name>', 'end that replay').conflicts(['status', 'from']))
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nExample:\n  kram events replay --from 1d --type customer_buys_product --dry-run\n' +
        '  kram events replay --from 2026-11-20 --to 2026-11-21 --rate 500\n  kram events replay --cancel replay-3',
    )
    .action(async (options, command) => (await import('../events-replay.ts')).replay(options, command))
}

export const command = (): Command =>
  new Command('events')
    .description('What happens in the shop: events, and those that could not be handled.')
    .addCommand(tailCommand())
    .addCommand(publishCommand())
    .addCommand(deadLettersCommand())
    .addCommand(redriveCommand())
    .addCommand(discardCommand())
    .addCommand(asideCommand('unknown', 'Lists events that came over the bus and that no rule knows.'))
    .addCommand(asideCommand('unsent', 'Lists events of ours that the bus refuses for good, with the reason.'))
    .addCommand(asideCommand('discarded', 'Lists what was in those two and somebody has discarded, with the reason.'))
    .addCommand(resendCommand())
    .addCommand(discardAsideCommand())
    .addCommand(replayCommand())
    .addCommand(matchCommand())
