// `kram make customers|products`: sample customers and goods, over the bus or into the table directly.
import { Command, Option } from 'commander'
import type { KramEvent } from '../../../events/catalog.ts'
import { KramError } from '../../base/errors.ts'
import { type CatalogueName, catalogues } from '../../shop/catalogues/catalogue.ts'
import type { Via } from '../../shop/samples.ts'
import { dataOption, jsonOption, positiveNumber, seedText, viaOption, wholeNumber } from '../options.ts'
import { counted } from '../output.ts'
import { hintWhenWaiting, reportRejections, sendAll } from '../send.ts'
import { type ShopClient, withClientOrNewShop } from '../shop-client.ts'
import { ascendingTimes } from '../stamps.ts'

type Options = { count?: number; from?: number; via: Via; seed: string; dataDir: string; json: boolean }

async function make(
  eventsOf: (client: ShopClient) => Promise<readonly KramEvent<'new_customer' | 'new_product'>[]>,
  what: 'customer' | 'product',
  { via, dataDir, json }: Options,
): Promise<void> {
  await withClientOrNewShop(dataDir, async (client) => {
    const events = await eventsOf(client)
    const { accepted, rejected } = await sendAll(client, events, { via, what: `${what}s` })
    reportRejections(rejected)
    const taken = new Set(accepted)
    const made = events.filter(({ id }) => taken.has(id)).map(({ data }) => data.id)
    if (json) for (const id of made) console.log(JSON.stringify({ id, via }))
    else console.log(summary(made, what, via))
    hintWhenWaiting(client, via)
  })
}

function summary(ids: readonly string[], what: string, via: Via): string {
  const way = via === 'bus' ? 'sent over the bus' : 'put into the table'
  const range = ids.length < 2 ? ids.join('') : `${ids[0]} to ${ids.at(-1)}`
  return `${counted(ids.length, what)} ${way}${range && `: ${range}`}`
}

/** Behind the customers with whom `npm start` filled an empty shop: they bear ids of the bus too. */
async function numberBehindSamples(client: ShopClient): Promise<number> {
  const { sampleCustomersAmong } = await import('../../local/samples.ts')
  try {
    for await (const first of client.customers()) return sampleCustomersAmong(first)
  } catch (error) {
    // Publishing needs the bus alone: who is there need not be known.
    if (!(error instanceof KramError) || error.kind !== 'unavailable') throw error
  }
  return 0
}

const clock = { now: Date.now }

const common = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--from <n>',
        'number of the first one (default: 0; of customers, behind the samples of npm start)',
      ).argParser(wholeNumber),
    )
    .addOption(viaOption())
    .addOption(
      new Option('--seed <text>', 'the same seed makes the same, whenever it runs').argParser(seedText).default('1'),
    )
    .addOption(dataOption())
    .addOption(jsonOption())

const customersCommand = (): Command =>
  common(new Command('customers'))
    .description(
      'Makes customers with Polish names: customer_k_000 ... over the bus, customer_db_000 ... into the table.\n' +
        'Running it again with the same seed changes nothing; --from numbers on.',
    )
    .addOption(new Option('--count <n>', 'how many').argParser(positiveNumber).default(5))
    .addHelpText('after', '\nExample:\n  kram make customers --count 5 --via table\n  kram make customers --from 5')
    .action(async (options: Options) => {
      const { customerEvents } = await import('../sample-events.ts')
      const { via, count = 5 } = options
      const eventsOf = async (client: ShopClient) => {
        const from = options.from ?? (via === 'bus' ? await numberBehindSamples(client) : 0)
        return customerEvents({ ...options, from, count, timeOf: ascendingTimes(clock) })
      }
      await make(eventsOf, 'customer', options)
    })

const productsCommand = (): Command =>
  common(new Command('products'))
    .description(
      'Makes products: mleko_k_1 ... over the bus, mleko_db_1 ... into the table. Running it again with the same\n' +
        'seed changes nothing; with another seed the same products get new prices.',
    )
    .addOption(
      new Option('--count <n>', 'how many; further ones are numbered on (default: the whole catalogue)').argParser(
        positiveNumber,
      ),
    )
    .addOption(new Option('--catalogue <name>', 'what to sell').choices(Object.keys(catalogues)).default('groceries'))
    .addHelpText(
      'after',
      '\nExample:\n  kram make products --via table\n  kram make products --catalogue fashion --count 100 --seed autumn',
    )
    .action(async (options: Options & { catalogue: CatalogueName }) => {
      const { productEvents } = await import('../sample-events.ts')
      const count = options.count ?? catalogues[options.catalogue].size
      const { from = 0 } = options
      const events = productEvents({ ...options, from, count, timeOf: ascendingTimes(clock) })
      await make(async () => events, 'product', options)
    })

export const command = (): Command =>
  new Command('make')
    .description('Makes sample customers and products.')
    .addCommand(customersCommand())
    .addCommand(productsCommand())
