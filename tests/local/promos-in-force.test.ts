// A version is in force everywhere within five seconds of its event: measured on the embedded shop, with its bus, its
// files and the real clock, over several instances that each hold their own set, and through POST /checkout itself.
import '../support/quiet.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handler as postCheckout } from '../../functions/post-checkout.ts'
import { handler as putPromo } from '../../functions/put-promo.ts'
import { createLiveSet } from '../../lib/app/promos/live-set.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { authenticateByClaims } from '../../lib/lambda/auth.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { openShop, type Shop } from '../../lib/local/shop.ts'
import { product } from '../support/events.ts'
import { temporaryFolder } from '../support/folder.ts'
import { payloadOf } from '../support/http.ts'
import { percentOff } from '../support/promos.ts'

const most = 5_000
const rounds = 3
const instances = 4
const pollMs = 20

let shop: Shop
const as = (role: string) => ({ jwt: { claims: { sub: 'olha', 'cognito:groups': role } } })

beforeAll(async () => {
  shop = await openShop({ dataDir: temporaryFolder() })
  provideDeps({ authenticate: authenticateByClaims({ rolesClaim: 'cognito:groups' }) })
  await shop.start()
  await recordEvents(shop.deps, [product('e1', { id: 'bread', price: 100 })], { via: 'table' })
})
afterAll(() => shop.stop())

/** Publishes the next version and answers when it was. */
async function publish(round: number): Promise<number> {
  const json = { config: percentOff(round), expected_version: round - 1, reason: 'measured' }
  const { statusCode, body } = await putPromo(
    payloadOf({ method: 'PUT', params: { id: 'sale' }, json, authorizer: as('marketer') }),
  )
  expect(statusCode, body).toBe(200)
  return Date.parse(JSON.parse(body).saved_at)
}

async function discount(): Promise<number> {
  const json = { lines: [{ product_id: 'bread', quantity: 1 }] }
  const { statusCode, body } = await postCheckout(payloadOf({ method: 'POST', json, authorizer: as('shop') }))
  expect(statusCode, body).toBe(200)
  return JSON.parse(body).discount_minor
}

const versionOf = (instance: ReturnType<typeof createLiveSet>) => async (): Promise<number> =>
  (await instance.current()).set.identities[0]?.version ?? 0

test('a version is in force in every instance within five seconds of its event', async () => {
  const watched = Array.from({ length: instances }, () => versionOf(createLiveSet(shop.deps)))
  const everywhere = [...watched, async () => (await discount()) / 100]
  const seconds: number[] = []
  for (let round = 1; round <= rounds; round++) {
    // Each has just checked, which is the worst moment to publish.
    await Promise.all(everywhere.map((version) => version()))
    const savedMs = await publish(round)
    await Promise.all(
      everywhere.map(async (version) => {
        while ((await version()) !== round) {
          expect(Date.now() - savedMs, 'version in force').toBeLessThan(most)
          await new Promise((resolve) => setTimeout(resolve, pollMs))
        }
        seconds.push((Date.now() - savedMs) / 1_000)
      }),
    )
  }
  expect(seconds).toHaveLength(rounds * (instances + 1))
  expect(Math.max(...seconds) * 1_000).toBeLessThan(most)
}, 60_000)
