// new_product -> a price in the product's history, and the product. Takes replays.
import { storeProduct } from '../lib/app/store-product.ts'
import { eventFunction } from '../lib/lambda/event-function.ts'

export const handler = eventFunction(['table', 'clock'], storeProduct)
