// docs/runbook.md has a section for every alarm of the template, and no command that does not exist.
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { allRoutes } from '../../lib/lambda/routes/all.ts'
import { functionAlarms } from '../../lib/serverless/alarms.ts'
import { awsCommands, commandsOf, isAwsCommand, requestOf } from '../support/pages.ts'

const read = (path: string): string => readFileSync(path, 'utf8')

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')

const sections = new Map(
  read('docs/runbook.md')
    .split(/^## /m)
    .slice(1)
    .map((section) => [anchorOf(section.slice(0, section.indexOf('\n'))), section] as const),
)

/** Of the template's own text: `tests/wiring/template.test.ts` holds the compiled alarms against their descriptions. */
const named = [
  ...JSON.stringify(functionAlarms(['f'])).matchAll(/docs\/runbook\.md#([a-z0-9-]+)/g),
  ...read('serverless.yml').matchAll(/AlarmDescription: docs\/runbook\.md#([a-z0-9-]+)/g),
].map(([, anchor]) => anchor ?? '')

test('every alarm has its section, and every section its alarm', () => {
  expect([...sections.keys()].toSorted()).toEqual([...new Set(named)].toSorted())
})

describe.each([...sections])('%s', (_anchor, section) => {
  test('has a first command, a mitigation and a verification, in this order', () => {
    const parts = [...section.matchAll(/^\*\*([A-Z][a-z ]+)\*\*/gm)].map(([, part]) => part)
    expect(parts).toEqual(['First command', 'Mitigation', 'Verification'])
    const [first, last] = [section.split('**Mitigation**')[0], section.split('**Verification**')[1]]
    expect(first).toContain('```sh')
    expect(last).toContain('```sh')
  })
})

const page = read('docs/runbook.md')
const commands = commandsOf(page).filter((line) => !line.startsWith('export '))

test.each(awsCommands(page))('%s is a command of AWS', async (_all, service, command) => {
  expect(await isAwsCommand(service, command)).toBe(true)
})

test.each(commands.filter((line) => line.startsWith('curl')))('%s asks for a route of the API', (line) => {
  const { method, path: target, body } = requestOf(line)
  const path = target.split('?')[0] ?? ''
  const asked = allRoutes.find(
    (route) => route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[A-Z]+')}$`).test(path),
  )
  expect(asked?.path, `${method} ${path}`).toBeDefined()
  if (asked && 'body' in asked && asked.body) expect(v.is(asked.body, JSON.parse(body ?? 'null'))).toBe(true)
})

test('nothing but these two programs is asked to run', () => {
  expect(commands.filter((line) => !/^(?:aws|curl) /.test(line))).toEqual([])
})

test('log groups and functions that it names are functions', () => {
  const functions = [...read('docs/runbook.md').matchAll(/\$STACK-([a-z]+(?:-[a-z]+)+)/g)].map(([, name]) => name)
  const declared = read('serverless.yml')
  expect(functions.filter((name) => !declared.includes(`dist/functions/${name}`) && name !== 'sweep')).toEqual([])
})
