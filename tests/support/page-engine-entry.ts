// What `page-engine.ts` builds.

import { previewSet } from '../../admin/editor/preview-set.ts'
import { words } from '../../admin/hint-texts.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import { explain } from '../../lib/promos/explain.ts'

export const engine = { previewSet, words, allocate, explain }
