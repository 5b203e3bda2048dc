// What every event of a chain carries on of the request that began it.

/** `traceparent`: W3C trace context. */
export type Chain = { correlationId: string; traceparent?: string }

/** Of a request, nothing but that. */
export const chainOf = ({ correlationId, traceparent }: Chain): Chain => ({
  correlationId,
  ...(traceparent !== undefined && { traceparent }),
})

/** As an event says it. */
export const contextOf = ({ correlationId, traceparent }: Chain) => ({
  correlationid: correlationId,
  ...(traceparent !== undefined && { traceparent }),
})
