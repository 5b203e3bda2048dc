// How esbuild bundles every function and the embedded host: for scripts/build.mjs, and for what measures bundles.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Into `dist`; nothing is written by itself. */
export function bundleOptions() {
  const names = readdirSync(`${root}/functions`).filter((file) => file.endsWith('.ts'))
  return {
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
  }
}
