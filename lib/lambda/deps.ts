// What this process runs on. The only reader of process.env: each part is built once, when first asked for, so that
// a function that only publishes never loads the table's SDK, and the embedded run loads no SDK at all.
import * as v from 'valibot'
import type { ReplayOptions } from '../adapters/bus/eventbridge-replay.ts'
import { readDeliveries } from '../app/checkout/deliveries.ts'
import { type Deps, defaultSettings, type Settings } from '../app/deps.ts'
import { KramError } from '../base/errors.ts'
import { parseWith } from '../base/schema.ts'
import type { Functions } from '../ports/functions.ts'
import { type AdminFiles, createAdminFiles } from './admin-files.ts'
import type { Authenticate } from './auth.ts'
import type { Sessions } from './sessions.ts'
import { originOf, type SignIn } from './sign-in.ts'

export type Backend = 'embedded' | 'aws'

/** What the edge needs beside the use cases' dependencies. */
export type Parts = Deps & {
  authenticate: Authenticate
  functions: Functions
  /** The built admin page. */
  adminFiles: AdminFiles
  signIn: SignIn
  /** Who is signed in to the admin page; in the embedded run alone. */
  sessions: Sessions
}

type Builders = { [Part in keyof Parts]: () => Parts[Part] | Promise<Parts[Part]> }

const notOpen = (part: string) => (): never => {
  throw new KramError(
    'unavailable',
    'shop_not_open',
    `No shop is open in this process (it has no ${part}): npm start opens one; on AWS set KRAM_BACKEND=aws.`,
  )
}

function named(variable: string): string {
  const value = process.env[variable]
  if (value) return value
  throw new KramError('unavailable', 'environment', `${variable} is not set: the template names it for each function.`)
}

/** Currencies whose minor unit is not a hundredth (ISO 4217, list one): every sum would be wrong by it. */
const withoutHundredths = new Set(
  (
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ' + 'BHD IQD JOD KWD LYD OMR TND CLF UYW'
  ).split(' '),
)

const dataDir = (): string => process.env.KRAM_DATA ?? '.kram'

/** `embedded` unless KRAM_BACKEND says `aws`. */
export function backend(): Backend {
  const name = process.env.KRAM_BACKEND ?? 'embedded'
  if (name === 'embedded' || name === 'aws') return name
  throw new KramError('invalid', 'unknown_backend', `KRAM_BACKEND is ${name}; it must be embedded or aws.`)
}

/** The name of the shop's bus on AWS, by which metrics of several shops in one account are told apart. */
export const shopName = (): string => process.env.KRAM_BUS ?? 'kram'

/**
 * KRAM_CURRENCY (ISO 4217), KRAM_TIME_ZONE (IANA) and KRAM_DELIVERIES (`courier=19.99, pickup=0`).
 * @throws KramError invalid `settings` for what is none of these
 */
export function settingsFromEnvironment(): Settings {
  const { KRAM_CURRENCY: currency, KRAM_TIME_ZONE: timeZone, KRAM_DELIVERIES: prices } = { ...process.env }
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) {
    throw new KramError('invalid', 'settings', `KRAM_CURRENCY is ${currency}; it must be a code such as PLN.`)
  }
  if (currency !== undefined && withoutHundredths.has(currency)) {
    const message = `KRAM_CURRENCY is ${currency}, which has no hundredths; Kram reckons in hundredths of a unit.`
    throw new KramError('invalid', 'settings', message)
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw new KramError('invalid', 'settings', `KRAM_TIME_ZONE is ${timeZone}; it must be a zone such as Europe/Kyiv.`)
  }
  const deliveries = prices === undefined ? defaultSettings.deliveries : readDeliveries(prices)
  if (!deliveries) {
    throw new KramError('invalid', 'settings', 'KRAM_DELIVERIES must be a list such as courier=19.99, pickup=0.')
  }
  return {
    currency: currency ?? defaultSettings.currency,
    timeZone: timeZone ?? defaultSettings.timeZone,
    deliveries,
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Every subscription by name, and whether it takes replays: `{"on-new-customer": true, "greet-city": false}`. */
const subscriptionsSchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.boolean()))

/**
 * Where EventBridge replays from and to; asked for by the function that begins replays only. The Serverless Framework
 * names a function's rule after it.
 */
function replays(): ReplayOptions {
  const busArn = named('KRAM_BUS_ARN')
  const prefix = named('KRAM_FUNCTION_PREFIX')
  const subscriptions = parseWith(subscriptionsSchema, named('KRAM_SUBSCRIPTIONS'), { what: 'KRAM_SUBSCRIPTIONS' })
  return {
    busArn,
    archiveArn: named('KRAM_ARCHIVE_ARN'),
    subscriptions: Object.entries(subscriptions).map(([name, takesReplays]) => ({
      name,
      takesReplays,
      ruleArn: `${busArn.replace(':event-bus/', ':rule/')}/${prefix}${name}-rule-1`,
    })),
  }
}

/**
 * Who signs in to the admin page where: KRAM_JWT_ISSUER, KRAM_OIDC_CLIENT_ID, KRAM_OIDC_SCOPE, and KRAM_OIDC_ORIGINS
 * for a token endpoint that is not at the issuer's own address (Amazon Cognito's is not).
 */
