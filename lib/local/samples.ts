// What `npm start` puts into an empty shop: the groceries, a rail of fashion, the customers of the first shop, and the
// talk's five sales.
import { catalog, type KramEvent } from '../../events/catalog.ts'
import { makeEvent } from '../../events/event.ts'
import type { Deps } from '../app/deps.ts'
import { listPromos } from '../app/promos/read-promos.ts'
import { savePromo } from '../app/promos/save-promo.ts'
import { minorToUnits } from '../base/money.ts'
import { type Instant, toInstant } from '../base/time.ts'
import { catalogues } from '../shop/catalogues/catalogue.ts'
import type { Profile } from '../shop/customer-document.ts'
import { samplePromos } from './sample-promos.ts'

const customers: readonly [firstName: string, lastName: string, address: string][] = [
  ['Damian', 'Ofiara', 'ulica Polna 7\n02-100 Warszawa'],
  ['Roksana', 'Siatka', 'aleja Lipowa 31\n31-009 Kraków'],
  ['Jakub', 'Fronczyk', 'ulica Miodowa 2\n50-101 Wrocław'],
  ['Ewelina', 'Sobolak', 'ulica Morska 118\n81-225 Gdynia'],
  ['Cyprian', 'Ostapczuk', 'plac Średnia 13\n12-612 Dąbrowa Górnicza'],
]

const seed = 'sample'

const customerId = (number: number): string => `customer_k_${String(number).padStart(3, '0')}`

/** How many of these customers a shop began with: all, when its first one is the first of them, unchanged; else none. */
export function sampleCustomersAmong(first: Pick<Profile, 'id' | 'first_name' | 'last_name'> | undefined): number {
  const [firstName, lastName] = customers[0] ?? []
  const isSample = first?.id === customerId(0) && first.first_name === firstName && first.last_name === lastName
  return isSample ? customers.length : 0
}

/** The sample goods and customers as events; the same ids each time, so that they count once. */
export function sampleEvents(time: Instant): KramEvent[] {
  const goods = Object.values(catalogues).flatMap((catalogue) =>
    Array.from({ length: catalogue.size }, (_, i) => catalogue.product(i, { via: 'bus', seed })),
  )
  return [
    ...goods.map(({ price_minor, ...product }) => {
      const data = { ...product, price: minorToUnits(price_minor) }
      return makeEvent(catalog.new_product, data, { id: `sample/${product.id}`, time })
    }),
    ...customers.map(([first_name, last_name, address], i) => {
      const id = customerId(i)
      return makeEvent(catalog.new_customer, { id, first_name, last_name, address }, { id: `sample/${id}`, time })
    }),
  ]
}

/** How many of each were loaded. */
export type Loaded = { events: number; promos: number }

/** Fills a shop that has neither products nor customers nor promotions. */
export async function loadSamples(deps: Pick<Deps, 'bus' | 'table' | 'clock' | 'settings'>): Promise<Loaded> {
  const { bus, table, clock } = deps
  const pages = await Promise.all(['products', 'customers'].map((name) => table.list({ name, limit: 1 })))
  const promos = await listPromos(deps, { limit: 1 })
  if ([...pages, promos].some(({ items }) => items.length > 0)) return { events: 0, promos: 0 }
  const now = toInstant(clock.now())
  const { accepted } = await bus.publish(sampleEvents(now))
  const samples = samplePromos(now)
  for (const config of samples) {
    const id = String(config.id)
    const saving = { id, config: { ...config, state: 'live' }, reason: 'A sample of an empty shop.', by: 'npm start' }
    await savePromo(deps, { ...saving, expectedVersion: 0 })
  }
  return { events: accepted.length, promos: samples.length }
}
