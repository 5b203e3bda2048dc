// Bundles every function, and the embedded host, into dist/ with plain esbuild, before Serverless reads them; the admin
// page beside them.
// One build with splitting: in the embedded run all functions share one module with the connections.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildAdmin } from './admin-build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds into dist/. Throws when a function does not compile. */
export async function buildFunctions() {
  const page = buildAdmin()
  const names = readdirSync(`${root}/functions`).filter((file) => file.endsWith('.ts'))
  const { outputFiles } = await build({
    write: false,
    absWorkingDir: root,
    entryPoints: [
      ...names.map((file) => ({ in: `functions/${file}`, out: `functions/${file.slice(0, -3)}` })),
      { in: 'lib/local/host.ts', out: 'local/host' },
    ],
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    // CommonJS inside an ES module asks for Node's built-ins through `require`.
    banner: {
      js: "import { createRequire as kramCreateRequire } from 'node:module'; const require = kramCreateRequire(import.meta.url);",
    },
  })
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
