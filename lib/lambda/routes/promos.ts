// Routes that keep promotions: for marketers and admins alone, since drafts are nobody else's business.
import * as v from 'valibot'
import { line } from '../../../events/fields.ts'
import type { JsonValue } from '../../base/json.ts'
import { languages } from '../../base/languages.ts'
import { limits } from '../../base/limits.ts'
import { warningCodes } from '../../promos/warn.ts'
import type { PauseAnswer, PromoEntry } from '../../shop/admin-types.ts'
import { defineRoute, type Same } from '../route.ts'
import { editors, pageOf, pageQuery, wholeNumberText } from './fields.ts'

const promoId = () =>
  v.pipe(
    v.string('must be text'),
    v.maxLength(limits.idChars, `must have at most ${limits.idChars} characters`),
    v.regex(
      /^[\p{L}\p{N}][\p{L}\p{N}_.:@+~-]*$/u,
      'must begin with a letter or digit and hold only those and _ . : @ + ~ -',
    ),
  )

const version = () =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be an integer'),
    v.maxValue(limits.promoVersions, `must be at most ${limits.promoVersions}`),
  )

const expectedVersion = v.pipe(
  version(),
  v.minValue(0, 'must not be negative'),
  v.description('The current version that the editor has seen; 0 for a new promotion.'),
)
const reason = v.pipe(line(limits.reasonChars), v.description('Why, for the history.'))

// JSON already: the HTTP stack has parsed it, and the checks of promotions say the rest.
const config = v.pipe(
  v.record(
    v.string(),
    v.custom<JsonValue>(() => true),
    'must be an object',
  ),
  v.description('As docs/promos.md has it; what makes no sense is refused with its place.'),
)

const state = v.picklist(['draft', 'test', 'live'], 'must be draft, test or live')

const summary = {
  id: v.string(),
  version: v.number(),
  state,
  title: v.exactOptional(v.string()),
  saved_at: v.string(),
  saved_by: v.string(),
  reason: v.string(),
  /** The number that this save gave to all promotions together; checkouts answer it as `promos_version`. */
  set: v.number(),
  /** The version whose config it took over. */
  rolled_back_to: v.exactOptional(v.number()),
}

const used = v.strictObject({ used: v.number(), most: v.number() })
const usage = v.strictObject({
  redemptions: v.pipe(v.number(), v.description('Orders in which it applied, less those that were cancelled.')),
  discount_minor: v.number(),
  credit_minor: v.number(),
  limits: v.pipe(
    v.strictObject({ uses: v.exactOptional(used), budget_minor: v.exactOptional(used) }),
    v.description('Those that it has, exactly as orders have taken of them.'),
  ),
})

const faults = v.exactOptional(
  v.pipe(
    v.array(v.strictObject({ pointer: v.pipe(v.string(), v.description('In the config.')), message: v.string() })),
    v.description('It was saved under other rules: what saving it would refuse today. It applies to nobody.'),
  ),
)

const entry = v.strictObject({
  ...summary,
  faults,
  config: v.exactOptional(v.record(v.string(), v.unknown())),
  usage: v.exactOptional(usage),
})

const included = ['config', 'usage'] as const
const includePattern = '^(?:config|usage|config,usage|usage,config)$'

const includeText = () =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(includePattern), 'must be config, usage or both, parted by a comma'),
    v.transform((text) => included.filter((name) => text.split(',').includes(name))),
    v.metadata({ jsonSchema: { type: 'string', pattern: includePattern } }),
  )

const pauseAnswer = v.strictObject({
  paused: v.array(v.strictObject({ id: v.string(), version: v.number() })),
  unchanged: v.pipe(v.array(v.string()), v.description('Were drafts already.')),
  failed: v.array(v.strictObject({ id: v.string(), code: v.string(), message: v.string() })),
  more: v.pipe(v.boolean(), v.description('There are more that are not paused.')),
})

true satisfies Same<v.InferOutput<typeof entry>, PromoEntry>
true satisfies Same<v.InferOutput<typeof pauseAnswer>, PauseAnswer>

const whole = v.strictObject({ ...summary, faults, config })
const saved = v.strictObject({
  ...summary,
  config,
  /** Left out when the shop's other promotions could not be read just now. */
  warnings: v.exactOptional(
    v.pipe(
      v.array(
        v.strictObject({
          code: v.picklist(warningCodes),
          pointer: v.pipe(v.string(), v.description('In the config.')),
          other: v.exactOptional(v.pipe(v.string(), v.description('Id of the other promotion that it is about.'))),
          message: v.string(),
        }),
      ),
      v.description('What is probably not meant, beside the shop’s other promotions; it is saved all the same.'),
    ),
  ),
})
const change = v.strictObject({ pointer: v.string(), text: v.string() })
const changed = {
  changes: v.array(change),
  in_words: v.exactOptional(
    v.pipe(v.array(v.string()), v.description('The same in sentences of the `language` that was asked for.')),
  ),
}
const language = v.exactOptional(v.picklist(languages, `must be one of ${languages.join(', ')}`))

