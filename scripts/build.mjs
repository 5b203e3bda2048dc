// Bundles every function, and the embedded host, into dist/ with plain esbuild, before Serverless reads them; the admin
// page beside them.
// One build with splitting: in the embedded run all functions share one module with the connections.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildAdmin } from './admin-build.mjs'
import { bundleOptions } from './bundle-options.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds into dist/. Throws when a function does not compile. */
export async function buildFunctions() {
  const page = buildAdmin()
  const { outputFiles } = await build(bundleOptions())
  writeChanged(outputFiles)
  await page
}

// Only what changed is touched, each file at once: a shop that runs, or another build, reads whole files.
function writeChanged(files) {
  for (const { path, contents } of files) {
    if (existsSync(path) && readFileSync(path).equals(contents)) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.${process.pid}.tmp`, contents)
    renameSync(`${path}.${process.pid}.tmp`, path)
  }
  const wanted = new Set(files.map(({ path }) => path))
  for (const entry of readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    // The admin page, and one in the making.
    if (/^\.?admin/.test(relative(join(root, 'dist'), path))) continue
    if (entry.isFile() && !wanted.has(path) && !path.endsWith('.tmp')) rmSync(path, { force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildFunctions()
