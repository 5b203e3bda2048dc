// Every planted bug.
import { askingBugs } from './asking.ts'
import { givingBugs } from './giving.ts'
import { handlingBugs } from './handling.ts'
import { keepingBugs } from './keeping.ts'
import { letterBugs } from './letters.ts'
import { orderingBugs } from './ordering.ts'
import type { Bug } from './plant.ts'
import { purchaseBugs } from './purchases.ts'
import { tellingBugs } from './telling.ts'

export const allBugs: readonly Bug[] = [
  ...handlingBugs,
  ...purchaseBugs,
  ...tellingBugs,
  ...keepingBugs,
  ...letterBugs,
  ...orderingBugs,
  ...givingBugs,
  ...askingBugs,
]
