// The two things that differ from call to call; adapters and tests decide what they are.

/** Milliseconds since the epoch. */
export type Clock = { now(): number }

/** Uniform in [0, 1). Only for jitter and sampling, never for secrets. */
export type Random = { next(): number }
