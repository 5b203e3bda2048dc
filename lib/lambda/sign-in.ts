// How people sign in to the admin page: with a link and a session here, at an OpenID Connect issuer on AWS.

export type SignIn =
  | { kind: 'session' }
  | {
      kind: 'oidc'
      issuer: string
      clientId: string
      scope: string
      /** With whom the page may talk to get a token: the issuer's, and its token endpoint's where that is another. */
      origins: readonly string[]
    }

/** Undefined for what is no https address (http on this machine alone), or has quotes or spaces for a policy to break on. */
export function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const { protocol, hostname, origin } = new URL(address)
  const local = hostname === 'localhost' || hostname === '127.0.0.1'
  return protocol === 'https:' || (protocol === 'http:' && local) ? origin : undefined
}
