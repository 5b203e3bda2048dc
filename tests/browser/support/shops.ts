// Before the browser tests: two shops as `npm start` runs them, one empty and one with the samples, on free ports.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

export type ShopAt = { url: string; dataDir: string }

declare module 'vitest' {
  export interface ProvidedContext {
    empty: ShopAt
    sample: ShopAt
  }
}

const patienceMs = 90_000

/** The shop says where it is when it is ready. */
async function start(...args: string[]): Promise<ShopAt & { stop: () => void }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kram-browser-'))
  const child = spawn(process.execPath, ['scripts/start.mjs', '--data', dataDir, '--port', '0', ...args])
  const stop = (): void => {
    child.kill('SIGTERM')
    child.on('exit', () => rmSync(dataDir, { recursive: true, force: true }))
  }
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error(`The shop did not open:\n${said}`)), patienceMs)
    const hear = (chunk: Buffer): void => {
      said += chunk
      const found = /open at (\S+)/.exec(said)?.[1]
      if (!found || !said.includes('Ctrl-C')) return
      clearTimeout(tooLate)
      resolve(found)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', () => reject(new Error(`The shop ended:\n${said}`)))
  })
  return { url, dataDir, stop }
}

const opened: { stop: () => void }[] = []

export async function setup(project: TestProject): Promise<void> {
  // One after the other: both build what is in dist/.
  const empty = await start('--empty')
  opened.push(empty)
  const sample = await start()
  opened.push(sample)
  project.provide('empty', { url: empty.url, dataDir: empty.dataDir })
  project.provide('sample', { url: sample.url, dataDir: sample.dataDir })
}

export function teardown(): void {
  for (const shop of opened) shop.stop()
}
