// `kram token`: a bearer token for the shop of this data folder, signed with its key.
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { KramError } from '../../base/errors.ts'
import { limits } from '../../base/limits.ts'
import { toInstant } from '../../base/time.ts'
import { type Role, roles } from '../../lambda/roles.ts'
import { createSessions } from '../../lambda/sessions.ts'
import { createTokens } from '../../lambda/tokens.ts'
import { personName } from '../../local/person-name.ts'
import { readServer } from '../../local/server-file.ts'
import { dataOption, durationSeconds, jsonOption } from '../options.ts'

function subjectText(text: string): string {
  if (!/^[\w.:@-]{1,100}$/.test(text)) {
    throw new InvalidArgumentError('It must be 1 to 100 of A-Z a-z 0-9 _ . : @ -.')
  }
  return text
}

function ttlSeconds(text: string): number {
  const seconds = durationSeconds(text)
  if (seconds > limits.tokenSeconds) {
    throw new InvalidArgumentError(`A token lasts at most ${limits.tokenSeconds / 86_400} days.`)
  }
  return seconds
}

type Options = {
  role?: Role
  subject?: string
  ttl?: number
  adminLink?: boolean
  dataDir: string
  json: boolean
}

const defaultTtlSeconds = 3_600

async function printToken(options: Options): Promise<void> {
  if (options.adminLink) return await printAdminLink(options)
  const { role = 'shop', subject = personName(), ttl = defaultTtlSeconds, dataDir, json } = options
  const now = Date.now()
  const tokens = createTokens({ keyPath: join(dataDir, 'token.key'), clock: { now: () => now } })
  const token = await tokens.sign({ role, subject, ttlSeconds: ttl })
  const expires = toInstant((Math.floor(now / 1_000) + ttl) * 1_000)
  console.log(json ? JSON.stringify({ token, role, subject, expires }) : token)
}

async function printAdminLink({ role = 'admin', subject = personName(), ttl, dataDir, json }: Options): Promise<void> {
  if (role !== 'admin' && role !== 'marketer') {
    throw new KramError('invalid', 'admin_link_role', 'The admin page is for the roles marketer and admin.')
  }
  if (ttl !== undefined) {
    const minutes = limits.adminLinkSeconds / 60
    throw new KramError(
      'invalid',
      'admin_link_ttl',
      `A link to the admin page lasts ${minutes} minutes: leave --ttl out.`,
    )
  }
  const server = readServer(dataDir)
  if (!server) throw new KramError('unavailable', 'no_shop_runs', 'No shop runs on this data folder: npm start.')
  const now = Date.now()
  const token = await createSessions({ dataDir, clock: { now: () => now } }).link({ role, subject })
  const url = `${server.url}/admin/login?token=${token}`
  const expires = toInstant((Math.floor(now / 1_000) + limits.adminLinkSeconds) * 1_000)
  console.log(json ? JSON.stringify({ url, role, subject, expires }) : url)
}

export const command = (): Command =>
  new Command('token')
    .description(
      'Makes a bearer token for the HTTP API of the shop on this machine. It says who calls and what they may do:\n' +
        'shop (customers, goods, checkout), tester (also sees test promotions), marketer (promotions), admin (all).\n' +
        'With --admin-link: a link that signs in to the admin page, once.',
    )
    .addOption(new Option('--role <role>', 'what the bearer may do (default: shop; of a link: admin)').choices(roles))
    .addOption(new Option('--subject <name>', 'who the bearer is (default: your account)').argParser(subjectText))
    .addOption(
      new Option('--ttl <duration>', 'how long it lasts: 90s, 15m, 12h, 7d (default: 1h)').argParser(ttlSeconds),
    )
    .addOption(
      new Option('--admin-link', 'a link to the admin page of the shop that runs, good once and for 10 minutes'),
    )
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nExample:\n  curl -H "Authorization: Bearer $(kram token --role admin --ttl 15m)" http://127.0.0.1:3000/customers',
    )
    .action(printToken)
