// What `npm start` puts into an empty shop: the groceries, a rail of fashion, and the customers of the first shop.
import { catalog, type KramEvent } from '../../events/catalog.ts'
import { makeEvent } from '../../events/event.ts'
import type { Deps } from '../app/deps.ts'
import { minorToUnits } from '../base/money.ts'
import { type Instant, toInstant } from '../base/time.ts'
import { catalogues } from '../shop/catalogues/catalogue.ts'

const customers: readonly [firstName: string, lastName: string, address: string][] = [
  ['Damian', 'Ofiara', 'ulica Polna 7\n02-100 Warszawa'],
  ['Roksana', 'Siatka', 'aleja Lipowa 31\n31-009 Kraków'],
  ['Jakub', 'Fronczyk', 'ulica Miodowa 2\n50-101 Wrocław'],
  ['Ewelina', 'Sobolak', 'ulica Morska 118\n81-225 Gdynia'],
  ['Cyprian', 'Ostapczuk', 'plac Średnia 13\n12-612 Dąbrowa Górnicza'],
]

const seed = 'sample'

function sampleEvents(time: Instant): KramEvent[] {
  const goods = Object.values(catalogues).flatMap((catalogue) =>
    Array.from({ length: catalogue.size }, (_, i) => catalogue.product(i, { via: 'bus', seed })),
  )
  return [
    ...goods.map(({ price_minor, ...product }) => {
      const data = { ...product, price: minorToUnits(price_minor) }
      return makeEvent(catalog.new_product, data, { id: `sample/${product.id}`, time })
    }),
    ...customers.map(([first_name, last_name, address], i) => {
      const id = `customer_k_${String(i).padStart(3, '0')}`
      return makeEvent(catalog.new_customer, { id, first_name, last_name, address }, { id: `sample/${id}`, time })
    }),
  ]
}

/** Fills a shop that has neither products nor customers; answers how many events it published. */
export async function loadSamples({ bus, table, clock }: Pick<Deps, 'bus' | 'table' | 'clock'>): Promise<number> {
  const pages = await Promise.all(['products', 'customers'].map((name) => table.list({ name, limit: 1 })))
  if (pages.some(({ items }) => items.length > 0)) return 0
  const { accepted } = await bus.publish(sampleEvents(toInstant(clock.now())))
  return accepted.length
}