export const listPromos = defineRoute({
  name: 'list-promos',
  method: 'GET',
  path: '/promos',
  summary: 'Promotions as they are now, by id, page by page',
  description:
    '`include` names what comes with each, parted by commas: `config`, `usage` (what it gave, and how much of its limits ' +
    'is used). With `state` a page may be short, even empty; `next` goes on.',
  roles: editors,
  needs: ['table', 'settings'],
  query: v.strictObject({ ...pageQuery(), include: v.exactOptional(includeText()), state: v.exactOptional(state) }),
  answer: { status: 200, description: 'A page.', schema: pageOf(entry) },
})

export const postPause = defineRoute({
  name: 'post-pause',
  method: 'POST',
  path: '/promos/pause',
  summary: 'Pause several promotions, or all',
  description:
    'Each is saved as a draft, with nothing else changed: whatever others save meanwhile is kept. `all`: 100 at a time, ' +
    'so ask again while `more`. One that cannot be paused keeps none of the others from it.',
  roles: editors,
  needs: ['table', 'clock', 'settings'],
  body: v.union(
    [
      v.strictObject({
        promos: v.pipe(v.array(promoId()), v.minLength(1), v.maxLength(limits.pausedPromos)),
        reason,
      }),
      v.strictObject({ all: v.literal(true), reason }),
    ],
    'must be {"promos": ["a", "b"], "reason": "..."}, or {"all": true, "reason": "..."}',
  ),
  answer: { status: 200, description: 'What became of each.', schema: pauseAnswer },
})

export const getPromo = defineRoute({
  name: 'get-promo',
  method: 'GET',
  path: '/promos/{id}',
  summary: 'One promotion with its config: the current version, or the one asked for',
  roles: editors,
  needs: ['table', 'settings'],
  params: v.strictObject({ id: promoId() }),
  query: v.strictObject({ version: v.exactOptional(wholeNumberText(limits.promoVersions)) }),
  answer: { status: 200, description: 'The version.', schema: whole },
  problems: [404],
})

export const listPromoVersions = defineRoute({
  name: 'list-promo-versions',
  method: 'GET',
  path: '/promos/{id}/versions',
  summary: 'Who changed a promotion, when, why and what: its versions, newest first, page by page',
  roles: editors,
  needs: ['table', 'settings'],
  params: v.strictObject({ id: promoId() }),
  query: v.strictObject({ ...pageQuery(), include: v.exactOptional(v.literal('config', 'must be config')), language }),
  answer: {
    status: 200,
    description:
      'A page; `changes` is what each version changed in the one before it, with `language` told `in_words` too.',
    schema: pageOf(v.strictObject({ ...summary, config: v.exactOptional(config), ...changed })),
  },
  problems: [404],
})

export const getPromoDiff = defineRoute({
  name: 'get-promo-diff',
  method: 'GET',
  path: '/promos/{id}/diff',
  summary: 'What changed from one version of a promotion to another',
  roles: editors,
  needs: ['table', 'settings'],
  params: v.strictObject({ id: promoId() }),
  query: v.strictObject({
    from: wholeNumberText(limits.promoVersions),
    to: wholeNumberText(limits.promoVersions),
    language,
  }),
  answer: {
    status: 200,
    description:
      'Each change with its place (JSON Pointer) and in words; with `language` in sentences of that language too.',
    schema: v.strictObject({ id: v.string(), from: v.number(), to: v.number(), ...changed }),
  },
  problems: [404],
})

export const putPromo = defineRoute({
  name: 'put-promo',
  method: 'PUT',
  path: '/promos/{id}',
  summary: 'Save a promotion as its next version, which is the current one from then on',
  description:
    'Publishing, pausing (`state: draft`) and scheduling are saves too. If somebody has saved since ' +
    '`expected_version`, nothing is stored and the answer is 409 with `current_version`. The same request again is ' +
    'answered as the first. A version is in force everywhere within five seconds.',
  roles: editors,
  needs: ['table', 'clock', 'settings'],
  params: v.strictObject({ id: promoId() }),
  body: v.strictObject({ config, expected_version: expectedVersion, reason }),
  answer: { status: 200, description: 'It is saved.', schema: saved },
  problems: [409],
})

export const postRollback = defineRoute({
  name: 'post-rollback',
  method: 'POST',
  path: '/promos/{id}/rollback',
  summary: 'Save the config of an earlier version as a new one',
  description: 'All that the config says is in force again, its state included.',
  roles: editors,
  needs: ['table', 'clock', 'settings'],
  params: v.strictObject({ id: promoId() }),
  body: v.strictObject({
    to: v.pipe(version(), v.minValue(1, 'must be at least 1')),
    expected_version: expectedVersion,
    reason,
  }),
  answer: { status: 200, description: 'It is saved.', schema: saved },
  problems: [404, 409],
})
