// Customers who do not exist, with Polish names: `kram make customers`, the demo.
import { faker } from '@faker-js/faker/locale/pl'
import type { Profile } from '../shop/customer-document.ts'
import { hash32, type Via, viaMark } from '../shop/samples.ts'

// The names come in one form for all; adjectives among them (Kowalski, Cichy) agree with their bearer.
const feminine = (lastName: string): string => lastName.replace(/(?<=[scz]k)i$|y$/u, 'a')
const masculine = (lastName: string): string => lastName.replace(/(?<=czn|ęsn)a$/u, 'y')

/** The customer at `index` (from 0): `customer_db_000`, `customer_k_000`; depends on nothing but the arguments. */
export function sampleCustomer(index: number, { via, seed }: { via: Via; seed: string }): Profile {
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
