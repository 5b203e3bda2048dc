import { faker } from '@faker-js/faker/locale/pl'
import { describe, expect, test } from 'vitest'
import { customerEvents, productEvents, purchaseEvents, randomPurchases } from '../../lib/cli/sample-events.ts'
import { ascendingTimes, freshId } from '../../lib/cli/stamps.ts'

const timeOf = () => '2022-04-24T17:58:34.225Z'
const samples = { from: 0, count: 5, via: 'table', seed: '1', timeOf } as const

describe('sample customers', () => {
  test('carry the way they came in their ids, numbered from 000', () => {
    expect(customerEvents(samples).map(({ data }) => data.id)).toEqual([
      'customer_db_000',
      'customer_db_001',
      'customer_db_002',
      'customer_db_003',
      'customer_db_004',
    ])
    expect(customerEvents({ ...samples, via: 'bus', from: 999, count: 2 }).map(({ data }) => data.id)).toEqual([
      'customer_k_999',
      'customer_k_1000',
    ])
  })
  test('are the same for the same seed, however many are made at once, others for another', () => {
    const many = customerEvents({ ...samples, count: 20 })
    expect(many.slice(7, 9)).toEqual(customerEvents({ ...samples, from: 7, count: 2 }))
    expect(many.map(({ data }) => data.last_name)).not.toEqual(
      customerEvents({ ...samples, count: 20, seed: '2' }).map(({ data }) => data.last_name),
    )
    const ids = [samples, { ...samples, seed: '2' }, { ...samples, via: 'bus' } as const].flatMap((one) =>
      customerEvents(one).map(({ id }) => id),
    )
    expect(new Set(ids).size).toBe(15)
  })
  test('have addresses of two lines that end with the city', () => {
    for (const { data } of customerEvents({ ...samples, count: 200 }))
      expect(data.address).toMatch(/^.+\n\d\d-\d{3} \p{Lu}.+$/u)
  })
  test('have last names that agree with their bearer', () => {
    const all = customerEvents({ ...samples, count: 2_000 }).map(({ data }) => data)
    const adjectives = all.filter(({ last_name }) => /(?:(?:s|c|dz)k[ia]|[cs]hy|ny|czna|ęsna)$/.test(last_name))
    expect(adjectives.length).toBeGreaterThan(500)
    const women = new Set(faker.definitions.person.first_name.female)
    const agrees = adjectives.filter(({ first_name, last_name }) => women.has(first_name) === last_name.endsWith('a'))
    expect(adjectives.filter((one) => !agrees.includes(one))).toEqual([])
  })
})

test('sample products are the catalogue’s, at whole units', () => {
  const [first] = productEvents({ ...samples, catalogue: 'groceries' })
  expect(first?.data).toMatchObject({ id: 'mleko_db_1', name: 'Mleko Wypasione', type: 'mleko' })
  expect(first?.data.price).toBeGreaterThan(0)
  expect(first?.data.price).toBeLessThanOrEqual(1)
})

describe('random purchases', () => {
  const customers = ['b', 'a', 'c']
  const products = ['z', 'y']
  test('draw from what there is, 1 to 10 pieces, the same for a seed whatever the order', () => {
    const drawn = randomPurchases(customers, products, { count: 500, seed: 's' })
    expect(randomPurchases(customers.toReversed(), products.toReversed(), { count: 500, seed: 's' })).toEqual(drawn)
    expect(new Set(drawn.map(({ customer_id }) => customer_id))).toEqual(new Set(customers))
    expect(new Set(drawn.map(({ product_id }) => product_id))).toEqual(new Set(products))
    expect(new Set(drawn.map(({ quantity }) => quantity))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
  })
  test('are none where nobody can buy or nothing is on sale', () => {
    expect(randomPurchases([], products, { count: 5, seed: 's' })).toEqual([])
    expect(randomPurchases(customers, [], { count: 5, seed: 's' })).toEqual([])
  })
  test('have the same ids for the same seed and the same shop, new ones without a seed', () => {
    const drawn = randomPurchases(customers, products, { count: 50, seed: 's' })
    const ids = (seed?: string) => purchaseEvents(drawn, { seed, timeOf }).map(({ id }) => id)
    expect(ids('s')).toEqual(ids('s'))
    expect(new Set(ids('s')).size).toBe(50)
    expect(new Set([...ids(), ...ids(), ...ids('s')]).size).toBe(150)
  })
})

describe('stamps', () => {
  test('times ascend by a millisecond where the clock stands still, at most a second ahead of it', () => {
    let now = 1_650_000_000_000
    const next = ascendingTimes({ now: () => now })
    expect([next(), next(), next()].map((time) => time.slice(-4))).toEqual(['000Z', '001Z', '002Z'])
    now += 10
    expect(next().slice(-4)).toBe('010Z')
    const many = Array.from({ length: 2_000 }, next)
    expect(many.toSorted()).toEqual(many)
    expect(many.at(-1)).toBe(new Date(now + 1_000).toISOString())
  })
  test('fresh ids sort in the order in which they were made', () => {
    const ids = Array.from({ length: 1_000 }, freshId)
    expect(ids.toSorted()).toEqual(ids)
  })
})
