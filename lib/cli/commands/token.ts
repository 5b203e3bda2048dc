// `kram token`: a bearer token for the shop of this data folder, signed with its key.
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { limits } from '../../base/limits.ts'
import { toInstant } from '../../base/time.ts'
import { type Role, roles } from '../../lambda/roles.ts'
import { createTokens } from '../../lambda/tokens.ts'
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

type Options = { role: Role; subject: string; ttl: number; dataDir: string; json: boolean }

async function printToken({ role, subject, ttl, dataDir, json }: Options): Promise<void> {
  const now = Date.now()
  const tokens = createTokens({ keyPath: join(dataDir, 'token.key'), clock: { now: () => now } })
  const token = await tokens.sign({ role, subject, ttlSeconds: ttl })
  const expires = toInstant((Math.floor(now / 1_000) + ttl) * 1_000)
  console.log(json ? JSON.stringify({ token, role, subject, expires }) : token)
}

export const command = (): Command =>
  new Command('token')
    .description(
      'Makes a bearer token for the HTTP API of the shop on this machine. It says who calls and what they may do:\n' +
        'shop (customers, goods, checkout), tester (also sees test promotions), marketer (promotions), admin (all).',
    )
    .addOption(new Option('--role <role>', 'what the bearer may do').choices(roles).default('shop'))
    .addOption(new Option('--subject <name>', 'who the bearer is').argParser(subjectText).default('cli'))
    .addOption(
      new Option('--ttl <duration>', 'how long it lasts: 90s, 15m, 12h, 7d').argParser(ttlSeconds).default(3_600, '1h'),
    )
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nExample:\n  curl -H "Authorization: Bearer $(kram token --role admin --ttl 15m)" http://127.0.0.1:3000/customers',
    )
    .action(printToken)
