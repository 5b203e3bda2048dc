import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { type CatalogueName, catalogues } from '../../lib/shop/catalogues/catalogue.ts'
import { asciiOf, seededRandom, vias } from '../../lib/shop/samples.ts'

const names = Object.keys(catalogues) as CatalogueName[]
const first = (name: CatalogueName, count: number, via: 'bus' | 'table', seed = '1') =>
  Array.from({ length: count }, (_, index) => catalogues[name].product(index, { via, seed }))

describe('groceries', () => {
  test('are the thirteen of the first shop, numbered within their type', () => {
    expect(first('groceries', 13, 'table').map(({ id, type, name }) => `${id}: ${type} ${name}`)).toEqual([
      'mleko_db_1: mleko Mleko Wypasione',
      'mleko_db_2: mleko Łaciate',
      'cukier_db_1: cukier Cukier w kostkach',
      'cukier_db_2: cukier Cukier drobny',
      'czekolada_db_1: czekolada Milka Mleczna',
      'czekolada_db_2: czekolada Wedel Gorzka',
      'czekolada_db_3: czekolada Alpengold z orzechami',
      'czekolada_db_4: czekolada Alpengold mleczna',
      'chleb_db_1: chleb Chleb staropolski',
      'chleb_db_2: chleb Chleb wiejski',
      'chleb_db_3: chleb Chleb codzienny',
      'maslo_db_1: masło Masło ekstra',
      'maslo_db_2: masło Masełko maślane',
    ])
  })
  test('go on with the next numbers', () => {
    expect(
      first('groceries', 15, 'bus')
        .slice(13)
        .map(({ id, name }) => [id, name]),
    ).toEqual([
      ['mleko_k_3', 'Mleko Wypasione 2'],
      ['mleko_k_4', 'Łaciate 2'],
    ])
  })
  test('cost from 0.01 to 1.00', () => {
    for (const { price_minor } of first('groceries', 1_000, 'bus')) {
      expect(price_minor).toBeGreaterThanOrEqual(1)
      expect(price_minor).toBeLessThanOrEqual(100)
    }
  })
})

describe('fashion', () => {
  test('carries what promotions filter on, as the talk has it', () => {
    expect(first('fashion', 1, 'bus')[0]).toMatchObject({
      id: 'shorty_k_1',
      type: 'шорти',
      name: 'Шорти Puma Essentials, Black, L',
      attributes: { brand: 'Puma', kind: 'Shorts', color: 'Black', size: 'L', supplier: 123 },
    })
  })
  test('has a product for each color and size before names repeat', () => {
    const { size } = catalogues.fashion
    const shorts = first('fashion', 18 * size, 'bus').filter((_, index) => index % size === 0)
    expect(new Set(shorts.map(({ name }) => name)).size).toBe(18)
  })
})

describe.each(names)('catalogue %s', (name) => {
  test('gives every product an id of its own', () => {
    const ids = vias.flatMap((via) => first(name, 500, via).map(({ id }) => id))
    expect(new Set(ids).size).toBe(1_000)
    for (const id of ids) expect(id).toMatch(/^[a-z]+_(?:db|k)_\d+$/)
  })
  test('is the same for the same seed, at other prices for another', () => {
    expect(first(name, 50, 'bus', '7')).toEqual(first(name, 50, 'bus', '7'))
    expect(first(name, 50, 'bus', '7')).not.toEqual(first(name, 50, 'bus', '8'))
  })
  test('stays within what a product may be', () => {
    for (const product of first(name, 500, 'table')) {
      expect(product.name.length).toBeLessThanOrEqual(limits.nameChars)
      expect(Number.isSafeInteger(product.price_minor) && product.price_minor > 0).toBe(true)
    }
  })
})

test('asciiOf gives lower-case ASCII for Polish and Ukrainian types', () => {
  expect(['masło', 'Żółć', 'вишиванка', "джинси Levi's", 'їжа щастя'].map(asciiOf)).toEqual([
    'maslo',
    'zolc',
    'vyshyvanka',
    'dzhynsy_levi_s',
    'izha_shchastia',
  ])
})

test('seededRandom is uniform enough to draw with, and the same for the same seed', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const random = seededRandom(seed)
      const drawn = Array.from({ length: 2_000 }, random)
      const again = seededRandom(seed)
      expect(drawn.every((value) => value >= 0 && value < 1 && value === again())).toBe(true)
      for (let tenth = 0; tenth < 10; tenth++) {
        const hits = drawn.filter((value) => Math.floor(value * 10) === tenth).length
        expect(hits).toBeGreaterThan(120)
      }
    }),
    { numRuns: 50, seed: 1 },
  )
})
