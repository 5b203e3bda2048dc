// The talk's own: delivery costs nothing.
import { defineAction } from '../action.ts'
import { discount, maxMinor, percentReward } from '../action-kinds.ts'

export const freeDelivery = defineAction({
  code: 'free_delivery',
  description: 'Delivery costs nothing; with max_minor, so much less at most.',
  args: { max_minor: maxMinor() },
  make: () => discount(percentReward(100), 'delivery', {}),
})
