// For commands that begin no shop: a folder without one, such as a name that is mistyped, must not be told to be in order
// or empty, and must not become a shop.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { KramError } from '../base/errors.ts'

/** @throws KramError not_found `no_shop` when nobody has ever opened a shop in the folder */
export function mustHaveShop(dataDir: string): void {
  if (['bus.sqlite', 'table.sqlite'].some((file) => existsSync(join(dataDir, file)))) return
  throw new KramError(
    'not_found',
    'no_shop',
    `There is no shop in ${dataDir}: --data-dir (or KRAM_DATA) names its folder; npm start and kram make begin one.`,
  )
}
