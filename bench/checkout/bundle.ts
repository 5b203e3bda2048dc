// What a cold start reads and how long that takes: the files that a function imports, as scripts/build.mjs bundles
// them; on AWS also those of the SDK's clients, which the embedded run never loads.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Metafile } from 'esbuild'
import { bundleOptions } from '../../scripts/bundle-options.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const starts = 7

export type Bundle = { name: string; kilobytes: number; importMs: number }

/** Of `names`: as the embedded run loads them, and with the clients that AWS needs beside. */
export async function measureBundles(
  names: readonly string[],
): Promise<{ own: Bundle[]; onAws: Bundle[]; smallest: Bundle; largest: Bundle }> {
  const outdir = mkdtempSync(join(tmpdir(), 'kram-bundle-'))
  const options = { ...bundleOptions(), outdir, write: true, metafile: true as const, sourcemap: false }
  const { metafile } = await build(options)
  const entryOf = (source: string): string => {
    const found = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === source)
    if (!found) throw new Error(`${source} is not in the bundle`)
    return found
  }
  const clients = ['lib/adapters/table/dynamodb.ts', 'lib/adapters/objects/s3.ts'].map(entryOf)
  const bundleOf = (name: string, more: readonly string[]): Bundle => {
    const files = [entryOf(`functions/${name}.ts`), ...more]
    return { name, kilobytes: bytesOf(metafile, files) / 1_024, importMs: importMsOf(files) }
  }
  const all = readdirSync(`${root}/functions`).map((file) => {
    const name = file.replace('.ts', '')
    return { name, kilobytes: bytesOf(metafile, [entryOf(`functions/${file}`)]) / 1_024, importMs: Number.NaN }
  })
  all.sort((a, b) => a.kilobytes - b.kilobytes)
  return {
    own: names.map((name) => bundleOf(name, [])),
    onAws: names.map((name) => bundleOf(name, clients)),
    smallest: all[0] as Bundle,
    largest: all.at(-1) as Bundle,
  }
}

// With whatever is imported at once; what is imported later, on need, is named by the caller.
function bytesOf({ outputs }: Metafile, entries: readonly string[]): number {
  const files = new Set<string>()
  const add = (path: string): void => {
    const output = outputs[path]
    if (!output || files.has(path)) return
    files.add(path)
    for (const { kind, path: next } of output.imports) if (kind === 'import-statement') add(next)
  }
  for (const entry of entries) add(entry)
  return [...files].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0)
}

/** The median over some fresh processes, without Node's own start. */
function importMsOf(files: readonly string[]): number {
  const urls = files.map((file) => pathToFileURL(join(root, file)).href)
  const script = `const t = performance.now(); for (const url of ${JSON.stringify(urls)}) await import(url); console.log(performance.now() - t)`
  const times = Array.from({ length: starts }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })),
  )
  return times.sort((a, b) => a - b)[starts >> 1] ?? Number.NaN
}
