// Sign-in at an OpenID Connect issuer: authorization code with PKCE (RFC 7636), for a page that can keep no secret.
// The access token lives in sessionStorage: gone with the tab.
import type { AdminConfig } from '../lib/shop/admin-types.ts'

type Auth = Extract<AdminConfig['auth'], { kind: 'oidc' }>
type Endpoints = { authorization_endpoint: string; token_endpoint: string }
type Pending = { verifier: string; state: string; place: string }
type Token = { value: string; untilMs: number }

const pendingKey = 'kram.signin'
const tokenKey = 'kram.token'
const redirectUri = (): string => `${location.origin}/admin`

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)))

async function endpointsOf({ issuer }: Auth): Promise<Endpoints> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  if (!answer.ok) throw new Error(`The issuer answers ${answer.status}.`)
  return (await answer.json()) as Endpoints
}

/** Leaves the page for the issuer's; it comes back with a code. */
export async function startSignIn(auth: Auth): Promise<void> {
  const { authorization_endpoint } = await endpointsOf(auth)
  const pending: Pending = { verifier: randomText(), state: randomText(), place: location.hash }
  sessionStorage.setItem(pendingKey, JSON.stringify(pending))
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier))
  const url = new URL(authorization_endpoint)
  const query = {
    response_type: 'code',
    client_id: auth.client_id,
    redirect_uri: redirectUri(),
    scope: auth.scope,
    state: pending.state,
    code_challenge: base64Url(new Uint8Array(hash)),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  location.assign(url)
}

/** The access token: the one of this tab, or the one for the code that the issuer sent back; undefined: none. */
export async function finishSignIn(auth: Auth): Promise<string | undefined> {
  const query = new URLSearchParams(location.search)
  const pending = JSON.parse(sessionStorage.getItem(pendingKey) ?? 'null') as Pending | null
  const code = query.get('code')
  if (code === null || pending === null || query.get('state') !== pending.state) return keptToken()
  sessionStorage.removeItem(pendingKey)
  history.replaceState(null, '', '/admin')
  // Not by history alone: the page follows the fragment.
  location.hash = pending.place
  const { token_endpoint } = await endpointsOf(auth)
  const answer = await fetch(token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: auth.client_id,
      redirect_uri: redirectUri(),
      code,
      code_verifier: pending.verifier,
    }),
  })
  if (!answer.ok) return undefined
  const { access_token, expires_in = 3600 } = (await answer.json()) as { access_token: string; expires_in?: number }
  const token: Token = { value: access_token, untilMs: Date.now() + expires_in * 1000 }
  sessionStorage.setItem(tokenKey, JSON.stringify(token))
  return access_token
}

function keptToken(): string | undefined {
  const token = JSON.parse(sessionStorage.getItem(tokenKey) ?? 'null') as Token | null
  return token && token.untilMs > Date.now() ? token.value : undefined
}

export const forgetToken = (): void => sessionStorage.removeItem(tokenKey)
