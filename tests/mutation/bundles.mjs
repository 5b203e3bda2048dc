// Test files of lib/rules as one script each, with Stryker's switches in its code made cheap: which mutant is on is a
// number of an object that the script is started with.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { build } from 'esbuild'

const parameters = 'mutants, require'

/** Stryker's calls as plain comparisons; what it counts is counted only where asked for. */
const cheap = (text, counting) =>
  text
    .replace(/stryMutAct_9fa48\("(\d+)"\)/g, '(mutants.on === $1 && mutants.reached())')
    .replace(/stryCov_9fa48\(((?:"\d+"(?:, )?)+)\)/g, (_, ids) =>
      counting ? `(${ids.replace(/"(\d+)"/g, 'mutants.counts[$1]++')})` : '0',
    )

const plugin = (counting) => ({
  name: 'mutants',
  setup(on) {
    on.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: cheap(readFileSync(path, 'utf8'), counting).replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      ),
      loader: 'ts',
    }))
  },
})

/** `evaluate(mutants, vitest)` evaluates the test file and all that it imports, afresh each time; `mutants.on` may change later. */
export async function bundle(file, { counting }) {
  const { outputFiles } = await build({
    entryPoints: [file],
    // esbuild would take the folder in which it was imported.
    absWorkingDir: process.cwd(),
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'esnext',
    packages: 'external',
    minifySyntax: true,
    logLevel: 'silent',
    plugins: [plugin(counting)],
  })
  const script = new Script(`(function (${parameters}) {${outputFiles[0].text}\n})`, { filename: file })
  const nodeRequire = createRequire(pathToFileURL(`${process.cwd()}/package.json`))
  return (mutants, vitest) => {
    const require = (name) => (name === 'vitest' ? vitest : nodeRequire(name))
    script.runInThisContext()(mutants, require)
  }
}
