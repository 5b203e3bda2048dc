// A range of time in a request, as numbers.
import { KramError } from '../base/errors.ts'
import { type Instant, isInstant, toMs } from '../base/time.ts'

/** Milliseconds since the epoch. @throws KramError invalid `time_range` */
export function timeRange({ from, to }: { from: Instant; to: Instant }): { takenFrom: number; takenTo: number } {
  for (const [name, instant] of Object.entries({ from, to })) {
    if (isInstant(instant)) continue
    throw new KramError('invalid', 'time_range', `"${name}" must be an instant such as 2022-04-24T19:41:07.123Z.`, {
      detail: { issues: [{ pointer: `/${name}`, message: 'must be a UTC instant with milliseconds' }] },
    })
  }
  if (from >= to) {
    throw new KramError('invalid', 'time_range', '"from" must be before "to".', {
      detail: { issues: [{ pointer: '/from', message: 'must be before "to"' }] },
    })
  }
  return { takenFrom: toMs(from), takenTo: toMs(to) }
}
