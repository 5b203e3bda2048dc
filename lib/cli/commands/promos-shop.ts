// The commands of `kram promos` that keep the shop's promotions; what they do loads when one is run.
import { Command, InvalidArgumentError, Option } from 'commander'
import { languages } from '../../base/languages.ts'
import { limits } from '../../base/limits.ts'
import { positiveNumber, withShopOptions } from '../options.ts'

const history = () => import('../promos-history.ts')
const publish = () => import('../promos-publish.ts')

function versionNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text) && Number(text) <= limits.promoVersions) return Number(text)
  throw new InvalidArgumentError(`It must be a version, from 1 to ${limits.promoVersions}.`)
}

function reason(text: string): string {
  if (text.trim() === '' || text.length > limits.reasonChars) {
    throw new InvalidArgumentError(`It must be a sentence of at most ${limits.reasonChars} characters.`)
  }
  return text
}

const whyOption = (): Option => new Option('--why <text>', 'for the history').argParser(reason).makeOptionMandatory()
const stateOption = (flag: string, text: string): Option =>
  new Option(`${flag} <state>`, text).choices(['draft', 'test', 'live'])
const expectOption = (): Option =>
  new Option('--expect <version>', 'refuse when another one is current; 0: none (default: what is read now)').argParser(
    (text) => (text === '0' ? 0 : versionNumber(text)),
  )

const langOption = (): Option =>
  new Option('--lang <language>', 'tells in this language what promotions do').choices(languages)

/** publish, pause, rollback, list, history, diff. */
export const shopCommands = (): Command[] => [
  publishCommand(),
  withShopOptions(new Command('pause'))
    .description('Takes a promotion out of force at once: saves it as a draft.')
    .argument('<id>')
    .addOption(whyOption())
    .addHelpText('after', "\nExample:\n  kram promos pause black-friday --why 'gives too much'")
    .action(async (id, options) => (await publish()).pause(id, options)),
  withShopOptions(new Command('rollback'))
    .description('Saves the config of an earlier version as a new one.')
    .argument('<id>')
    .addOption(new Option('--to <version>', 'that version').argParser(versionNumber).makeOptionMandatory())
    .addOption(whyOption())
    .addOption(expectOption())
    .addHelpText('after', "\nExample:\n  kram promos rollback black-friday --to 3 --why 'the sums were right then'")
    .action(async (id, options) => (await publish()).rollBack(id, options)),
  withShopOptions(new Command('list'))
    .description('Lists promotions as they are now, by id.')
    .addOption(stateOption('--state', 'only those'))
    .addOption(langOption())
    .addHelpText('after', '\nExample:\n  kram promos list --state live --lang pl')
    .action(async (options) => (await history()).list(options)),
  withShopOptions(new Command('history'))
    .description('Tells who changed a promotion, when, why and what; newest first.')
    .argument('<id>')
    .addOption(new Option('-n, --count <n>', 'versions at most').argParser(positiveNumber).default(20))
    .addOption(langOption())
    .addHelpText('after', '\nExample:\n  kram promos history black-friday -n 3')
    .action(async (id, options) => (await history()).history(id, options)),
  withShopOptions(new Command('diff'))
    .description('Tells what changed between two versions: default, what the last save changed.')
    .argument('<id>')
    .argument('[from]', 'a version', versionNumber)
    .argument('[to]', 'another; default: the current one', versionNumber)
    .addOption(langOption())
    .addHelpText('after', '\nExample:\n  kram promos diff black-friday 1 4')
    .action(async (id, from, to, options) => (await history()).diff(id, from, to, options)),
]

const publishCommand = (): Command =>
  withShopOptions(new Command('publish'))
    .summary('save promotions: they are in force within seconds')
    .description(
      'Saves the promotions of a JSON file (one config, or a list of them; - reads standard input), each as its next ' +
        'version. One that is no different from the current version is left as it is. One that names no state is live.',
    )
    .argument('<file>')
    .addOption(whyOption())
    .addOption(new Option('--id <id>', 'of a config that names none'))
    .addOption(stateOption('--as', 'whatever the config says'))
    .addOption(expectOption())
    .addOption(new Option('--dry-run', 'only say what would change'))
    .addHelpText('after', "\nExample:\n  kram promos publish black-friday.json --why 'as agreed on Monday'")
    .action(async (file, options) => (await publish()).publish(file, options))
