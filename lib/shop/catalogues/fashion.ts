// Clothes and shoes with the attributes that promotions filter on (brand, kind, color, size, supplier: the talk's
// product fact has the same), at prices of a Ukrainian marketplace in hryvnias.
import { asciiOf, randomInteger, seededRandom, viaMark } from '../samples.ts'
import type { SampleCatalogue } from './catalogue.ts'

type Design = {
  type: string
  name: string
  brand: string
  kind: string
  /** The number of who delivers it. */
  supplier: number
  colors: readonly string[]
  sizes: readonly string[]
  /** Whole units; each product draws its own. */
  price: readonly [from: number, to: number]
}

const clothes = ['L', 'M', 'S', 'XL', 'XXL', 'XS']
const shoes = ['42', '39', '40', '41', '38', '43', '37', '44']

// biome-ignore format: a table, one design a line
const designs: readonly Design[] = [
  { type: 'шорти', name: 'Шорти Puma Essentials', brand: 'Puma', kind: 'Shorts', supplier: 123, colors: ['Black', 'Navy', 'Grey'], sizes: clothes, price: [590, 1190] },
  { type: 'футболка', name: 'Футболка Puma Logo', brand: 'Puma', kind: 'T-shirts', supplier: 123, colors: ['White', 'Black', 'Red'], sizes: clothes, price: [490, 990] },
  { type: 'кросівки', name: 'Кросівки Puma Smash', brand: 'Puma', kind: 'Sneakers', supplier: 123, colors: ['White', 'Black'], sizes: shoes, price: [1990, 3290] },
  { type: 'шорти', name: 'Шорти Adidas 3-Stripes', brand: 'Adidas', kind: 'Shorts', supplier: 214, colors: ['Navy', 'Black'], sizes: clothes, price: [790, 1490] },
  { type: 'штани', name: 'Штани Adidas Tiro', brand: 'Adidas', kind: 'Pants', supplier: 214, colors: ['Black', 'Green'], sizes: clothes, price: [1190, 2190] },
  { type: 'кросівки', name: 'Кросівки Adidas Gazelle', brand: 'Adidas', kind: 'Sneakers', supplier: 214, colors: ['Blue', 'Pink', 'Black'], sizes: shoes, price: [3290, 4790] },
  { type: 'вишиванка', name: 'Вишиванка Борщівська', brand: 'Етнодім', kind: 'Embroidered shirts', supplier: 307, colors: ['White', 'Black'], sizes: clothes, price: [1490, 3990] },
  { type: 'вишиванка', name: 'Вишиванка Полтавська', brand: 'Галичанка', kind: 'Embroidered shirts', supplier: 311, colors: ['White', 'Blue'], sizes: clothes, price: [1190, 2990] },
  { type: 'сукня', name: 'Сукня лляна', brand: 'Musthave', kind: 'Dresses', supplier: 402, colors: ['Beige', 'Green'], sizes: clothes, price: [1590, 2890] },
  { type: 'джинси', name: "Джинси Levi's 501", brand: "Levi's", kind: 'Jeans', supplier: 518, colors: ['Blue', 'Black'], sizes: clothes, price: [2290, 3990] },
  { type: 'куртка', name: 'Куртка Columbia Powder Lite', brand: 'Columbia', kind: 'Jackets', supplier: 620, colors: ['Black', 'Yellow'], sizes: clothes, price: [3490, 5990] },
  { type: 'шкарпетки', name: 'Шкарпетки Дюна, три пари', brand: 'Дюна', kind: 'Socks', supplier: 733, colors: ['Grey', 'Black'], sizes: ['39-42', '43-46'], price: [90, 190] },
]

/** Every round through the designs takes the next color, every round through its colors the next size. */
export const fashion: SampleCatalogue = {
  size: designs.length,
  product(index, { via, seed }) {
    const design = designs[index % designs.length] as Design
    const round = Math.floor(index / designs.length)
    const color = design.colors[round % design.colors.length] as string
    const size = design.sizes[Math.floor(round / design.colors.length) % design.sizes.length] as string
    const ofType = designs.filter(({ type }) => type === design.type)
    const id = `${asciiOf(design.type)}_${viaMark[via]}_${round * ofType.length + ofType.indexOf(design) + 1}`
    const [from, to] = design.price
    const units = randomInteger(seededRandom(`fashion/${seed}/${id}`), from / 10, to / 10) * 10 - 1
    return {
      id,
      name: `${design.name}, ${color}, ${size}`,
      type: design.type,
      price_minor: units * 100,
      attributes: { brand: design.brand, kind: design.kind, color, size, supplier: design.supplier },
    }
  },
}
