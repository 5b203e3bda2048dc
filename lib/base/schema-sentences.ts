// Sentences for valibot's own refusals, of schemas that have none of their own: for schema.ts. They never quote the value:
// messages are logged, stored and shown.
import type * as v from 'valibot'

const lengthOf = ({ requirement, input }: v.BaseIssue<unknown>): string => {
  const [one, many] = Array.isArray(input) ? ['entry', 'entries'] : ['character', 'characters']
  return `${requirement} ${requirement === 1 ? one : many}`
}

export const sentences: Record<string, (issue: v.BaseIssue<unknown>) => string> = {
  integer: () => 'must be a whole number',
  finite: () => 'must be a finite number',
  safe_integer: () => 'must be a whole number that a double keeps exactly',
  min_value: (issue) => `must be at least ${issue.requirement}`,
  max_value: (issue) => `must be at most ${issue.requirement}`,
  min_length: (issue) => `must have at least ${lengthOf(issue)}`,
  max_length: (issue) => `must have at most ${lengthOf(issue)}`,
  non_empty: () => 'must not be empty',
  regex: (issue) => `must match ${issue.expected}`,
}
