// `kram reconcile`: whether orders, documents, limits, stock and statistics agree with each other.
import { Command } from 'commander'
import { dataOption, jsonOption } from '../options.ts'

export const command = (): Command =>
  new Command('reconcile')
    .description(
      'Compares orders, customers’ documents, counters of limits, stock and statistics of the shop, which must not run\n' +
        'meanwhile. Changes nothing. The exit code is 1 when they do not agree; the first differences are printed.',
    )
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', '\nExample:\n  kram reconcile\n  kram reconcile --json')
    .action(async (options) => (await import('../reconcile.ts')).reconcileShop(options))
