// Sign-in at an OpenID Connect issuer: authorization code with PKCE (RFC 7636), for a page that can keep no secret.
// The access token lives in sessionStorage: gone with the tab.
import type { AdminConfig } from '../lib/shop/admin-types.ts'

type Auth = Extract<AdminConfig['auth'], { kind: 'oidc' }>
type Endpoints = { issuer: string; authorization_endpoint: string; token_endpoint: string }
type Pending = { verifier: string; state: string; nonce: string; place: string }
type Token = { value: string; untilMs: number }

/**
 * Why a sign-in came to nothing: `refused` by the issuer or by who turned back there, `unasked` in this tab, `failed`
 * on the way.
 */
export type SignInFault = 'refused' | 'unasked' | 'failed'

export type SignInOutcome = { token?: string; fault?: SignInFault }

const pendingKey = 'kram.signin'
const tokenKey = 'kram.token'
const redirectUri = (): string => `${location.origin}/admin`

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)))

const kept = <Value>(key: string): Value | null => JSON.parse(sessionStorage.getItem(key) ?? 'null')

/** Of the issuer that the shop names, and of no other (OpenID Connect Discovery, 4.3). */
async function endpointsOf({ issuer }: Auth): Promise<Endpoints> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const found = (await answer.json()) as Endpoints
  if (!answer.ok || found.issuer !== issuer) throw new Error('The issuer is another.')
  return found
}

/** Leaves the page for the issuer's; it comes back with a code. @throws where the issuer cannot be asked */
export async function startSignIn(auth: Auth): Promise<void> {
  const { authorization_endpoint } = await endpointsOf(auth)
  const pending: Pending = {
    verifier: randomText(),
    state: randomText(),
    nonce: randomText(),
    place: location.hash,
  }
  sessionStorage.setItem(pendingKey, JSON.stringify(pending))
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier))
  const url = new URL(authorization_endpoint)
  const query = {
    response_type: 'code',
    client_id: auth.client_id,
    redirect_uri: redirectUri(),
    scope: auth.scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: base64Url(new Uint8Array(hash)),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  location.assign(url)
}

/** The access token: for the code that the issuer sent back, or the one of this tab. */
export async function finishSignIn(auth: Auth): Promise<SignInOutcome> {
  const query = new URLSearchParams(location.search)
  if (!query.has('code') && !query.has('error')) return keptToken()
  const pending = kept<Pending>(pendingKey)
  history.replaceState(null, '', `/admin${location.hash}`)
  // Who did not ask gets no token, and spends nobody's code. RFC 9700, 4.7.1; RFC 9207 for `iss`.
  if (query.get('state') !== pending?.state || !pending) return { ...keptToken(), fault: 'unasked' }
  sessionStorage.removeItem(pendingKey)
  // Not by history alone: the page follows the fragment.
  location.hash = pending.place
  if ((query.get('iss') ?? auth.issuer) !== auth.issuer) return { fault: 'unasked' }
  const code = query.get('code')
  return code === null ? { fault: 'refused' } : await exchange(auth, code, pending).catch(() => ({ fault: 'failed' }))
}

async function exchange(auth: Auth, code: string, { verifier, nonce }: Pending): Promise<SignInOutcome> {
  const { token_endpoint } = await endpointsOf(auth)
  const answer = await fetch(token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: auth.client_id,
      redirect_uri: redirectUri(),
      code,
      code_verifier: verifier,
    }),
  })
  const { access_token, id_token, expires_in = 3600 } = await answer.json()
  if (!answer.ok || !access_token || !isMeant(id_token, auth, nonce)) return { fault: 'failed' }
  const token: Token = { value: access_token, untilMs: Date.now() + expires_in * 1000 }
  sessionStorage.setItem(tokenKey, JSON.stringify(token))
  return { token: access_token }
}

/**
 * Whether an ID token, where there is one, is this issuer's for this page and this sign-in. It came straight from the
 * token endpoint, so its signature need not be checked (OpenID Connect Core, 3.1.3.7).
 */
function isMeant(idToken: string | undefined, { issuer, client_id }: Auth, nonce: string): boolean {
  if (idToken === undefined) return true
  const payload = idToken.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/')
  const claims = JSON.parse(atob(payload ?? ''))
  return claims.iss === issuer && [claims.aud].flat().includes(client_id) && claims.nonce === nonce
}

function keptToken(): SignInOutcome {
  const token = kept<Token>(tokenKey)
  return token && token.untilMs > Date.now() ? { token: token.value } : {}
}

export const forgetToken = (): void => sessionStorage.removeItem(tokenKey)
