// One text for one JSON value, whatever the order of its names: for hashes and comparisons.
import { configure } from 'safe-stable-stringify'

/**
 * Canonical JSON (RFC 8785) of a JSON value; undefined of undefined. Half of a surrogate pair, which the RFC refuses, is
 * escaped as JSON.stringify does it. Throws for what no JSON has: NaN, Infinity, functions, circles.
 */
export const canonicalJson: (value: unknown) => string | undefined = configure({ strict: true })
