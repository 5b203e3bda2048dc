// POST /checkout: what a cart comes to right now.
import { checkOut } from '../lib/app/checkout/check-out.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { reportFaults } from '../lib/lambda/promo-faults.ts'
import { postCheckout } from '../lib/lambda/routes/checkout.ts'

export const handler = httpFunction(postCheckout, async (deps, { body, caller, correlationId }) => {
  const { answer, faults } = await checkOut(deps, body, { tester: caller.roles.includes('tester') })
  reportFaults(postCheckout.name, correlationId, faults)
  return answer
})
