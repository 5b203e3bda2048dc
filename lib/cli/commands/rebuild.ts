// `kram rebuild`: the log folded into a fresh table and compared with the one that serves.
import { Command, Option } from 'commander'
import { dataOption, jsonOption } from '../options.ts'

export const command = (): Command =>
  new Command('rebuild')
    .description(
      'Folds the whole log into a fresh table and compares it with the table of the shop, which must not run\n' +
        'meanwhile. Changes neither. The exit code is 1 when something differs that should not.',
    )
    .addOption(new Option('--into <file>', 'keep the fresh table in this SQLite file'))
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', '\nExample:\n  kram rebuild\n  kram rebuild --into rebuilt.sqlite --json')
    .action(async (options) => (await import('../rebuild.ts')).rebuildShop(options))
