// Stands in the page for lib/promos/touched.ts: of a changed cart everything is reckoned anew.
import type { Decision } from '../../lib/promos/decide.ts'
import type { Comparison } from '../../lib/promos/touched.ts'

export const comparisonWith = (before: Decision) => (): Comparison => ({
  isAbout: () => true,
  touched: (stay) => ({ old: before.stack.stay, again: stay }),
})
