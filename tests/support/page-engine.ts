// The promotion engine as the admin page has it: built by the page's own rules, which leave out of lib/ what it does not
// need.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { words } from '../../lib/promos/hint-texts.ts'

type Entry = typeof import('./page-engine-entry.ts')

export async function buildPageEngine(): Promise<Entry['engine']> {
  const outDir = mkdtempSync(join(tmpdir(), 'kram-page-engine-'))
  try {
    await build({
      configFile: 'admin/vite.config.ts',
      configLoader: 'native',
      logLevel: 'warn',
      build: {
        outDir,
        lib: { entry: resolve('tests/support/page-engine-entry.ts'), formats: ['es'], fileName: () => 'engine.mjs' },
      },
    })
    const { engine }: Entry = await import(join(outDir, 'engine.mjs'))
    // In the page they come with the texts.
    Object.assign(engine.words, words)
    return engine
  } finally {
    rmSync(outDir, { recursive: true })
  }
}
