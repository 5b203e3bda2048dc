// `kram ...`: picks the command group and runs it. Groups load on demand, so that a filter starts fast.
// Exit codes: 0 done, 1 it failed (at least in part), 2 the command line makes no sense.
import { Command, CommanderError } from 'commander'
import project from '../../package.json' with { type: 'json' }
import { fail } from './output.ts'

/** A command group: its file exports `command`, made anew for each run. */
type Group = { summary: string; load: () => Promise<{ command: () => Command }> }

const groups: Record<string, Group> = {
  make: { summary: 'sample customers and products', load: () => import('./commands/make.ts') },
  buy: { summary: 'random purchases', load: () => import('./commands/buy.ts') },
  list: { summary: 'customers and products, as text or JSON', load: () => import('./commands/list.ts') },
  events: {
    summary: 'what happened: tail, publish, match patterns, dead letters',
    load: () => import('./commands/events.ts'),
  },
  promos: {
    summary: 'promotions: check them, try them on orders, put them in force',
    load: () => import('./commands/promos.ts'),
  },
  orders: { summary: 'orders: place, show, cancel, take back', load: () => import('./commands/orders.ts') },
  rules: { summary: 'the rules evaluator over JSON Lines', load: () => import('./commands/rules.ts') },
  reconcile: {
    summary: 'whether orders, documents, limits and stock agree',
    load: () => import('./commands/reconcile.ts'),
  },
  rebuild: {
    summary: 'the log folded afresh and compared with the table',
    load: () => import('./commands/rebuild.ts'),
  },
  token: { summary: 'bearer tokens for the HTTP API', load: () => import('./commands/token.ts') },
}

/** Lines of the source are no lines of the terminal, whose width commander knows. */
const unbroken = (command: Command): string => command.description().replace(/\s*\n\s*/g, ' ')

/** Where a command stands in a list of others: its first sentence, as the groups themselves are told. */
function inOneLine(command: Command): string {
  const [first = ''] = (command.summary() || command.description()).replace(/\s+/g, ' ').split(/\.(?: |$)/)
  return first.charAt(0).toLowerCase() + first.slice(1)
}

// Commander ends the process by itself, with 1 for a wrong command line; here it throws, and `ended` decides.
function throwing(command: Command, path = command.name()): Command {
  command
    .configureHelp({ subcommandDescription: inOneLine, commandDescription: unbroken })
    .exitOverride()
    .showHelpAfterError(`(${path} --help says what there is)`)
  for (const child of command.commands) throwing(child, `${path} ${child.name()}`)
  return command
}

function ended(error: unknown): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else fail(error)
}

async function main(given: string[]): Promise<void> {
  // `kram help make` is `kram make --help`: the group must be loaded to tell.
  const argv = given[0] === 'help' && given[1] !== undefined ? [...given.slice(1), '--help'] : given
  const program = new Command('kram')
    .description('The shop at your fingertips: goods, customers, events, rules and promotions.')
    .version(project.version)
  const name = argv[0] ?? ''
  const wanted = Object.hasOwn(groups, name) ? groups[name] : undefined
  if (wanted) {
    program.addCommand((await wanted.load()).command())
  } else {
    for (const [name, group] of Object.entries(groups)) program.command(name).summary(group.summary)
  }
  throwing(program).showHelpAfterError('(kram --help lists what there is)')
  await program.parseAsync(argv, { from: 'user' })
}

// `kram events tail | head`: who reads us may stop at any time.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  console.error(`kram: The answer cannot be written: ${error.message}`)
  process.exit(1)
})

main(process.argv.slice(2)).catch(ended)
