// POST /events/aside: sends unsent events again, or discards what lies aside.
import { discardAside, sendAgain } from '../lib/app/set-aside.ts'
import { httpFunction } from '../lib/lambda/http-function.ts'
import { postAside } from '../lib/lambda/routes/admin.ts'

export const handler = httpFunction(postAside, async (deps, { body }) => {
  const { kind, discard, dry_run: dryRun = false, ...filter } = body
  if (discard !== undefined) return await discardAside(deps, { kind, reason: discard, filter, dryRun })
  return await sendAgain(deps, { filter, dryRun })
})
