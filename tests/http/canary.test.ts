// No name, no address and no body in any log line: a canary goes through every path, the failing ones included.
import { expect, test } from 'vitest'
import { handler as onPurchase } from '../../functions/on-customer-buys-product.ts'
import { handler as onNewCustomer } from '../../functions/on-new-customer.ts'
import { eventFunction } from '../../lib/lambda/event-function.ts'
import { allFunctions, functionOf } from '../support/all-functions.ts'
import { jsonLines } from '../support/capture-output.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { openHttpShop } from '../support/http-shop.ts'

const canary = 'Kanarkowska'
const customer = { id: 'c', first_name: canary, last_name: canary, address: `ulica ${canary} 7` }

const of = (type: string) => ({ 'detail-type': [type] })
const throwing = (error: (event: object) => unknown) =>
  eventFunction([], async (_deps, event) => {
    throw error(event)
  })

test('a canary leaves no trace in the logs', async () => {
  const shop = await openHttpShop([
    { name: 'on-new-customer', pattern: of('new_customer'), handler: onNewCustomer },
    { name: 'on-customer-buys-product', pattern: of('customer_buys_product'), handler: onPurchase },
    {
      name: 'quotes-the-event',
      pattern: of('new_customer'),
      handler: throwing((event) => new Error(JSON.stringify(event))),
    },
    { name: 'throws-the-event', pattern: of('new_customer'), handler: throwing((event) => event) },
  ])
  const token = await shop.token('admin')
  let logs = ''
  const ask = async (name: string, options: RequestOptions = {}) => {
    const { handler, route } = functionOf(name)
    const answer = await call(handler, route, { token, ...options })
    logs += answer.logs
    return answer
  }

  await ask('post-customers', { json: customer })
  await ask('post-events', {
    json: [{ type: 'new_customer', data: { ...customer, id: 'd' } }],
    query: { via: 'table' },
  })
  await ask('post-events', {
    json: [{ event_type: 'new_customer', ...customer, id: 'e' }],
    query: { format: 'clientflow' },
  })
  await ask('post-purchases', { json: { customer_id: 'c', product_id: canary, quantity: 1 } })
  await shop.deliver()

  for (const change of [
    { [canary]: canary },
    { first_name: [canary] },
    { address: canary.repeat(1_000) },
    { id: `${canary} ${canary}` },
  ]) {
    await ask('post-customers', { json: { ...customer, ...change } })
    await ask('post-events', { json: [{ type: 'new_customer', data: { ...customer, ...change } }] })
  }
  for (const body of [canary, `{"${canary}`, `"${canary}"`]) {
    await ask('post-customers', { body, headers: { 'content-type': 'application/json' } })
    await ask('post-customers', { body, headers: { 'content-type': canary } })
  }
  for (const { route } of allFunctions) {
    await ask(route.name, { params: { id: canary }, query: { [canary]: canary, after: canary } })
    await ask(route.name, {
      params: { [canary]: canary },
      headers: { authorization: `Bearer ${canary}` },
      token: undefined,
    })
  }
  shop.tableAway = true
  for (const { route } of allFunctions) await ask(route.name, { params: { id: canary }, json: {} })
  await ask('post-customers', { json: { ...customer, id: 'f' } })
  await shop.deliver()
  shop.tableAway = false
  const { items } = (await ask('list-dead-letters', { query: { limit: '100' } })).json()
  await shop.close()

  // It was there to be seen: dead letters hold the events, and admins may read them.
  expect(JSON.stringify(items)).toContain(canary)
  expect(jsonLines(shop.logs).filter(({ message }) => message === 'failed').length).toBeGreaterThan(5)
  expect(jsonLines(logs).length).toBeGreaterThan(allFunctions.length * 3)
  for (const line of `${logs}${shop.logs}`.split('\n')) expect(line).not.toContain(canary)
})

test('one correlation id goes from the request through the bus and the handler into what follows', async () => {
  const shop = await openHttpShop([
    { name: 'on-new-customer', pattern: of('new_customer'), handler: onNewCustomer },
    { name: 'after-update', pattern: of('customer_updated'), handler: eventFunction([], async () => undefined) },
  ])
  const token = await shop.token('admin')
  const { handler, route } = functionOf('post-customers')
  const answer = await call(handler, route, { token, json: customer, headers: { 'x-correlation-id': 'chain-1' } })
  await shop.deliver()
  const lines = [...jsonLines(answer.logs), ...jsonLines(shop.logs)]
  await shop.close()
  expect(lines.map(({ function: name, correlation_id }) => [name, correlation_id])).toEqual([
    ['post-customers', 'chain-1'],
    ['on-new-customer', 'chain-1'],
    ['after-update', 'chain-1'],
  ])
  const [, handled, followed] = lines
  expect(followed?.causation_id).toBe(handled?.event_id)
  expect(handled?.event_id).toBe(answer.json().event_id)
})
