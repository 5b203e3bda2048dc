// Wrong command lines, and the help of every command.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { kram } from '../support/kram.ts'

const dataDir = temporaryFolder()

describe('a wrong command line ends with 2 and prints nothing on standard output', () => {
  test.each([
    ['nothing at all', []],
    ['an unknown group', ['nope']],
    ['a group named like a property of objects', ['constructor']],
    ['a group without its command', ['make']],
    ['an unknown command of a group', ['make', 'planets']],
    ['a count of none', ['make', 'customers', '--count', '0']],
    ['a count that is no number', ['make', 'customers', '--count', 'ten']],
    ['a fraction', ['buy', '--count', '1.5']],
    ['a count beyond the bound', ['buy', '--count', '100001']],
    ['another way', ['make', 'customers', '--via', 'pigeon']],
    ['a catalogue that there is not', ['make', 'products', '--catalogue', 'toys']],
    ['an empty seed', ['make', 'products', '--seed', '']],
    ['a language that there is not', ['list', 'customers', '--lang', 'la']],
    ['an unknown format', ['events', 'publish', '--format', 'xml']],
    ['a type without data', ['events', 'publish', '--type', 'new_customer']],
    ['a type beside a file', ['events', 'publish', '--type', 'new_customer', '--data', '{}', '--file', 'x']],
    ['a time that is none', ['events', 'tail', '--from', '2022-13-01']],
    ['redrive without saying which', ['events', 'redrive']],
    ['redrive of all and of some', ['events', 'redrive', '--all', '--code', 'x']],
    ['discard without a reason', ['events', 'discard', 'x']],
    ['version 0', ['promos', 'diff', 'a', '0']],
    ['a version that no promotion can have', ['promos', 'rollback', 'a', '--to', '1000000', '--why', 'x']],
    ['a replay of a type that there is not', ['events', 'replay', '--from', '1d', '--type', 'new_planet']],
  ])('%s', async (_, args) => {
    const { code, stdout, stderr } = await kram(args, { dataDir })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).not.toBe('')
    expect(stderr).not.toContain('    at ')
  })
})

test('a wrong command line names the help of the very command', async () => {
  const { stderr } = await kram(['events', 'dead-letters', '--nope'], { dataDir })
  expect(stderr).toContain('kram events dead-letters --help')
})

const commandsOf = (help: string): string[] =>
  [...(/\nCommands:\n((?: .*\n)+)/.exec(help)?.[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].flatMap(([, name]) =>
    name === undefined || name === 'help' ? [] : [name],
  )

test('the version is the project’s', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(await kram(['--version'], { dataDir })).toMatchObject({ code: 0, stdout: `${version}\n` })
})

test('every command has a help with an example', async () => {
  const helpOf = async (args: string[]): Promise<string> => {
    const { code, stdout } = await kram([...args, '--help'], { dataDir })
    expect(code, args.join(' ')).toBe(0)
    return stdout
  }
  const groups = commandsOf(await helpOf([]))
  expect(groups).toEqual(expect.arrayContaining(['make', 'buy', 'list', 'events', 'token']))
  const without: string[] = []
  for (const group of groups) {
    const help = await helpOf([group])
    const commands = commandsOf(help)
    if (commands.length === 0 && !help.includes('Example')) without.push(group)
    for (const command of commands) {
      if (!(await helpOf([group, command])).includes('Example')) without.push(`${group} ${command}`)
    }
  }
  expect(without).toEqual([])
}, 60_000)

test('a description is broken where the terminal ends, and nowhere else', async () => {
  const { stdout } = await kram(['rebuild', '--help'], { dataDir })
  const [, ...lines] = (/\n\n(.*?)\n\nOptions:/s.exec(stdout)?.[1] ?? '').split('\n')
  expect(lines.length).toBeGreaterThan(0)
  expect(lines.slice(0, -1).filter((line) => line.length < 60)).toEqual([])
})

test('kram help <group> is its --help', async () => {
  const asked = await kram(['help', 'make'], { dataDir })
  expect(asked).toEqual(await kram(['make', '--help'], { dataDir }))
  expect(asked.stdout).toContain('customers')
})
