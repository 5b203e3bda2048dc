// `kram list customers|products`: the first shop's print-outs, or JSON.
import { Command } from 'commander'
import type { Language } from '../../base/languages.ts'
import { type PrintOptions, printCustomer, printProduct } from '../../shop/print.ts'
import { dataOption, jsonOption, languageOption } from '../options.ts'
import { type ShopClient, withClient } from '../shop-client.ts'

type Options = { lang: Language; json: boolean; dataDir: string }

/** Prints each as it comes: a shop may have more customers than fit in memory. */
async function print<T>(
  { lang, json, dataDir }: Options,
  all: (client: ShopClient) => AsyncIterable<T>,
  text: (one: T, options: PrintOptions) => string,
): Promise<void> {
  await withClient(dataDir, async (client) => {
    const options = { language: lang, currency: client.settings.currency }
    for await (const one of all(client)) process.stdout.write(json ? `${JSON.stringify(one)}\n` : text(one, options))
  })
}

const listing = (name: string, description: string): Command =>
  new Command(name)
    .description(`${description}\nIn order of their first event. Times are UTC.`)
    .addOption(languageOption())
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', `\nExample:\n  kram list ${name} --lang uk\n  kram list ${name} --json`)

export const command = (): Command =>
  new Command('list')
    .description('Lists who and what there is.')
    .addCommand(
      listing('customers', 'Customers and what they bought.').action((options: Options) =>
        print(options, (client) => client.customers(), printCustomer),
      ),
    )
    .addCommand(
      listing('products', 'Products with their price of now.').action((options: Options) =>
        print(options, (client) => client.products(), printProduct),
      ),
    )
