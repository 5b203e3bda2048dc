// The story's last question: may every function that reads do what it must? A right that is missing is answered 503.
import { allRoutes } from '../lib/lambda/routes/all.ts'
import { say } from './settings.ts'
import type { Scene } from './story-steps.ts'

/** What stands for a parameter, by the path's first step. */
const idsOf = (mark: string): Record<string, string> => ({
  customers: `customer_${mark}`,
  products: `chleb_${mark}`,
  promos: `piernik-${mark}`,
})

const queries: Record<string, string> = {
  '/events/aside': '?kind=unknown',
  '/promos/{id}/diff': '?from=1&to=2',
  '/statistics/promos': '?from=2026-01-01&to=2026-01-31',
}

export async function everyReadingRoute({ shop, mark }: Scene): Promise<void> {
  const statuses = new Map<number, number>()
  for (const { method, path, embeddedOnly } of allRoutes) {
    if (method !== 'GET' || embeddedOnly) continue
    const [, first = ''] = path.split('/')
    const asked = path.replaceAll(/\{\w+\}/g, idsOf(mark)[first] ?? 'none') + (queries[path] ?? '')
    const { status, body } = await shop.call('GET', asked)
    // 400: it asks for something that `queries` should have.
    if (status === 400 || status >= 500) throw new Error(`GET ${asked} is answered ${status}: ${JSON.stringify(body)}`)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  const told = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} x ${status}`)
  say(`   Asked for once each: ${told.join(', ')}.`)
}
