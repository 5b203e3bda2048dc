// The first shop's thirteen products, by its article; the fourteenth begins a second round, numbered on.
import { asciiOf, randomInteger, seededRandom, viaMark } from '../samples.ts'
import type { SampleCatalogue } from './catalogue.ts'

const goods: readonly [type: string, name: string][] = [
  ['mleko', 'Mleko Wypasione'],
  ['mleko', 'Łaciate'],
  ['cukier', 'Cukier w kostkach'],
  ['cukier', 'Cukier drobny'],
  ['czekolada', 'Milka Mleczna'],
  ['czekolada', 'Wedel Gorzka'],
  ['czekolada', 'Alpengold z orzechami'],
  ['czekolada', 'Alpengold mleczna'],
  ['chleb', 'Chleb staropolski'],
  ['chleb', 'Chleb wiejski'],
  ['chleb', 'Chleb codzienny'],
  ['masło', 'Masło ekstra'],
  ['masło', 'Masełko maślane'],
]

/** Prices from 0.01 to 1.00, as the first shop drew them. */
export const groceries: SampleCatalogue = {
  size: goods.length,
  product(index, { via, seed }) {
    const [type, name] = goods[index % goods.length] as [string, string]
    const round = Math.floor(index / goods.length)
    const ofType = goods.filter(([other]) => other === type)
    const number = round * ofType.length + ofType.findIndex(([, other]) => other === name) + 1
    const id = `${asciiOf(type)}_${viaMark[via]}_${number}`
    return {
      id,
      name: round === 0 ? name : `${name} ${round + 1}`,
      type,
      price_minor: randomInteger(seededRandom(`groceries/${seed}/${id}`), 1, 100),
    }
  },
}
