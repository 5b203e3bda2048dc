// `kram reconcile`: whether orders, documents, limits and stock agree with each other.
import { Command } from 'commander'
import { dataOption, jsonOption } from '../options.ts'

export const command = (): Command =>
  new Command('reconcile')
    .description(
      'Compares orders, customers’ documents, counters of limits and stock of the shop, which must not run meanwhile.\n' +
        'Changes nothing. The exit code is 1 when they do not agree; the first differences are printed.',
    )
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', '\nExample:\n  kram reconcile\n  kram reconcile --json')
    .action(async (options) => (await import('../reconcile.ts')).reconcileShop(options))
