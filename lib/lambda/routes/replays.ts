// Routes of replays: past events handed again to the functions that take them.
import * as v from 'valibot'
import { eventTypes } from '../../../events/catalog.ts'
import { id, instant } from '../../../events/fields.ts'
import { limits } from '../../base/limits.ts'
import { defineRoute } from '../route.ts'

/** Where one stands. `total` and `done` count events of the time range, where the bus can tell. */
const status = v.strictObject({
  name: v.string(),
  state: v.picklist(['running', 'completed', 'cancelled', 'failed']),
  total: v.exactOptional(v.number()),
  done: v.exactOptional(v.number()),
  message: v.exactOptional(v.string()),
})

const byName = v.strictObject({ name: id() })

export const postReplays = defineRoute({
  name: 'post-replays',
  method: 'POST',
  path: '/replays',
  summary: 'Hand past events again to the functions that take replays',
  description:
    'Those that the bus took from `from` (inclusive) to `to` (exclusive). Projections take replays: what they know ' +
    'already they pass over, what they missed they store, and nothing is emitted. Reactors never do. What a bus cannot ' +
    'do (`types` and `rate` on EventBridge) is refused with the reason.',
  roles: ['admin'],
  needs: ['bus'],
  body: v.strictObject({
    from: instant(),
    to: instant(),
    types: v.exactOptional(v.pipe(v.array(v.picklist(eventTypes)), v.minLength(1), v.maxLength(50))),
    subscriptions: v.exactOptional(v.pipe(v.array(id()), v.minLength(1), v.maxLength(50))),
    rate: v.exactOptional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(limits.replayRate))),
  }),
  answer: { status: 202, description: 'It has begun.', schema: status },
})

export const getReplay = defineRoute({
  name: 'get-replay',
  method: 'GET',
  path: '/replays/{name}',
  summary: 'How far a replay has got',
  roles: ['admin'],
  needs: ['bus'],
  params: byName,
  answer: { status: 200, description: 'Where it stands.', schema: status },
  problems: [404],
})

export const postReplayCancel = defineRoute({
  name: 'post-replay-cancel',
  method: 'POST',
  path: '/replays/{name}/cancel',
  summary: 'End a replay; what was handed out stays handled',
  roles: ['admin'],
  needs: ['bus'],
  params: byName,
  answer: { status: 200, description: 'Where it stands.', schema: status },
  problems: [404],
})
