// Every example of docs/rules.md is run as it stands: JSON as a line of `kram rules run`, TypeScript as a program.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { runLine } from '../../lib/cli/commands/rules.ts'
import { errorLine } from '../../lib/cli/output.ts'

type Block = { language: string; text: string; section: string }

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let section = ''
  for (const part of markdown.split(/^(?=#+ |```)/m)) {
    const heading = /^#+ (.*)/.exec(part)
    if (heading?.[1]) section = heading[1]
    const block = /^```(\w+)\n([\s\S]*)/.exec(part)
    if (block?.[1] && block[2]) blocks.push({ language: block[1], text: block[2], section })
  }
  return blocks
}

const blocks = blocksOf(readFileSync('docs/rules.md', 'utf8'))
const examples = blocks.flatMap((block, i) => {
  const isExample = block.language === 'ts' || (block.language === 'json' && /^\{\s*"rules"/.test(block.text))
  return isExample ? [{ name: `${block.section} (${i})`, block, expected: blocks[i + 1]?.text ?? '' }] : []
})

const folder = mkdtempSync(join(tmpdir(), 'kram-rules-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const answer = (line: string): unknown => {
  try {
    return runLine(line)
  } catch (error) {
    return { error: errorLine(error) }
  }
}

function printed(program: string): string {
  const file = join(folder, 'example.ts')
  writeFileSync(file, program.replaceAll("'../lib/", `'${pathToFileURL('lib').href}/`))
  return execFileSync(process.execPath, [file], { encoding: 'utf8' })
}

describe('docs/rules.md', () => {
  test('has examples, and each block is an example or an answer', () => {
    expect(examples.length).toBeGreaterThan(25)
    expect(blocks.length).toBe(examples.length * 2)
  })

  test.each(examples.map((example) => [example.name, example] as const))('%s', (_, { block, expected }) => {
    if (block.language === 'ts') expect(printed(block.text)).toBe(expected)
    else expect(answer(block.text.replaceAll('\n', ' '))).toEqual(JSON.parse(expected))
  })
})
