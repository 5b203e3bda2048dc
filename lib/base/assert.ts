// Programmer errors: what fails here is our bug, and nothing below an edge catches it.

/** Throws AssertionError when `condition` is false. For invariants of ours, never for input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** A broken invariant. Never caught below the edge (HTTP stack, dispatcher, CLI main). */
export class AssertionError extends Error {
  override name = 'AssertionError'
}
