// docs/deploy.md says nothing that does not exist: npm scripts, commands and options of the Serverless Framework, commands
// of AWS, settings of serverless.yml; and its first order is placed, command by command, on the embedded run.
import '../support/quiet.ts'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { createTokens } from '../../lib/lambda/tokens.ts'
import { awsCommands, commandsOf, isAwsCommand, requestOf } from '../support/pages.ts'
import { serveShop } from '../support/served-shop.ts'

const page = readFileSync('docs/deploy.md', 'utf8')
const template = readFileSync('serverless.yml', 'utf8')
const commands = commandsOf(page)

type Schema = { options: Record<string, { shortcut?: string }> }
const schemas: Map<string, Schema> = createRequire(import.meta.url)(
  '../../node_modules/serverless/lib/cli/commands-schema/aws-service.js',
)

test('it asks to run npm, serverless, aws and curl alone', () => {
  expect(commands.filter((line) => !/^(?:npm|npx serverless|aws|curl|export [A-Z_]+=)/.test(line))).toEqual([])
})

const serverless = [...page.matchAll(/npx serverless ((?:[a-z]+ ?)+)((?: ?--[a-z-]+(?:[ =]"?[\w=-]+"?)?)*)/g)]

test.each(serverless.map(([all, name = '', options = '']) => [all.trim(), name.trim(), options]))(
  '%s',
  (_all, name, options) => {
    const schema = schemas.get(name)
    expect(schema, name).toBeDefined()
    for (const [, option = ''] of options.matchAll(/--([a-z-]+)/g))
      expect(Object.keys(schema?.options ?? {})).toContain(option)
  },
)

test('of each npm script and each plugin that it names there is one', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const named = [...page.replaceAll('\n', ' ').matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name]) => name ?? '')
  expect(named.length).toBeGreaterThan(1)
  for (const name of named) expect(scripts).toHaveProperty([name])
  for (const [path] of page.matchAll(/lib\/[\w/-]+\.ts/g)) expect(template).toContain(`./${path}`)
})

test('what is to be set before deploying is what serverless.yml reads, with its defaults', () => {
  const told = [...page.matchAll(/^\| `(KRAM_\w+)` .*\| `([^`]+)`[^|]*\|$/gm)].map(([, name, value]) => [name, value])
  const read = [...template.matchAll(/\$\{env:(KRAM_\w+), '([^']*)'\}/g)].map(([, name, value]) => [name, value])
  expect(told).toEqual(read)
})

test('outputs of the stack that it asks for are there', () => {
  const made = ['HttpApiUrl', ...[...template.matchAll(/^ {4}(\w+): \{ Value:/gm)].map(([, name]) => name)]
  for (const [, name] of page.matchAll(/OutputKey==`(\w+)`/g)) expect(made).toContain(name)
})

test.each(awsCommands(page))('%s is a command of AWS', async (_all, service, command) => {
  expect(await isAwsCommand(service, command)).toBe(true)
})

describe('its curl commands, one after the other, on the embedded run', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kram-deploy-'))
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

  test('end with the order in the customer’s document', async () => {
    const shop = await serveShop({ dataDir })
    const token = await createTokens({ keyPath: join(dataDir, 'token.key'), clock: shop.deps.clock }).sign({
      ...{ role: 'admin', subject: 'olena' },
      ttlSeconds: 3_600,
    })
    const { url } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8'))
    const answers: { path: string; status: number; body: Record<string, unknown> }[] = []
    for (const line of commands.filter((command) => command.startsWith('curl'))) {
      const asked = requestOf(line)
      const ask = async () => {
        const response = await fetch(`${url}${asked.path}`, {
          method: asked.method,
          headers: Object.fromEntries(asked.headers.map(([name, value]) => [name, value.replace('$TOKEN', token)])),
          ...(asked.body !== undefined && { body: asked.body }),
        })
        const body = (await response.json()) as Record<string, unknown>
        expect(response.ok, `${line}\n${JSON.stringify(body)}`).toBe(true)
        answers.push({ path: asked.path, status: response.status, body })
      }
      // As the page says: until the promotion is in force, an order is answered 409 and sent again.
      await vi.waitFor(ask, { timeout: 20_000, interval: 200 })
      await shop.idle()
    }
    expect(answers.map(({ path, status }) => `${status} ${path}`)).toEqual([
      '200 /readyz',
      '202 /products',
      '202 /customers',
      '200 /promos/bread-10',
      '200 /checkout',
      '200 /orders',
      '200 /customers/customer_1',
    ])
    expect(answers.at(-2)?.body).toMatchObject({ total_minor: 194 })
    expect(answers.at(-1)?.body).toMatchObject({
      orders: [{ id: answers.at(-2)?.body.id }],
      products: [{ quantity: 6, price_minor: 36 }],
    })
  }, 60_000)
})
