// Builds the admin page into dist/admin, as docs/admin-api.md has it: no inline script or style, and hashed names.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { limits } from '../lib/base/limits.ts'
import { labels } from '../lib/promos/labels.ts'
import type { Language } from '../lib/promos/languages.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const boundsOf = limits as { readonly [name: string]: unknown }
const numberOf = (bound: string): string | undefined =>
  typeof boundsOf[bound] === 'number' ? String(boundsOf[bound]) : undefined

/**
 * Leaves out what the page cannot use: sentences of the schemas that are for JSON Schema (the page has its own words,
 * in three languages), and of the table of limits all but the numbers that are named.
 */
const lean: Plugin = {
  name: 'lean',
  enforce: 'pre',
  load(id) {
    if (!/\/(?:lib\/(?:base|promos)|admin)\/.*\.tsx?$/.test(id) || id.includes('/sentences/')) return null
    const source = readFileSync(id, 'utf8')
    const lean = source
      .replace(/v\.(description|title)\(\s*(?:'[^'\n]*'|"[^"\n]*"|`[^`]*`|\w+),?\s*\)/g, "v.$1('')")
      .replace(/^ {2}description:\s*(?:'[^'\n]*'|"[^"\n]*"),$/gm, "  description: '',")
    const name = /import \{ limits(?: as (\w+))? \} from/.exec(source)
    if (!name) return lean
    const table = name[1] ?? 'limits'
    return lean
      .replace(new RegExp(`\\b${table}\\.(\\w+)\\b(?!')`, 'g'), (whole, bound: string) => numberOf(bound) ?? whole)
      .replace(new RegExp(`\\{([^{}]*)\\} = ${table}$`, 'gm'), (_, names: string) => {
        const bounds = [...names.matchAll(/(\w+)(?::|,|\s*$)/g)].map(
          ([, bound]) => `${bound}: ${numberOf(bound ?? '')}`,
        )
        return `{${names}} = { ${bounds.join(', ')} }`
      })
  },
}

/** Names of what a config holds go into the files of texts, and so are data too. */
const names: Plugin = {
  name: 'names',
  enforce: 'pre',
  load(id) {
    const file = /^(.*\/texts\/(pl|uk|en)\.json)\?url$/.exec(id)
    if (!file?.[1]) return null
    const texts = { ...JSON.parse(readFileSync(file[1], 'utf8')), labels: labels[file[2] as Language] }
    const asset = this.emitFile({ type: 'asset', name: `${file[2]}.json`, source: JSON.stringify(texts) })
    return `export default import.meta.ROLLUP_FILE_URL_${asset}`
  },
}

/** Of the words that sentences are made of, one language is loaded; names are in the texts. */
const oneLanguage: Plugin = {
  name: 'one-language',
  enforce: 'pre',
  resolveId(source, importer = '') {
    const isTable =
      /^\.\/(?:sentences\/)?words\.ts$/.test(source) &&
      /\/promos\/(?:sentence|changes|sentences\/[\w-]+)\.ts$/.test(importer)
    if (isTable && source !== '../words.ts') return here('./sentence-words.ts')
    return source === './labels.ts' && importer.includes('/lib/promos/') ? here('./label-table.ts') : null
  },
}

export default defineConfig({
  root: here('.'),
  base: '/admin/',
  plugins: [lean, names, oneLanguage],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: here('../dist/admin'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    // Sizes are a test's business.
    reportCompressedSize: false,
    rollupOptions: {
      // lib/ has no module that does anything when it is loaded, so what is not used is left out.
      treeshake: { moduleSideEffects: (id) => !id.includes('/lib/') },
      output: {
        // Two parts, since many small ones compress worse: what the list needs, and the rest for who edits.
        codeSplitting: {
          groups: [
            { name: 'page', test: /preact|\/admin\/(?!editor|history|results|oidc|changes-text|list\/calendar)/ },
            {
              name: 'editor',
              test: /\/admin\/(?:editor|history|results|changes-text|list\/calendar)|\/lib\/(?!promos\/sentence)|valibot/,
            },
          ],
        },
      },
    },
  },
})
