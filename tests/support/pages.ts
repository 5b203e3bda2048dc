// What pages of docs/ ask to run, for the tests that hold them against what exists.
import { existsSync } from 'node:fs'

/** The lines of a page's shell blocks. */
export const commandsOf = (page: string): string[] =>
  [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line !== ''),
  )

/** `[whole, service, command]` of each call of AWS' command line, also inside `$(...)`. */
export const awsCommands = (page: string): [string, string, string][] =>
  commandsOf(page).flatMap((line) =>
    [...line.matchAll(/\baws ([a-z-]+) ([a-z-]+)/g)].map(
      ([all, service = '', command = '']): [string, string, string] => [all, service, command],
    ),
  )

// Each service's commands are the SDK's; `lambda` of the command line is client-lambda, `events` client-eventbridge.
const clientNames: Record<string, string> = {
  events: 'eventbridge',
  logs: 'cloudwatch-logs',
  'cognito-idp': 'cognito-identity-provider',
}

// Of services whose SDK nothing here brings along. https://docs.aws.amazon.com/cli/latest/reference/sns/subscribe.html
const lookedUp: Record<string, readonly string[]> = { sns: ['subscribe'] }

const pascal = (name: string): string => name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** Whether AWS' command line has it, by the SDK, which is made from the same models. */
export async function isAwsCommand(service: string, command: string): Promise<boolean> {
  if (lookedUp[service]) return lookedUp[service].includes(command)
  const name = `@aws-sdk/client-${clientNames[service] ?? service}`
  return existsSync(`node_modules/${name}`) && `${pascal(command)}Command` in (await import(name))
}

/** What one `curl` line sends to the shop; `path` begins after `$SHOP`. */
export const requestOf = (
  line: string,
): { method: string; path: string; headers: [string, string][]; body: string | undefined } => ({
  method: / -X ([A-Z]+)/.exec(line)?.[1] ?? 'GET',
  path: /"\$SHOP(\/[^"]*)"/.exec(line)?.[1] ?? '',
  headers: [...line.matchAll(/ -H (['"])([\w-]+): (.*?)\1/g)].map(([, , name = '', value = '']) => [name, value]),
  body: / -d '([^']*)'/.exec(line)?.[1],
})
