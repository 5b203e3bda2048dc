// `kram orders ...`: places orders, shows them, cancels them, takes goods back. What each does loads when it is called.
import { Command, InvalidArgumentError, Option } from 'commander'
import { limits } from '../../base/limits.ts'
import { withShopOptions } from '../options.ts'
import type { Units } from '../orders.ts'

const actions = () => import('../orders.ts')

// As the API takes it.
const idempotencyPattern = new RegExp(`^[\\x21-\\x7e]{1,${limits.requestIdChars}}$`)

// Ids hold no `=`.
function units(text: string, before: Units[] | undefined): Units[] {
  const match = /^([^=]+)=([1-9]\d{0,4})$/.exec(text)
  if (!match) throw new InvalidArgumentError('It must be an id and how many, such as chleb_k_1=6.')
  return [...(before ?? []), { id: String(match[1]), quantity: Number(match[2]) }]
}

function minor(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be an amount in minor units, such as 194 for 1.94.')
}

const several = (text: string, before: string[] | undefined): string[] => [...(before ?? []), text]

function key(text: string): string {
  if (idempotencyPattern.test(text)) return text
  throw new InvalidArgumentError(`It must be 1 to ${limits.requestIdChars} printable ASCII characters without spaces.`)
}

const keyOption = (): Option =>
  new Option('--key <key>', 'Idempotency-Key: the same request under it is done once (default: a new one)').argParser(
    key,
  )

const placeCommand = (): Command =>
  withShopOptions(new Command('place'))
    .description(
      'Places an order. It is placed at --expect-total-minor or less; when it now comes to more, nothing is ordered\n' +
        'and the exit code is 1. Without it, at what the cart comes to now.',
    )
    .addOption(new Option('--customer <id>', 'whose order it is').conflicts('file'))
    .addOption(new Option('--line <product=quantity>', 'goods (may be repeated)').argParser(units).conflicts('file'))
    .addOption(new Option('--code <code>', 'a promo code (may be repeated)').argParser(several).conflicts('file'))
    .addOption(new Option('--delivery <method>', 'one of the shop’s').conflicts('file'))
    .addOption(new Option('--city <name>', 'of the delivery').conflicts('file'))
    .addOption(new Option('--payment <method>', 'such as card').conflicts('file'))
    .addOption(new Option('--channel <name>', 'where the customer is: web, app ...').conflicts('file'))
    .addOption(new Option('--expect-total-minor <n>', 'what the customer was shown').argParser(minor).conflicts('file'))
    .addOption(
      new Option('--expect-promo <id>', 'a promotion that the customer was shown (may be repeated)')
        .argParser(several)
        .conflicts('file'),
    )
    .addOption(new Option('--file <path>', 'all of that as JSON, as POST /orders takes it; - reads standard input'))
    .addOption(keyOption())
    .addHelpText(
      'after',
      '\nExample:\n  kram orders place --customer customer_k_004 --line chleb_k_1=6 --code CHLEB10\n' +
        '  kram orders place --file order.json --key basket-4711',
    )
    .action(async (options, command) => (await actions()).place(options, command))

export const command = (): Command =>
  new Command('orders')
    .description('Orders: placed once, within all limits, at what the customer was shown.')
    .addCommand(placeCommand())
    .addCommand(
      withShopOptions(new Command('show'))
        .description('Shows one order, and what has come back of it.')
        .argument('<order>')
        .addHelpText('after', '\nExample:\n  kram orders show 0d5f... --json')
        .action(async (id, options) => (await actions()).show(id, options)),
    )
    .addCommand(
      withShopOptions(new Command('list'))
        .description('Lists the orders of a customer, oldest first.')
        .argument('<customer>')
        .addHelpText('after', '\nExample:\n  kram orders list customer_k_004')
        .action(async (id, options) => (await actions()).list(id, options)),
    )
    .addCommand(
      withShopOptions(new Command('cancel'))
        .description(
          'Cancels an order of which nothing has come back: all that was paid and all limits are given back.',
        )
        .argument('<order>')
        .addHelpText('after', '\nExample:\n  kram orders cancel 0d5f...')
        .action(async (id, options) => (await actions()).cancel(id, options)),
    )
    .addCommand(
      withShopOptions(new Command('return'))
        .description('Takes units back: for each is given back what was paid for it.')
        .argument('<order>')
        .addOption(
          new Option('--line <line=quantity>', 'a line of the order and how many units of it (may be repeated)')
            .argParser(units)
            .makeOptionMandatory(),
        )
        .addOption(keyOption())
        .addHelpText('after', '\nExample:\n  kram orders return 0d5f... --line chleb_k_1=2 --key parcel-12')
        .action(async (id, options) => (await actions()).takeBack(id, options)),
    )
