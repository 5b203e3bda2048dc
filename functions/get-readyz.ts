// GET /readyz: whether the stores and the bus can be reached; each is asked for something that need not be there.
import { setTimeout } from 'node:timers/promises'
import { KramError } from '../lib/base/errors.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getReadyz } from '../lib/lambda/routes/service.ts'

const patienceMs = 2_000

async function answers(question: Promise<unknown>): Promise<boolean> {
  const answered = question.then(
    () => true,
    () => false,
  )
  return await Promise.race([answered, setTimeout(patienceMs, false, { ref: false })])
}

export const handler = httpFunction(getReadyz, async ({ bus, table, objects }) => {
  const stores = ['bus', 'table', 'objects'] as const
  const reached = await Promise.all([
    answers(bus.deadLetters.list({ limit: 1 })),
    answers(table.get([{ pk: 'readyz', sk: 'readyz' }])),
    answers(objects.get('readyz')),
  ])
  const away = stores.filter((_, i) => !reached[i])
  if (away.length > 0) throw new KramError('unavailable', 'not_ready', `Cannot be reached: ${away.join(', ')}.`)
  return { status: 'ok', checks: { bus: 'ok', table: 'ok', objects: 'ok' } }
})
