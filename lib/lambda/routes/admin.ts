// Routes for whoever runs the shop: the bus itself, and what could not be handled.
import * as v from 'valibot'
import { id, line, token } from '../../../events/fields.ts'
import { asideKinds, asideLists } from '../../app/set-aside.ts'
import { limits } from '../../base/limits.ts'
import { defineRoute } from '../route.ts'
import { anyObject, instantText, pageOf, pageQuery, patternText } from './fields.ts'

const rejection = v.strictObject({ id: v.string(), code: v.string(), retryable: v.boolean(), message: v.string() })

export const postEvents = defineRoute({
  name: 'post-events',
  method: 'POST',
  path: '/events',
  summary: 'Put events on the bus, or straight into the table',
  description:
    'Each is a whole CloudEvents envelope, or at least `{type, data}`, or (`format=clientflow`) a flat message of the ' +
    'first shop: `{"event_type": "new_customer", ...fields}`. One that is malformed refuses the whole batch, before ' +
    'anything is done. `via=table`: the effect is in the table when this answers, and the same event follows on the bus.',
  roles: ['admin'],
  needs: ['bus', 'table', 'clock'],
  query: v.strictObject({
    via: v.optional(v.picklist(['bus', 'table']), 'bus'),
    format: v.optional(v.picklist(['envelope', 'clientflow']), 'envelope'),
  }),
  body: v.pipe(v.array(anyObject), v.minLength(1), v.maxLength(limits.postedEvents)),
  idempotent: true,
  answer: {
    status: 200,
    description: 'Events are accepted or rejected one by one: each id is in exactly one of the two.',
    schema: v.strictObject({
      accepted: v.array(v.string()),
      rejected: v.array(rejection),
      correlation_id: v.string(),
    }),
  },
})

export const listEvents = defineRoute({
  name: 'list-events',
  method: 'GET',
  path: '/events',
  summary: 'Events in the order in which the bus took them',
  description:
    'From `from` (default: an hour ago) to `to` (exclusive; default: no end), only those that match `pattern` (an ' +
    'EventBridge event pattern as JSON). A page may be short, even empty: `next` always goes on from there, and is ' +
    'good for later events too when `more` is false.',
  roles: ['admin'],
  needs: ['bus', 'clock'],
  query: v.strictObject({
    ...pageQuery(),
    from: v.exactOptional(instantText()),
    to: v.exactOptional(instantText()),
    pattern: v.exactOptional(patternText()),
  }),
  answer: {
    status: 200,
    description: 'A page.',
    schema: v.strictObject({
      items: v.array(v.strictObject({ event: anyObject, taken_at: v.string() })),
      next: v.string(),
      more: v.boolean(),
    }),
  },
})

export const listAside = defineRoute({
  name: 'list-aside',
  method: 'GET',
  path: '/events/aside',
  summary: 'Events that lie aside: of a type that no rule knows, or of ours and never to be sent',
  description:
    '`unknown`: what came over the bus and nothing here handles, by time. `unsent`: what followed from a write and the ' +
    'bus refuses for good (too large, an id used before for other content), by code. `discarded`: of both what somebody ' +
    'has discarded, by time. All are kept for good.',
  roles: ['admin'],
  needs: ['table'],
  query: v.strictObject({ kind: v.picklist(asideLists, `must be one of ${asideLists.join(', ')}`), ...pageQuery() }),
  answer: {
    status: 200,
    description: 'A page.',
    schema: pageOf(
      v.strictObject({
        event_id: v.string(),
        type: v.string(),
        source: v.string(),
        time: v.string(),
        code: v.string(),
        message: v.string(),
        /** As it came, or as it was to be sent; absent when it was too large to be kept. */
        event: v.exactOptional(v.unknown()),
        /** Why somebody discarded it. */
        discarded: v.exactOptional(v.string()),
      }),
    ),
  },
})

const code = () => v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,64}$/, 'must be a code such as unknown_customer'))

const asideFilter = {
  id: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(limits.eventIdChars))),
  type: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(limits.nameChars))),
  code: v.exactOptional(code()),
  dry_run: v.exactOptional(v.boolean()),
}

export const postAside = defineRoute({
  name: 'post-aside',
  method: 'POST',
  path: '/events/aside',
  summary: 'Send unsent events again, or discard events that lie aside',
  description:
    'Those that match every given field; without any, all. With `discard` (why) they are set aside for good and stay ' +
    'readable; without it, those of `unsent` go back to the bus. `dry_run` tells which and changes nothing. At most ' +
    `${limits.asideChanged} at once; \`more\` says that some may be left.`,
  roles: ['admin'],
  needs: ['table'],
  body: v.variant(
    'kind',
    [
      v.strictObject({ kind: v.literal('unsent'), discard: v.exactOptional(line(limits.reasonChars)), ...asideFilter }),
      v.strictObject({ kind: v.literal('unknown'), discard: line(limits.reasonChars), ...asideFilter }),
    ],
    `must be one of ${asideKinds.join(', ')}`,
  ),
  answer: {
    status: 200,
    description: 'Which events.',
    schema: v.strictObject({ events: v.array(v.string()), more: v.boolean() }),
  },
})

const deadLetterFilter = {
  subscription: v.exactOptional(id()),
  code: v.exactOptional(code()),
}

export const listDeadLetters = defineRoute({
  name: 'list-dead-letters',
  method: 'GET',
  path: '/dead-letters',
  summary: 'Events that a function could not handle, and why',
  roles: ['admin'],
  needs: ['bus'],
  query: v.strictObject({ ...pageQuery(), id: v.exactOptional(token()), ...deadLetterFilter }),
  answer: {
    status: 200,
    description: 'A page.',
    schema: pageOf(
      v.strictObject({
        id: v.string(),
        event: anyObject,
        subscription: v.string(),
        code: v.string(),
        message: v.string(),
        retryable: v.boolean(),
        tries: v.number(),
        first_failed_at: v.string(),
        last_failed_at: v.string(),
        /** When it is sent again by itself; absent when it is not. */
        next_try_at: v.exactOptional(v.string()),
        /** Why somebody set it aside. */
        discarded: v.exactOptional(v.string()),
      }),
    ),
  },
})

export const postRedrive = defineRoute({
  name: 'post-redrive',
  method: 'POST',
  path: '/dead-letters/redrive',
  summary: 'Send dead letters again now, each to the function that failed on it',
  description: 'Those that match every given field; `{}` means all.',
  roles: ['admin'],
  needs: ['bus'],
  body: v.strictObject({ id: v.exactOptional(token()), ...deadLetterFilter }),
  answer: { status: 202, description: 'How many were sent.', schema: v.strictObject({ redriven: v.number() }) },
})

export const postDiscard = defineRoute({
  name: 'post-discard',
  method: 'POST',
  path: '/dead-letters/{id}/discard',
  summary: 'Set a dead letter aside for good; it stays readable',
  roles: ['admin'],
  needs: ['bus'],
  params: v.strictObject({ id: token() }),
  body: v.strictObject({
    reason: line(limits.reasonChars),
  }),
  answer: {
    status: 200,
    description: 'It is set aside.',
    schema: v.strictObject({ id: v.string(), discarded: v.string() }),
  },
  problems: [404],
})
