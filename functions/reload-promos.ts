// promo_changed, and each minute -> the snapshot that checkouts read. What the event says does not matter: the table
// is read. In no replay: the table has what was saved.
import { reloadPromos } from '../lib/app/promos/reload-promos.ts'
import { writeMetric } from '../lib/lambda/emf.ts'
import { plainFunction } from '../lib/lambda/event-function.ts'
import { createLog } from '../lib/lambda/log.ts'
import { promosLeftOut } from '../lib/lambda/metrics.ts'

export const handler = plainFunction(['table', 'objects', 'settings'], async (deps) => {
  const { set, written, leftOut } = await reloadPromos(deps)
  writeMetric('PromosChecked', 1)
  writeMetric('PromosLeftOut', leftOut.length)
  const log = createLog({ function: 'reload-promos', set })
  if (written) {
    log.info('promos_written')
    promosLeftOut(leftOut.length)
  }
  for (const { id, version, issues } of leftOut) {
    log.error('promo_left_out', { promo: id, version, pointers: issues.map(({ pointer }) => pointer) })
  }
})
