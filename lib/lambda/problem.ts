// Errors as HTTP answers: problem details (RFC 9457), one table from error kind to status.
import * as v from 'valibot'
import { type ErrorKind, errorKinds, KramError } from '../base/errors.ts'
import { isObject } from '../base/json.ts'
import { limits } from '../base/limits.ts'

/** Where in the request a fault lies. */
const inputParts = ['body', 'path', 'query', 'header'] as const
export type InputPart = (typeof inputParts)[number]

export const problemSchema = v.strictObject({
  /** `urn:kram:problem:<code>`: the same problem, the same URN; docs/api.md lists them. */
  type: v.pipe(v.string(), v.regex(/^urn:kram:problem:[a-z0-9_]+$/)),
  title: v.string(),
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  /** A sentence for people that says how to mend it. */
  detail: v.string(),
  /** For programs; never renamed. */
  code: v.pipe(v.string(), v.regex(/^[a-z0-9_]+$/)),
  /** Each fault with its JSON Pointer (RFC 6901) into that part of the request. */
  issues: v.exactOptional(
    v.pipe(
      v.array(v.strictObject({ in: v.picklist(inputParts), pointer: v.string(), message: v.string() })),
      v.maxLength(limits.issues),
    ),
  ),
  /** Of a `..._version_conflict`: the version that is there now; 0: none. */
  current_version: v.exactOptional(v.number()),
  /** Of `order_changed`: what the order comes to now, as POST /checkout answers it. */
  allocation: v.exactOptional(v.record(v.string(), v.unknown())),
  correlation_id: v.string(),
})

export type Problem = v.InferOutput<typeof problemSchema>

const titles = {
  invalid: 'The request is not valid',
  unauthorized: 'Who is calling is not known',
  forbidden: 'This caller may not do that',
  not_found: 'There is no such thing',
  conflict: 'It conflicts with what is there',
  limit: 'Too much at once',
  unavailable: 'Not available at the moment',
} as const satisfies Record<ErrorKind, string>

// Where HTTP has a status of its own for one code of a kind.
const statusOfCode: Record<string, number> = {
  body_too_large: 413,
  unsupported_media_type: 415,
  method_not_allowed: 405,
}

const retryAfterSeconds = 5

type ProblemContext = { correlationId: string; part: InputPart }
type ProblemAnswer = { status: number; headers: { [name: string]: string }; problem: Problem }

/**
 * The answer for any error. Of a fault of ours nothing is told but that it happened. `part` says where pointers of
 * an input's faults point into, for an error that does not say so itself (`detail.in`).
 */
export function problemOf(error: unknown, { correlationId, part }: ProblemContext): ProblemAnswer {
  if (!(error instanceof KramError)) {
    const problem = {
      type: 'urn:kram:problem:internal',
      title: 'A fault of ours',
      status: 500,
      detail: `Something went wrong here; the log knows it as ${correlationId}.`,
      code: 'internal',
      correlation_id: correlationId,
    }
    return { status: 500, headers: {}, problem }
  }
  const { kind, code, message, detail } = error
  const status = statusOfCode[code] ?? errorKinds[kind].status
  const place = inputParts.find((name) => name === detail.in) ?? part
  const issues = detail.issues?.slice(0, limits.issues).map((issue) => ({ in: place, ...issue }))
  return {
    status,
    headers: headersOf(error, status),
    problem: {
      type: `urn:kram:problem:${code}`,
      title: titles[kind],
      status,
      detail: message,
      code,
      ...(issues?.length ? { issues } : {}),
      ...(typeof detail.currentVersion === 'number' ? { current_version: detail.currentVersion } : {}),
      ...(isObject(detail.allocation) ? { allocation: detail.allocation } : {}),
      correlation_id: correlationId,
    },
  }
}

function headersOf(error: KramError, status: number): { [name: string]: string } {
  if (status === 401) {
    // RFC 6750, 3: no error code when the request carried no credentials.
    const reason = error.code === 'token_missing' ? '' : ', error="invalid_token"'
    return { 'www-authenticate': `Bearer realm="kram"${reason}` }
  }
  if (status === 503 || status === 429) return { 'retry-after': String(retryAfterSeconds) }
  if (status === 405) return { allow: String(error.detail.allow ?? '') }
  return {}
}
