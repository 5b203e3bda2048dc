// The HTTP API as the page asks it (docs/admin-api.md). Every failure is an ApiError with a sentence to show.
import { signal } from '@preact/signals-core'
import type { Issue } from '../lib/base/errors.ts'

export class ApiError extends Error {
  override name = 'ApiError'
  /** 0: no answer came. */
  readonly status: number
  /** As docs/api.md lists them; `offline` when no answer came. */
  readonly code: string
  readonly issues: readonly Issue[]
  readonly currentVersion: number | undefined

  constructor(status: number, problem: Record<string, unknown>) {
    super(String(problem.detail ?? problem.message ?? status))
    this.status = status
    this.code = String(problem.code ?? `http_${status}`)
    this.issues = Array.isArray(problem.issues) ? (problem.issues as Issue[]) : []
    this.currentVersion = typeof problem.current_version === 'number' ? problem.current_version : undefined
  }
}

/** Set by the sign-in at an issuer; the embedded run has a cookie instead. */
export const accessToken = signal<string | undefined>(undefined)

/** Set when an answer was 401: whoever is here must sign in again. What is being edited stays. */
export const isSignedOut = signal(false)

type Send = { method?: string; body?: unknown; patienceMs?: number }

/** Longer than any answer of the shop takes; by then the connection is dead. */
const defaultPatienceMs = 60_000

/** @throws ApiError; `offline` also for an answer that does not come, or stops in its midst */
export async function request<Answer>(path: string, send: Send = {}): Promise<Answer> {
  const { method = 'GET', body, patienceMs = defaultPatienceMs } = send
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (accessToken.value) headers.authorization = `Bearer ${accessToken.value}`
  let answer: Response
  let text: string
  try {
    answer = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(patienceMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    text = await answer.text()
  } catch {
    throw new ApiError(0, { code: 'offline' })
  }
  const parsed = parsedJson(text)
  if (answer.ok) return parsed as Answer
  if (answer.status === 401) isSignedOut.value = true
  throw new ApiError(answer.status, typeof parsed === 'object' && parsed !== null ? { ...parsed } : {})
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

export const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError(500, { code: 'internal', detail: String(error) })

/** All pages of a listing, up to `most` items. */
export async function allPages<Item>(path: string, most: number): Promise<Item[]> {
  const items: Item[] = []
  let next: string | undefined
  do {
    const after: string = next === undefined ? '' : `&after=${encodeURIComponent(next)}`
    const page: { items: Item[]; next?: string } = await request(path + after)
    items.push(...page.items)
    next = page.next
  } while (next !== undefined && items.length < most)
  return items
}
