// Stands in the page for lib/promos/hint-texts.ts (vite.config.ts sees to it): what hints say in each language, which
// comes as data with the reader's texts.

import type { Language } from '../lib/base/languages.ts'
import type { Words } from '../lib/promos/hint-texts.ts'

export const words: { [language in Language]?: Words } = {}
