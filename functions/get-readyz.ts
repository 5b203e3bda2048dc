// GET /readyz: whether the stores and the bus can be reached; each is asked for something that need not be there.
import { KramError } from '../lib/base/errors.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getReadyz } from '../lib/lambda/routes/service.ts'

export const handler = httpFunction(getReadyz, async ({ bus, table, objects }) => {
  const asked = {
    bus: bus.deadLetters.list({ limit: 1 }),
    table: table.get([{ pk: 'readyz', sk: 'readyz' }]),
    objects: objects.get('readyz'),
  }
  const results = await Promise.allSettled(Object.values(asked))
  const away = Object.keys(asked).filter((_, i) => results[i]?.status === 'rejected')
  if (away.length > 0) throw new KramError('unavailable', 'not_ready', `Cannot be reached: ${away.join(', ')}.`)
  return { status: 'ok', checks: { bus: 'ok', table: 'ok', objects: 'ok' } }
})
