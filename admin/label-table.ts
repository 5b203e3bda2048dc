// Stands in the page for lib/promos/labels.ts (vite.config.ts sees to it): names in the language that the reader has
// chosen, which come as data with its texts.

import type { Language } from '../lib/base/languages.ts'
import type { Labels } from '../lib/promos/labels.ts'

export const labels: { [language in Language]?: Labels } = {}
