// POST /customers: registers a customer by publishing new_customer.
import { newCustomer } from '../events/new-customer.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { publishOne } from '../lib/lambda/publish.ts'
import { postCustomers } from '../lib/lambda/routes/publish.ts'

export const handler = httpFunction(postCustomers, async (deps, request) => {
  const { eventId, subject } = await publishOne({
    deps,
    route: postCustomers.name,
    request,
    definition: newCustomer,
    data: (eventId) => ({ ...request.body, id: request.body.id ?? eventId }),
  })
  return { id: subject, event_id: eventId, correlation_id: request.correlationId }
})
