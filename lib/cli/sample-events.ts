// Events that make a sample shop: customers who do not exist, goods of a catalogue, random purchases. `kram make`,
// `kram buy`, the demo.
import { faker } from '@faker-js/faker/locale/pl'
import { catalog, type DataOf, type KramEvent } from '../../events/catalog.ts'
import { makeEvent } from '../../events/event.ts'
import { minorToUnits } from '../base/money.ts'
import type { Instant } from '../base/time.ts'
import { type CatalogueName, catalogues } from '../shop/catalogues/catalogue.ts'
import type { Profile } from '../shop/customer-document.ts'
import { hash32, randomInteger, randomOf, seededRandom, type Via, viaMark } from '../shop/samples.ts'
import { freshId, namedId } from './stamps.ts'

/** Which ones, by their numbers from 0; the same seed makes the same. `timeOf` gives each event its time in turn. */
export type Samples = { from: number; count: number; via: Via; seed: string; timeOf: () => Instant }

const numbers = ({ from, count }: Samples): number[] => Array.from({ length: count }, (_, i) => from + i)

// The names come in one form for all; adjectives among them (Kowalski, Cichy) agree with their bearer.
const feminine = (lastName: string): string => lastName.replace(/(?<=[scz]k)i$|y$/u, 'a')
const masculine = (lastName: string): string => lastName.replace(/(?<=czn|ęsn)a$/u, 'y')

function sampleCustomer(index: number, { via, seed }: Samples): Profile {
  const id = `customer_${viaMark[via]}_${String(index).padStart(3, '0')}`
  faker.seed(hash32(`customers/${seed}/${id}`))
  const sex = faker.person.sexType()
  const lastName = faker.person.lastName()
  return {
    id,
    first_name: faker.person.firstName(sex),
    last_name: sex === 'female' ? feminine(lastName) : masculine(lastName),
    address: `${faker.location.streetAddress()}\n${faker.location.zipCode()} ${faker.location.city()}`,
  }
}

/** Polish names; ids `customer_db_000` for the table, `customer_k_000` for the bus. Made again, they count once. */
export const customerEvents = (samples: Samples): KramEvent<'new_customer'>[] =>
  numbers(samples).map((index) => {
    const customer = sampleCustomer(index, samples)
    const id = namedId(`make/customers/${customer.id}/${samples.seed}`)
    return makeEvent(catalog.new_customer, customer, { id, time: samples.timeOf() })
  })

/** Products of a catalogue. Made again, they count once; with another seed they are new prices of the same products. */
export const productEvents = (samples: Samples & { catalogue: CatalogueName }): KramEvent<'new_product'>[] =>
  numbers(samples).map((index) => {
    const { price_minor, ...product } = catalogues[samples.catalogue].product(index, samples)
    const id = namedId(`make/products/${samples.catalogue}/${product.id}/${samples.seed}`)
    const data = { ...product, price: minorToUnits(price_minor) }
    return makeEvent(catalog.new_product, data, { id, time: samples.timeOf() })
  })

type Purchase = Pick<DataOf<'customer_buys_product'>, 'customer_id' | 'product_id' | 'quantity'>

/** 1 to 10 pieces each. What is drawn depends on the seed and on who and what there is, in whatever order. */
export function randomPurchases(
  customerIds: readonly string[],
  productIds: readonly string[],
  { count, seed }: { count: number; seed: string },
): Purchase[] {
  const [customer, ...customers] = [...customerIds].sort()
  const [product, ...products] = [...productIds].sort()
  if (customer === undefined || product === undefined) return []
  const random = seededRandom(`buy/${seed}`)
  return Array.from({ length: count }, () => ({
    customer_id: randomOf(random, [customer, ...customers]),
    product_id: randomOf(random, [product, ...products]),
    quantity: randomInteger(random, 1, 10),
  }))
}

/** With a seed the same purchases have the same ids and count once; without, they are made anew each time. */
export const purchaseEvents = (
  purchases: readonly Purchase[],
  { seed, timeOf }: { seed?: string | undefined; timeOf: () => Instant },
): KramEvent<'customer_buys_product'>[] =>
  purchases.map((purchase, i) => {
    const { customer_id, product_id, quantity } = purchase
    const id = seed === undefined ? freshId() : namedId(`buy/${seed}/${i}/${customer_id}/${product_id}/${quantity}`)
    return makeEvent(catalog.customer_buys_product, purchase, { id, time: timeOf() })
  })
