// Who is signed in, and what the page must know of the shop before it shows anything.
import { signal } from '@preact/signals-core'
import type { AdminConfig, AdminSession } from '../lib/shop/admin-types.ts'
import { accessToken, asApiError, isSignedOut, request } from './api.ts'
import type { SignInFault } from './oidc.ts'

export const adminConfig = signal<AdminConfig | undefined>(undefined)
export const session = signal<AdminSession | undefined>(undefined)
/** Why nobody is signed in who came from the issuer. */
export const signInFault = signal<SignInFault | 'role' | undefined>(undefined)
/** Why the page could not even begin. */
export const startProblem = signal('')

/** Loaded only where people sign in at an issuer. */
const oidc = () => import('./oidc.ts')

/** Finds out who is signed in; `session` stays empty when nobody is. */
export async function openSession(): Promise<void> {
  const config = await request<AdminConfig>('/admin/config.json')
  adminConfig.value = config
  if (config.auth.kind === 'oidc') {
    const { token, fault } = await (await oidc()).finishSignIn(config.auth)
    signInFault.value = fault
    accessToken.value = token
    if (accessToken.value === undefined) {
      isSignedOut.value = true
      return
    }
  }
  await readSession()
}

/** Asks the server; after a 401 once more, when somebody has signed in elsewhere. */
export async function readSession(): Promise<void> {
  isSignedOut.value = false
  session.value = await request<AdminSession>('/admin/session').catch((error) => {
    isSignedOut.value = true
    // Who was here and says too early to be back loses nothing that is open.
    if (asApiError(error).code !== 'role_not_allowed') return session.value
    signInFault.value = 'role'
    return undefined
  })
}

/** Leads to the issuer and comes back to the page. */
export async function signIn(): Promise<void> {
  const auth = adminConfig.value?.auth
  if (auth?.kind !== 'oidc') return
  const { startSignIn } = await oidc()
  await startSignIn(auth).catch(() => {
    signInFault.value = 'failed'
  })
}

export async function signOut(): Promise<void> {
  if (adminConfig.value?.auth.kind === 'oidc') {
    const { forgetToken } = await oidc()
    forgetToken()
    accessToken.value = undefined
  } else {
    await request('/admin/logout', { method: 'POST' }).catch(() => undefined)
  }
  session.value = undefined
  isSignedOut.value = true
}
