// Stands in the page for lib/base/schema-sentences.ts: every schema of a promotion says in its own words what it refuses.
export const sentences = {}
