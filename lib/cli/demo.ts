// The first shop's story on a throw-away shop in this process: what its article shows, then the reader switched off,
// then the table away. Says what happens and compares it with what should be at each step. `npm run demo`.
import { isDeepStrictEqual } from 'node:util'
import { KramError } from '../base/errors.ts'
import { catalogues } from '../shop/catalogues/catalogue.ts'
import { printCustomer, printProduct } from '../shop/print.ts'
import { vias } from '../shop/samples.ts'
import {
  actualCustomers,
  expectedCustomers,
  expectedProducts,
  onStage,
  type Stage,
  type StageOptions,
  send,
  stock,
} from './demo-stage.ts'
import { customerEvents, productEvents, purchaseEvents, randomPurchases } from './sample-events.ts'

const seed = '1'

const indented = (text: string): string => text.trimEnd().replace(/^(?=.)/gm, '    ')

async function showCustomers({ say, client, shop }: Stage): Promise<void> {
  const options = { language: 'pl', currency: shop.deps.settings.currency } as const
  let text = ''
  for await (const customer of client.customers()) text += printCustomer(customer, options)
  say(indented(text))
}

async function showProducts({ say, client, shop }: Stage): Promise<void> {
  const options = { language: 'pl', currency: shop.deps.settings.currency } as const
  let text = ''
  for await (const product of client.products()) text += printProduct(product, options)
  say(indented(text))
}

async function checkCustomers(stage: Stage, what: string): Promise<void> {
  stage.check(what, await actualCustomers(stage), expectedCustomers(stage.sent))
}

async function countPurchases(stage: Stage): Promise<void> {
  const documents = await actualCustomers(stage)
  const purchases = documents.reduce((sum, { products }) => sum + products.length, 0)
  stage.say(`   Purchases in the documents: ${purchases}.`)
}

async function emptyShop({ say, check, client, shop }: Stage): Promise<void> {
  say('1. An empty shop: nobody and nothing is listed.')
  await shop.start()
  check('no customers', await Array.fromAsync(client.customers()), [])
  check('no products', await Array.fromAsync(client.products()), [])
}

async function customers(stage: Stage): Promise<void> {
  stage.say('\n2. Five customers straight into the table, five over the bus. Their ids tell which is which.')
  for (const via of ['table', 'bus'] as const) {
    await send(stage, customerEvents({ from: 0, count: 5, via, seed, timeOf: stage.timeOf }), via)
  }
  await stage.shop.idle()
  await showCustomers(stage)
  await checkCustomers(stage, 'all ten are there, in the order in which they came')
}

async function products(stage: Stage): Promise<void> {
  stage.say('\n3. The products of the shop, both ways too.')
  const count = catalogues.groceries.size
  for (const via of ['table', 'bus'] as const) {
    const samples = { from: 0, count, via, seed, timeOf: stage.timeOf, catalogue: 'groceries' } as const
    await send(stage, productEvents(samples), via)
  }
  await stage.shop.idle()
  await showProducts(stage)
  const listed = await Array.fromAsync(stage.client.products())
  stage.check(`all ${count * vias.length} are on sale`, listed, expectedProducts(stage.sent))
}

/** Ten random purchases of those who are there; drawn before anything is taken away. */
async function drawPurchases(stage: Stage, name: string) {
  const customerIds = await Array.fromAsync(stage.client.customerIds())
  const productIds = await Array.fromAsync(stage.client.productIds())
  const drawn = randomPurchases(customerIds, productIds, { count: 10, seed: name })
  return () => send(stage, purchaseEvents(drawn, { seed: name, timeOf: stage.timeOf }), 'bus')
}

async function purchases(stage: Stage): Promise<void> {
  stage.say(
    '\n4. Ten purchases over the bus: a customer, a product and a quantity each; the price is found on the way.',
  )
  const buy = await drawPurchases(stage, 'open')
  await buy()
  await stage.shop.idle()
  await showCustomers(stage)
  await checkCustomers(stage, 'every purchase is in its customer’s document once, at the price of its moment')
}

async function readerOff(stage: Stage): Promise<void> {
  stage.say('\n5. The reader is switched off; ten more purchases.')
  const before = await actualCustomers(stage)
  const buy = await drawPurchases(stage, 'reader off')
  await stage.shop.pause()
  await buy()
  await new Promise((resolve) => setTimeout(resolve, 500))
  await countPurchases(stage)
  stage.check('half a second later nothing has arrived', await actualCustomers(stage), before)
  await checkLog(stage)
  stage.say('   The reader is switched on again.')
  await stage.shop.start()
  await stage.shop.idle()
  await countPurchases(stage)
  await checkCustomers(stage, 'all ten have arrived')
}

async function tableAway(stage: Stage): Promise<void> {
  const { say, check, until, shop, tableSwitch } = stage
  say('\n6. Harder: the table itself is away (a database that is down); ten more purchases.')
  const buy = await drawPurchases(stage, 'table away')
  tableSwitch.away = true
  await buy()
  check('customers cannot be listed now', await codeOf(() => actualCustomers(stage)), 'table_away')
  // Every purchase has two readers, and each of them tries.
  await until(async () => tableSwitch.refused > 40)
  say(`   The functions have tried in vain ${tableSwitch.refused} times so far; the bus goes on trying for them.`)
  await checkLog(stage)
  say('   The table is back.')
  tableSwitch.away = false
  await until(async () => isDeepStrictEqual(await actualCustomers(stage), expectedCustomers(stage.sent)))
  await until(async () => isDeepStrictEqual((await stock(stage)).counted, (await stock(stage)).expected))
  await shop.idle()
  await showCustomers(stage)
  await countPurchases(stage)
  await checkCustomers(stage, 'all ten have arrived')
}

async function deadLetters({ client }: Stage) {
  return (await client.deadLetters.list({ limit: 100 })).items
}

async function codeOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call()
    return 'no error'
  } catch (error) {
    return error instanceof KramError ? error.code : String(error)
  }
}

/** The log has everything that was sent, whichever way, and whether or not somebody could handle it. */
async function checkLog({ shop, sent, check }: Stage): Promise<void> {
  const range = { from: '1970-01-01T00:00:00.000Z', to: '9999-12-31T23:59:59.999Z' }
  const logged = new Set((await Array.fromAsync(shop.bus.archive.read(range))).map(({ event }) => event.id))
  check('the bus has every event that was sent', sent.filter(({ id }) => !logged.has(id)).length, 0)
}

async function ending(stage: Stage): Promise<void> {
  stage.say('\n7. In the end: 30 purchases, nothing lost and nothing doubled.')
  await checkLog(stage)
  const { expected, counted } = await stock(stage)
  stage.check('count-stock, which knows of nobody here, has counted the same units', counted, expected)
  stage.check('no dead letters', await deadLetters(stage), [])
}

/** Plays the story; answers the process' exit code. */
export async function demo({ print = console.log, ...options }: Partial<StageOptions> = {}): Promise<0 | 1> {
  const started = performance.now()
  const failures = await onStage({ print, ...options }, async (stage) => {
    for (const scene of [emptyShop, customers, products, purchases, readerOff, tableAway, ending]) await scene(stage)
  })
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  print(
    failures === 0 ? `\nAll as it should be, in ${seconds} s.` : `\nNot as it should be: ${failures} of the checks.`,
  )
  return failures === 0 ? 0 : 1
}
