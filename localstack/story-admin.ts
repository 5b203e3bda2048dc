// The story's part about the admin page: it is there under its policy, says where people sign in, and lets in whom it may.

import { say } from './settings.ts'
import { expectStatus } from './shop-api.ts'
import { equal, type Scene } from './story-steps.ts'

const holds = (what: string, is: boolean): void => equal(what, is, true)

export async function adminPage({ shop, deployed }: Scene): Promise<void> {
  const { status, body, headers } = await shop.call('GET', '/admin', { role: 'nobody' })
  equal('GET /admin', [status, headers.get('content-type')], [200, 'text/html; charset=utf-8'])
  const policy = headers.get('content-security-policy') ?? ''
  const { origin } = new URL(deployed.issuer)
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    `connect-src 'self' ${origin}`,
    "trusted-types 'none'",
  ]) {
    holds(`the policy of /admin has ${part}`, policy.split('; ').includes(part))
  }
  const [, script = 'none'] = /<script[^>]* src="([^"]+)"/.exec(String(body)) ?? []
  const file = await shop.call('GET', script, { role: 'nobody', headers: { 'accept-encoding': 'br' } })
  equal(script, [file.status, file.headers.get('content-encoding')], [200, 'br'])
  holds(`${script} is whole`, /^import|\bfetch\(/m.test(String(file.body)))

  const { auth } = await expectStatus(200, shop.call('GET', '/admin/config.json', { role: 'nobody' }))
  const { kind, issuer, client_id } = auth as Record<string, unknown>
  equal('who signs in where', { kind, issuer, client_id }, { kind: 'oidc', issuer: deployed.issuer, client_id: 'kram' })
  await expectStatus(401, shop.call('GET', '/admin/session', { role: 'nobody' }))
  await expectStatus(403, shop.call('GET', '/admin/session', { role: 'shop' }))
  const { role } = await expectStatus(200, shop.call('GET', '/admin/session', { role: 'marketer' }))
  equal('the role at /admin/session', role, 'marketer')
  say(
    '   The page under its policy, its script in Brotli; people sign in at the issuer, and only marketers and admins.',
  )
}
