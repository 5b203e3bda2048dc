// A small OpenID Connect issuer: discovery, authorization code with PKCE, tokens with roles. Who comes is signed in as whoever
// the test says; everything else is as strict as RFC 6749, RFC 7636 and OpenID Connect Core ask.
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export type Person = { subject: string; roles: string[]; ttlSeconds?: number }

export type OidcIssuer = {
  issuer: string
  /** Who signs in next; undefined: they turn back. */
  person: Person | undefined
  /** Claims of the next ID token that are not as they should be. */
  idClaims: { [claim: string]: unknown }
  /** Parameters of the next answer to the page that are not as they should be. */
  answered: { [name: string]: string }
  /** What was refused, and why. */
  refused: string[]
  close(): void
}

type Grant = { person: Person; challenge: string; redirectUri: string; nonce: string }

/** `redirectUris`: where codes may be sent to; looked at when one is asked for. */
export async function openOidcIssuer(options: { clientId: string; redirectUris: () => string[] }): Promise<OidcIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const grants = new Map<string, Grant>()
  const own: OidcIssuer = {
    issuer: '',
    person: undefined,
    idClaims: {},
    answered: {},
    refused: [],
    close: () => undefined,
  }

  const sign = ({ subject, roles, ttlSeconds = 600 }: Person): Promise<string> =>
    new SignJWT({ 'cognito:groups': roles, client_id: options.clientId, token_use: 'access' })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(own.issuer)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + ttlSeconds)
      .sign(privateKey)

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const ask = Object.fromEntries(query)
    const { redirect_uri = '', state = '', code_challenge = '', nonce = '' } = ask
    const faults = [
      ask.response_type === 'code' || 'response_type',
      ask.client_id === options.clientId || 'client_id',
      options.redirectUris().includes(redirect_uri) || 'redirect_uri',
      ask.code_challenge_method === 'S256' || 'code_challenge_method',
      /^[\w-]{43}$/.test(code_challenge) || 'code_challenge',
      state.length >= 16 || 'state',
      nonce.length >= 16 || 'nonce',
    ].filter((fault) => fault !== true)
    if (faults.length > 0) {
      own.refused.push(`authorize: ${faults}`)
      response.writeHead(400).end(`refused: ${faults}`)
      return
    }
    const back = new URL(redirect_uri)
    back.searchParams.set('state', state)
    if (own.person) {
      const code = randomBytes(24).toString('base64url')
      grants.set(code, { person: own.person, challenge: code_challenge, redirectUri: redirect_uri, nonce })
      back.searchParams.set('code', code)
    } else back.searchParams.set('error', 'access_denied')
    back.searchParams.set('iss', own.issuer)
    for (const [name, value] of Object.entries(own.answered)) back.searchParams.set(name, value)
    response.writeHead(302, { location: back.href }).end()
  }

  async function exchange(body: URLSearchParams, response: ServerResponse): Promise<void> {
    const ask = Object.fromEntries(body)
    const grant = grants.get(ask.code ?? '')
    grants.delete(ask.code ?? '')
    const challenge = createHash('sha256')
      .update(ask.code_verifier ?? '')
      .digest('base64url')
    const faults = [
      ask.grant_type === 'authorization_code' || 'grant_type',
      ask.client_id === options.clientId || 'client_id',
      grant !== undefined || 'code',
      grant?.redirectUri === ask.redirect_uri || 'redirect_uri',
      grant?.challenge === challenge || 'code_verifier',
    ].filter((fault) => fault !== true)
    if (faults.length > 0 || !grant) {
      own.refused.push(`token: ${faults}`)
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}')
      return
    }
    const { ttlSeconds = 600 } = grant.person
    const id_token = await new SignJWT({ nonce: grant.nonce, token_use: 'id', ...own.idClaims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(String(own.idClaims.iss ?? own.issuer))
      .setAudience(String(own.idClaims.aud ?? options.clientId))
      .setSubject(grant.person.subject)
      .setExpirationTime('10m')
      .sign(privateKey)
    const access_token = await sign(grant.person)
    const answer = { access_token, id_token, token_type: 'Bearer', expires_in: ttlSeconds }
    response
      .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify(answer))
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', own.issuer)
    response.setHeader('access-control-allow-origin', '*')
    if (pathname === '/authorize') return authorize(searchParams, response)
    if (pathname === '/token' && request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      return await exchange(new URLSearchParams(Buffer.concat(chunks).toString()), response)
    }
    const documents: { [path: string]: object } = {
      '/.well-known/openid-configuration': {
        issuer: own.issuer,
        authorization_endpoint: `${own.issuer}/authorize`,
        token_endpoint: `${own.issuer}/token`,
        jwks_uri: `${own.issuer}/jwks.json`,
      },
      '/jwks.json': { keys: [jwk] },
    }
    const document = documents[pathname]
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(document ?? {}))
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  own.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  own.close = () => {
    server.closeAllConnections()
    server.close()
  }
  return own
}
