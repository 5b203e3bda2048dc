// Signs and checks what the embedded run lets people in with: JWTs under the one HS256 key of the data folder. On AWS
// the API's JWT authorizer does this with the issuer's own keys.
import { errors, jwtVerify, SignJWT } from 'jose'
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import type { Clock } from '../ports/clock.ts'
import { type Caller, isRole, type Role } from './roles.ts'
import { type SigningKey, signingKey } from './signing-key.ts'

export type Grant = { role: Role; subject: string; ttlSeconds: number }

export type Tokens = {
  /** A token for `subject` that ends after `ttlSeconds` (at most `limits.tokenSeconds`). */
  sign(grant: Grant): Promise<string>
  /** @throws KramError unauthorized: token_expired, token_invalid */
  verify(token: string): Promise<Caller>
}

/** What a signed text says: for whom, from when until when, and which of all texts it is. */
export type Signed = { id: string; caller: Caller; fromSeconds: number; untilSeconds: number }

export type Signer = {
  sign(grant: Grant): Promise<string>
  /** @throws KramError unauthorized: token_expired, token_invalid */
  check(text: string): Promise<Signed>
}

// Pinned on both sides, so that no header of a token can choose another way to be checked (RFC 8725, 3.1).
const algorithm = 'HS256'
const issuer = 'urn:kram:embedded'

/** Tokens that were checked lately are not checked again: that takes longer than everything else in a request. */
const rememberedTokens = 1_000

/** Signs texts for one `audience`: what is good for one is good for no other. */
export function createSigner({ key, clock, audience }: { key: SigningKey; clock: Clock; audience: string }): Signer {
  return {
    async sign({ role, subject, ttlSeconds }) {
      if (!(ttlSeconds >= 1 && ttlSeconds <= limits.tokenSeconds)) {
        throw new KramError('invalid', 'token_ttl', `A token lasts 1 to ${limits.tokenSeconds} seconds.`)
      }
      const now = Math.floor(clock.now() / 1000)
      return await new SignJWT({ role })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setJti(crypto.randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + Math.floor(ttlSeconds))
        .sign(await key())
    },
    async check(text) {
      const secret = await key()
      try {
        const { payload } = await jwtVerify<{ role: unknown }>(text, secret, {
          algorithms: [algorithm],
          typ: 'JWT',
          issuer,
          audience,
          requiredClaims: ['sub', 'iat', 'exp', 'role'],
          maxTokenAge: limits.tokenSeconds,
          currentDate: new Date(clock.now()),
        })
        const { sub, role, jti = '', iat = 0, exp = 0 } = payload
        if (!isRole(role) || !sub) throw invalidToken()
        const untilSeconds = Math.min(exp, iat + limits.tokenSeconds)
        return { id: jti, caller: { subject: sub, roles: [role], untilSeconds }, fromSeconds: iat, untilSeconds }
      } catch (error) {
        if (error instanceof errors.JWTExpired) {
          throw new KramError('unauthorized', 'token_expired', 'The token has expired: make another (kram token).')
        }
        throw invalidToken()
      }
    },
  }
}

const invalidToken = (): KramError => new KramError('unauthorized', 'token_invalid', 'The token is not one of ours.')

/** Bearer tokens of the API. `keyPath` is created when it is absent; the key is read at first use (`signingKey`). */
export function createTokens({ keyPath, clock }: { keyPath: string; clock: Clock }): Tokens {
  const signer = createSigner({ key: signingKey(keyPath), clock, audience: 'urn:kram:api' })
  const verified = new Map<string, Signed>()
  return {
    sign: (grant) => signer.sign(grant),
    async verify(token) {
      const now = clock.now()
      const known = verified.get(token)
      if (known && known.fromSeconds * 1000 <= now && now < known.untilSeconds * 1000) return known.caller
      const fresh = await signer.check(token)
      if (verified.size >= rememberedTokens) verified.delete(verified.keys().next().value ?? '')
      verified.set(token, fresh)
      return fresh.caller
    },
  }
}