function oidcFromEnvironment(): SignIn {
  const issuer = named('KRAM_JWT_ISSUER')
  const further = (process.env.KRAM_OIDC_ORIGINS ?? '').split(/\s+/).filter((word) => word !== '' && word !== 'none')
  const origins = [issuer, ...further].map((address) => {
    const origin = originOf(address)
    if (origin !== undefined) return origin
    throw new KramError('invalid', 'settings', 'KRAM_JWT_ISSUER and KRAM_OIDC_ORIGINS must be https addresses.')
  })
  return {
    kind: 'oidc',
    issuer,
    clientId: named('KRAM_OIDC_CLIENT_ID'),
    scope: process.env.KRAM_OIDC_SCOPE || 'openid',
    origins: [...new Set(origins)],
  }
}

const common = {
  // Beside the functions, in the project's folder as in Lambda's.
  adminFiles: () => createAdminFiles('dist/admin'),
  clock: () => ({ now: Date.now }),
  random: () => ({ next: Math.random }),
  settings: settingsFromEnvironment,
}

const builders: Record<Backend, Builders> = {
  // Opened by the host (lib/local), which hands them over with provideDeps.
  embedded: {
    ...common,
    bus: notOpen('bus'),
    table: notOpen('table'),
    objects: notOpen('objects'),
    // The embedded bus sends dead letters again by itself.
    functions: () => ({ call: notOpen('functions'), start: notOpen('functions'), nameOf: () => undefined }),
    authenticate: async () => {
      const [auth, { createTokens }, clock, sessions] = await Promise.all([
        import('./auth.ts'),
        import('./tokens.ts'),
        part('clock'),
        part('sessions'),
      ])
      return auth.authenticateHere({ tokens: createTokens({ keyPath: `${dataDir()}/token.key`, clock }), sessions })
    },
    signIn: () => ({ kind: 'session' }),
    sessions: async () => {
      const { createSessions } = await import('./sessions.ts')
      return createSessions({ dataDir: dataDir(), clock: await part('clock') })
    },
  },
  aws: {
    ...common,
    bus: async () => {
      const { createEventBridgeBus } = await import('../adapters/bus/eventbridge.ts')
      return createEventBridgeBus({
        busName: named('KRAM_BUS'),
        clock: await part('clock'),
        random: await part('random'),
        archive: async () => {
          const { createObjectArchive } = await import('../app/archive.ts')
          return createObjectArchive(await deps(['objects']))
        },
        deadLetters: async () => {
          const { createDeadLetters } = await import('../app/dead-letters.ts')
          return createDeadLetters(await deps(['table', 'objects', 'clock', 'random', 'functions']))
        },
        replays,
      })
    },
    functions: async () => {
      const { createLambdaFunctions } = await import('../adapters/functions/lambda.ts')
      return createLambdaFunctions({ prefix: named('KRAM_FUNCTION_PREFIX'), random: await part('random') })
    },
    table: async () => {
      const { createDynamodbTable } = await import('../adapters/table/dynamodb.ts')
      return createDynamodbTable({ tableName: named('KRAM_TABLE'), random: await part('random') })
    },
    objects: async () => {
      const { createS3Objects } = await import('../adapters/objects/s3.ts')
      // An emulator (its address is the SDK's own variable) has no host name for each bucket.
      const pathStyle = process.env.AWS_ENDPOINT_URL !== undefined
      return createS3Objects({ bucket: named('KRAM_BUCKET'), pathStyle, random: await part('random') })
    },
    authenticate: async () => {
      const { authenticateByClaims } = await import('./auth.ts')
      return authenticateByClaims({
        rolesClaim: process.env.KRAM_ROLES_CLAIM ?? 'cognito:groups',
        issuer: named('KRAM_JWT_ISSUER'),
        audience: named('KRAM_JWT_AUDIENCE'),
      })
    },
    signIn: oidcFromEnvironment,
    sessions: notOpen('sessions'),
  },
}

const built = new Map<keyof Parts, Promise<unknown>>()

function part<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
  let ready = built.get(name)
  if (!ready) {
    ready = (async () => builders[backend()][name]())()
    built.set(name, ready)
    // A part that failed to open is tried again by the next invocation.
    ready.catch(() => built.delete(name))
  }
  return ready as Promise<Parts[Name]>
}

/**
 * The named parts, built on first need and kept as long as the process lives.
 * @throws KramError unavailable `shop_not_open` for a store that nobody opened in the embedded run
 */
export async function deps<Name extends keyof Parts>(names: readonly Name[]): Promise<Pick<Parts, Name>> {
  const parts: unknown[] = await Promise.all(names.map(part))
  return Object.fromEntries(names.map((name, i) => [name, parts[i]])) as Pick<Parts, Name>
}

/** Sets parts for this process, as the embedded host and tests do; `undefined` forgets one. */
export function provideDeps(parts: { [Name in keyof Parts]?: Parts[Name] | undefined }): void {
  for (const [name, value] of Object.entries(parts) as [keyof Parts, unknown][]) {
    if (value === undefined) built.delete(name)
    else built.set(name, Promise.resolve(value))
  }
}
