// `kram buy`: random customers buy random products, as the first shop's scripts did.
import { Command, Option } from 'commander'
import { KramError } from '../../base/errors.ts'
import type { Via } from '../../shop/samples.ts'
import { dataOption, jsonOption, positiveNumber, seedText, viaOption } from '../options.ts'
import { counted } from '../output.ts'
import { purchaseEvents, randomPurchases } from '../sample-events.ts'
import { hintWhenWaiting, reportRejections, sendAll } from '../send.ts'
import { withClient } from '../shop-client.ts'
import { ascendingTimes, freshId } from '../stamps.ts'

type Options = { count: number; via: Via; seed?: string; dataDir: string; json: boolean }

async function idsOf(ids: AsyncIterable<string>, what: string): Promise<string[]> {
  const all = await Array.fromAsync(ids)
  if (all.length > 0) return all
  throw new KramError('not_found', 'nothing_to_draw', `There is no ${what} yet: kram make ${what}s.`)
}

async function buy({ count, via, seed, dataDir, json }: Options): Promise<void> {
  await withClient(dataDir, async (client) => {
    const customers = await idsOf(client.customerIds(), 'customer')
    const products = await idsOf(client.productIds(), 'product')
    const purchases = randomPurchases(customers, products, { count, seed: seed ?? freshId() })
    const events = purchaseEvents(purchases, { seed, timeOf: ascendingTimes({ now: Date.now }) })
    const { accepted, rejected } = await sendAll(client, events, { via, what: 'purchases' })
    reportRejections(rejected)
    if (json) {
      const taken = new Set(accepted)
      for (const { id, data } of events) if (taken.has(id)) console.log(JSON.stringify({ id, ...data }))
    } else {
      console.log(
        `${counted(accepted.length, 'purchase')} ${via === 'bus' ? 'sent over the bus' : 'put into the table'}`,
      )
    }
    hintWhenWaiting(client, via)
  })
}

export const command = (): Command =>
  new Command('buy')
    .description(
      'Random customers buy random products, 1 to 10 pieces each.\n' +
        'Without --seed every run buys anew; the same seed in the same shop buys the same, once.',
    )
    .addOption(new Option('--count <n>', 'how many purchases').argParser(positiveNumber).default(10))
    .addOption(viaOption())
    .addOption(new Option('--seed <text>', 'what is drawn, and the ids of the events').argParser(seedText))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  kram buy --count 100\n  kram buy --count 10 --via table --seed spring')
    .action(buy)
