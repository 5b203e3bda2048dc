// The shop over HTTP, through the emulator's API Gateway, as a caller with some role.
import type { Role } from '../lib/lambda/roles.ts'
import { tokenFor } from './issuer.ts'
import { type Deployed, until } from './settings.ts'

export type Answer = { status: number; body: unknown; headers: Headers }

export type ShopApi = {
  /** `authorization: undefined` sends no token. */
  call(
    method: string,
    path: string,
    options?: { role?: Role | 'nobody'; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>
}

const timeoutMs = 90_000

export function createShopApi({ url }: Deployed): ShopApi {
  const tokens = new Map<Role, Promise<string>>()
  const token = (role: Role): Promise<string> => {
    const made = tokens.get(role) ?? tokenFor(role)
    tokens.set(role, made)
    return made
  }
  return {
    async call(method, path, { role = 'admin', body, headers = {} } = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(role !== 'nobody' && { authorization: `Bearer ${await token(role)}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      })
      const text = await response.text()
      let answered: unknown = text
      try {
        answered = JSON.parse(text)
      } catch {
        // An answer of the emulator itself, perhaps.
      }
      return { status: response.status, body: answered, headers: response.headers }
    },
  }
}

/** The body of an answer with that status. @throws for any other */
export async function expectStatus(status: number, asked: Promise<Answer>): Promise<Record<string, unknown>> {
  const { status: actual, body } = await asked
  if (actual !== status)
    throw new Error(`Answered ${actual} instead of ${status}: ${JSON.stringify(body).slice(0, 500)}`)
  return (body ?? {}) as Record<string, unknown>
}

/** Waits until GET `path` answers 200 with what `holds` accepts. */
export const eventually = <T>(
  shop: ShopApi,
  what: string,
  path: string,
  holds: (body: Record<string, unknown>) => T | undefined | false,
  options?: { seconds?: number },
): Promise<T> => until(what, async () => holds(await expectStatus(200, shop.call('GET', path))), options)
