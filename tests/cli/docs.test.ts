// Runs every `$ ...` of docs/cli.md, in order and in one folder, and compares what it prints.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { bin } from '../support/kram.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

type Example = { command: string; code: number; printed: string[] }

function examplesOf(markdown: string): Example[] {
  const examples: Example[] = []
  for (const [, block = ''] of markdown.matchAll(/^```console\n(.*?)^```$/gms)) {
    for (const line of block.split('\n').slice(0, -1)) {
      const [, command, code] = /^\$ (.*?)(?: # exit code (\d))?$/.exec(line) ?? []
      if (command !== undefined) examples.push({ command, code: Number(code ?? 0), printed: [] })
      else examples.at(-1)?.printed.push(line)
    }
  }
  return examples
}

/** `...` alone on a line stands for any lines, elsewhere for any text. */
function shapeOf(printed: readonly string[]): RegExp {
  const parts = printed.map((line) =>
    line === '...'
      ? '(?:.*\\n)*?'
      : `${line
          .split('...')
          .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}\\n`,
  )
  return new RegExp(`^${parts.join('')}$`)
}

const dataDir = temporaryFolder()

function run(command: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { ...process.env, KRAM_DATA: dataDir, NODE: process.execPath, BIN: bin }
  const child = spawn('sh', ['-c', `kram() { "$NODE" "$BIN" "$@"; }\n${command}`], { cwd: root, env })
  const ended = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ended.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ended.stderr += text
  })
  child.stdin.end()
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, ...ended }))
  })
}

describe('docs/cli.md', () => {
  const examples = examplesOf(readFileSync(`${root}docs/cli.md`, 'utf8'))
  test('has examples', () => expect(examples.length).toBeGreaterThan(25))
  for (const { command, code, printed } of examples) {
    test(command, async () => {
      const ended = await run(command)
      expect(ended, ended.stderr).toMatchObject({ code })
      expect(ended.stdout).toMatch(shapeOf(printed))
    })
  }
})
