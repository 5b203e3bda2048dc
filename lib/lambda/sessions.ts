// Who is signed in to the admin page in the embedded run: a link that is good once becomes a session, which lies in the
// browser as a cookie. Both are signed; what is spent or ended before its time is written down in the data folder.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { KramError } from '../base/errors.ts'
import { limits } from '../base/limits.ts'
import type { Clock } from '../ports/clock.ts'
import type { Caller } from './roles.ts'
import { signingKey } from './signing-key.ts'
import { createSigner, type Grant, type Signed } from './tokens.ts'

export type Session = { text: string; caller: Caller; untilSeconds: number }

export type Sessions = {
  /** The token of a link for `subject`. Whoever has the key can make one; no shop need run. */
  link(grant: Omit<Grant, 'ttlSeconds'>): Promise<string>
  /**
   * A session of its own for a link's token, which is spent by it.
   * @throws KramError unauthorized: link_spent, link_expired, link_invalid
   */
  begin(token: string): Promise<Session>
  /** @throws KramError unauthorized: session_ended for one that has ended or is none of ours */
  verify(text: string): Promise<Caller>
  /** From now on it is none, wherever it lies. One that is none already is left alone. */
  end(text: string): Promise<void>
}

const spentSchema = v.record(v.string(), v.number())

/** Ids that no longer count, each with the second from which on nobody would take it anyway. */
type Spent = Map<string, number>

export function createSessions({ dataDir, clock }: { dataDir: string; clock: Clock }): Sessions {
  const key = signingKey(join(dataDir, 'token.key'))
  const links = createSigner({ key, clock, audience: 'urn:kram:admin-link' })
  const sessions = createSigner({ key, clock, audience: 'urn:kram:admin-session' })
  const path = join(dataDir, 'spent.json')
  let spent: Spent | undefined

  const isSpent = ({ id }: Signed): boolean => {
    spent ??= readSpent(path)
    return spent.has(id)
  }

  // Looked up and written in one go, before anybody else gets a turn: of two that spend it at once, one does.
  const spend = (signed: Signed): boolean => {
    if (isSpent(signed)) return false
    const now = clock.now() / 1000
    const kept = [...(spent ?? [])].filter(([, until]) => until > now)
    const next: Spent = new Map([...kept, [signed.id, signed.untilSeconds]])
    writeSpent(path, next)
    spent = next
    return true
  }

  const check = async (text: string): Promise<Signed> => {
    const signed = await sessions.check(text).catch(() => undefined)
    if (signed && !isSpent(signed)) return signed
    throw new KramError('unauthorized', 'session_ended', 'The session has ended: sign in again.')
  }

  return {
    link: (grant) => links.sign({ ...grant, ttlSeconds: limits.adminLinkSeconds }),
    async begin(token) {
      const signed = await links.check(token).catch((error: unknown) => {
        throw error instanceof KramError && error.code === 'token_expired' ? expired() : invalid()
      })
      if (!spend(signed)) {
        throw new KramError('unauthorized', 'link_spent', 'The link was used before: make another (kram token).')
      }
      const { subject, roles } = signed.caller
      const [role] = roles
      if (role === undefined) throw invalid()
      const text = await sessions.sign({ role, subject, ttlSeconds: limits.adminSessionSeconds })
      const { caller, untilSeconds } = await sessions.check(text)
      return { text, caller, untilSeconds }
    },
    verify: async (text) => (await check(text)).caller,
    async end(text) {
      const signed = await check(text).catch(() => undefined)
      if (signed) spend(signed)
    },
  }
}

const expired = (): KramError =>
  new KramError('unauthorized', 'link_expired', 'The link has ended: make another (kram token).')
const invalid = (): KramError => new KramError('unauthorized', 'link_invalid', 'The link is not one of ours.')

function readSpent(path: string): Spent {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
    throw error
  }
  return new Map(Object.entries(v.parse(spentSchema, JSON.parse(text))))
}

// Whole or not at all: renamed into place.
function writeSpent(path: string, spent: Spent): void {
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, JSON.stringify(Object.fromEntries(spent)), { mode: 0o600, flush: true })
  renameSync(draft, path)
}
