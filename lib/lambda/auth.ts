// Who is calling: from a token or a session that we check ourselves (embedded), or from the claims that the API's JWT
// authorizer checked (AWS). Each believes nothing but its own source.
import * as v from 'valibot'
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import type { HttpEvent } from './http-event.ts'
import { type Caller, isRole } from './roles.ts'
import { checkSameOrigin, sessionCookie } from './same-origin.ts'
import type { Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'

/**
 * undefined: the request carries no credentials.
 * @throws KramError unauthorized for credentials that do not hold
 */
export type Authenticate = (event: HttpEvent) => Promise<Caller | undefined>

/**
 * For the embedded run: `Authorization: Bearer <token>`. Whatever stands in requestContext is passed over:
 * serverless-offline puts claims there that nobody has checked.
 */
export function authenticateByToken(tokens: Tokens): Authenticate {
  return async ({ headers }) => {
    const header = headers.authorization
    if (header === undefined) return undefined
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1]
    if (token === undefined || token.length > limits.tokenChars) {
      throw new KramError('unauthorized', 'token_malformed', 'The Authorization header must be: Bearer <token>.')
    }
    return await tokens.verify(token)
  }
}

/**
 * For the embedded run: a token, or else the session of the admin page that came as a cookie. A browser sends cookies
 * by itself, so one counts only in requests that this very page makes (`checkSameOrigin`).
 */
export function authenticateHere({ tokens, sessions }: { tokens: Tokens; sessions: Sessions }): Authenticate {
  const byToken = authenticateByToken(tokens)
  return async (event) => {
    const caller = await byToken(event)
    if (caller) return caller
    const session = sessionCookie(event)
    if (session === undefined) return undefined
    checkSameOrigin(event)
    return await sessions.verify(session)
  }
}

const claimsSchema = v.object({ jwt: v.object({ claims: v.record(v.string(), v.unknown()) }) })

/** One name, several parted by spaces or commas, a list, or the authorizer's way to write one: `[shop tester]`. */
const namesIn = (claim: unknown): unknown[] =>
  Array.isArray(claim)
    ? claim
    : String(claim ?? '')
        .replace(/^\[|\]$/g, '')
        .split(/[\s,]+/)

/**
 * For AWS: claims of the HTTP API's JWT authorizer, whose route lets nobody else through. It has checked signature, time,
 * issuer and audience; `issuer` and `audience` (a token's `aud`, or the `client_id` of one without) are held to once more,
 * so that a route behind another authorizer takes no strangers' tokens. An ID token is for the page, not for the API.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function authenticateByClaims({
  rolesClaim,
  issuer,
  audience,
}: {
  rolesClaim: string
  issuer?: string
  audience?: string
}): Authenticate {
  const isForUs = ({ iss, aud, client_id, token_use }: Record<string, unknown>): boolean =>
    (issuer === undefined || iss === issuer) &&
    (audience === undefined || namesIn(aud ?? client_id).includes(audience)) &&
    token_use !== 'id'
  return async ({ authorizer }) => {
    const parsed = v.safeParse(claimsSchema, authorizer)
    if (!parsed.success) return undefined
    const { claims } = parsed.output.jwt
    const { sub } = claims
    if (typeof sub !== 'string' || sub === '') {
      throw new KramError('unauthorized', 'token_invalid', 'The token names no subject.')
    }
    if (!isForUs(claims)) {
      throw new KramError('unauthorized', 'token_invalid', 'The token is of another issuer, or for somebody else.')
    }
    // The authorizer hands numbers over as texts.
    const untilSeconds = Number(claims.exp)
    return {
      subject: sub,
      roles: namesIn(claims[rolesClaim]).filter(isRole),
      ...(untilSeconds > 0 && { untilSeconds }),
    }
  }
}
