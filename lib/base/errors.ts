// The one error class of operating errors, and what each kind means at every edge.

export const errorKinds = {
  invalid: { status: 400, level: 'info', retryable: false },
  unauthorized: { status: 401, level: 'info', retryable: false },
  forbidden: { status: 403, level: 'warn', retryable: false },
  not_found: { status: 404, level: 'info', retryable: false },
  conflict: { status: 409, level: 'info', retryable: false },
  limit: { status: 429, level: 'warn', retryable: true },
  unavailable: { status: 503, level: 'error', retryable: true },
} as const satisfies Record<string, { status: number; level: 'info' | 'warn' | 'error'; retryable: boolean }>

export type ErrorKind = keyof typeof errorKinds

/** One fault in an input: where (JSON Pointer, RFC 6901; '' is the whole input) and what to do about it. */
export type Issue = { pointer: string; message: string }

/** What an error carries beside its message. Never personal data: it is logged and shown. */
export type ErrorDetail = {
  /** Faults of an input, at most 20. */
  issues?: Issue[]
  /** Overrides the kind's retry decision, as when the missing thing may be on its way. */
  retryable?: boolean
  [name: string]: unknown
}

/**
 * An expected failure of an operation: `kind` decides status, log level and retry (see `errorKinds`), `code` is
 * stable snake_case for programs, `message` is a sentence for people that says how to mend it.
 */
export class KramError extends Error {
  override name = 'KramError'
  readonly kind: ErrorKind
  readonly code: string
  readonly detail: ErrorDetail

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    { detail = {}, cause }: { detail?: ErrorDetail; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.code = code
    this.detail = detail
  }

  /** Whether the same call may succeed later with nothing changed by the caller. */
  get retryable(): boolean {
    return this.detail.retryable ?? errorKinds[this.kind].retryable
  }
}

/** Whether trying again may help: a KramError says so itself; anything else is unknown to us and is tried again. */
export const isRetryable = (error: unknown): boolean => (error instanceof KramError ? error.retryable : true)
