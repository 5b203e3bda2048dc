// Routes of the admin page itself, all of one function: its files, who is signed in, what browsers report. The page's
// data come from the API that everybody uses.
import * as v from 'valibot'
import type { AdminConfig, AdminSession } from '../../shop/admin-types.ts'
import { defineRoute, type Same } from '../route.ts'

const inOne = { function: 'serve-admin' } as const

const file = { schema: v.string(), mediaType: '*/*' } as const

export const getAdmin = defineRoute({
  ...inOne,
  name: 'get-admin',
  raw: true,
  method: 'GET',
  path: '/admin',
  summary: 'The admin page',
  description: 'Any query is taken: an issuer sends its answer along. 503 with a plain page while it is not built.',
  roles: 'public',
  needs: ['adminFiles', 'signIn'],
  query: v.record(v.string(), v.string()),
  answer: { status: 200, description: 'HTML.', schema: v.string(), mediaType: 'text/html; charset=utf-8' },
})

export const getAdminAsset = defineRoute({
  ...inOne,
  name: 'get-admin-asset',
  raw: true,
  method: 'GET',
  path: '/admin/assets/{file}',
  summary: 'A file of the admin page',
  description: 'Its name changes with its content, so that it may be kept for ever.',
  roles: 'public',
  needs: ['adminFiles'],
  params: v.strictObject({ file: v.pipe(v.string(), v.maxLength(200)) }),
  answer: { status: 200, description: 'In the encoding asked for, where it was prepared.', ...file },
  problems: [404],
})

const text = v.string()

const adminConfig = v.strictObject({
  auth: v.variant('kind', [
    v.strictObject({ kind: v.literal('session') }),
    v.strictObject({ kind: v.literal('oidc'), issuer: text, client_id: text, scope: text }),
  ]),
  currency: text,
  time_zone: text,
})

export const getAdminConfig = defineRoute({
  ...inOne,
  name: 'get-admin-config',
  method: 'GET',
  path: '/admin/config.json',
  summary: 'How to sign in to the admin page, and the shop’s currency and time zone',
  roles: 'public',
  needs: ['signIn', 'settings'],
  answer: { status: 200, description: 'Nothing of it is secret.', schema: adminConfig },
})

export const getAdminLogin = defineRoute({
  ...inOne,
  name: 'get-admin-login',
  raw: true,
  method: 'GET',
  path: '/admin/login',
  summary: 'Sign in with a link that is good once',
  description:
    'Only in the embedded run. A link that does not hold leads to the page too, which says why ' +
    '(`#/sign-in?reason=link_spent`, `link_expired`, `link_invalid`).',
  roles: 'public',
  needs: ['sessions', 'clock'],
  embeddedOnly: true,
  query: v.strictObject({ token: v.pipe(v.string(), v.maxLength(2_048)) }),
  answer: { status: 303, description: 'To the page, with a session as a cookie.', schema: v.string() },
  problems: [403, 404],
})

const adminSession = v.strictObject({ role: v.picklist(['marketer', 'admin']), name: text, expires_at: text })

export const getAdminSession = defineRoute({
  ...inOne,
  name: 'get-admin-session',
  method: 'GET',
  path: '/admin/session',
  summary: 'Who is signed in, and until when',
  roles: ['marketer', 'admin'],
  needs: ['clock'],
  answer: { status: 200, description: 'The caller’s highest role.', schema: adminSession },
})

export const postAdminLogout = defineRoute({
  ...inOne,
  name: 'post-admin-logout',
  raw: true,
  method: 'POST',
  path: '/admin/logout',
  summary: 'End the session',
  description: 'Only in the embedded run. It counts nowhere any more, even where its cookie was copied to.',
  roles: ['marketer', 'admin'],
  needs: ['sessions'],
  embeddedOnly: true,
  answer: { status: 200, description: 'It has ended.', schema: v.strictObject({ ended: v.literal(true) }) },
  problems: [404],
})

export const postCspReports = defineRoute({
  ...inOne,
  name: 'post-csp-reports',
  raw: true,
  method: 'POST',
  path: '/admin/csp-reports',
  summary: 'Where browsers report what the admin page’s policy kept out',
  description: 'Only counted, by directive.',
  roles: 'public',
  needs: [],
  answer: { status: 204, description: 'It is counted.', schema: v.string() },
})

true satisfies Same<v.InferOutput<typeof adminConfig>, AdminConfig>
true satisfies Same<v.InferOutput<typeof adminSession>, AdminSession>

/** All that one function answers (functions/serve-admin.ts). */
export const adminPageRoutes = {
  getAdmin,
  getAdminAsset,
  getAdminConfig,
  getAdminLogin,
  getAdminSession,
  postAdminLogout,
  postCspReports,
} as const
