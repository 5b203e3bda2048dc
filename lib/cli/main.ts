// `kram ...`: picks the command group and runs it. Groups load on demand, so that a filter starts fast.
import { Command } from 'commander'
import { fail } from './output.ts'

/** A command group: its file exports `command`, made anew for each run. */
type Group = { summary: string; load: () => Promise<{ command: () => Command }> }

const groups: Record<string, Group> = {}

async function main(argv: string[]): Promise<void> {
  const program = new Command('kram')
    .description('The shop at your fingertips: goods, customers, events, rules and promotions.')
    .showHelpAfterError('(kram --help lists what there is)')
  const wanted = groups[argv[0] ?? '']
  if (wanted) {
    program.addCommand((await wanted.load()).command())
  } else {
    for (const [name, group] of Object.entries(groups)) program.command(name).summary(group.summary)
  }
  await program.parseAsync(argv, { from: 'user' })
}

main(process.argv.slice(2)).catch(fail)
