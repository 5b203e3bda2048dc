// Builds the admin page into dist/admin, as docs/admin-api.md has it: no inline script or style, and hashed names.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { minify } from 'terser'
import { defineConfig, type Plugin } from 'vite'
import type { Language } from '../lib/base/languages.ts'
import { words as hintTexts } from '../lib/promos/hint-texts.ts'
import { labels } from '../lib/promos/labels.ts'
import { sentenceWords } from '../lib/promos/sentences/words.ts'
import { asData } from './build/as-data.ts'
import {
  withoutAssertions,
  withoutDescriptions,
  withoutLimits,
  withoutLonePipes,
  withoutRules,
  withoutSentences,
  withoutShortCuts,
} from './build/lean.ts'
import { textKeys } from './build/text-keys.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const shopFolder = here('../')
/** A module's place in this shop, whatever the folder is called that the shop lies in; as it is for what lies elsewhere. */
const inShop = (id: string): string => (id.startsWith(shopFolder) ? id.slice(shopFolder.length) : id)

const { messages, ...named } = JSON.parse(readFileSync(here('./texts/en.json'), 'utf8')) as {
  messages: [string, string][]
}
const withoutKnownSentences = withoutSentences(messages.map(([pattern]) => pattern))
const keys = textKeys(Object.keys(named), here('./'))

const lean: Plugin = {
  name: 'lean',
  enforce: 'pre',
  load(id) {
    const place = inShop(id)
    if (!/^(?:lib\/(?:base|promos)|admin)\/.*\.tsx?$/.test(place) || place.includes('/sentences/')) return null
    const source = withoutLimits(withoutDescriptions(readFileSync(id, 'utf8')))
    if (!place.startsWith('lib/')) return keys.inCode(withoutKnownSentences(source))
    const isCondition = /^lib\/promos\/condition(?:-kinds|s\/[\w-]+)\.ts$/.test(place)
    const known = withoutKnownSentences(withoutAssertions(isCondition ? withoutRules(source) : source))
    return withoutLonePipes(withoutShortCuts(known))
  },
}

/** Names of what a config holds and the words of sentences and hints go into the files of texts, and so are data too. */
const names: Plugin = {
  name: 'names',
  enforce: 'pre',
  load(id) {
    const file = /^(.*\/texts\/(pl|uk|en)\.json)\?url$/.exec(id)
    if (!file?.[1]) return null
    const language = file[2] as Language
    const own = keys.inTexts(JSON.parse(readFileSync(file[1], 'utf8')))
    const texts = { ...own, labels: labels[language], words: asData(sentenceWords[language]), hints: asData(hintTexts) }
    const asset = this.emitFile({ type: 'asset', name: `${language}.json`, source: JSON.stringify(texts) })
    return `export default import.meta.ROLLUP_FILE_URL_${asset}`
  },
}

/** Names and the words that sentences are made of are in the texts. */
const oneLanguage: Plugin = {
  name: 'one-language',
  enforce: 'pre',
  resolveId(source, importer = '') {
    const isTable =
      /^\.\/(?:sentences\/)?words\.ts$/.test(source) &&
      /\/promos\/(?:sentence|changes|sentences\/[\w-]+)\.ts$/.test(importer)
    if (isTable && source !== '../words.ts') return here('./sentence-words.ts')
    if (source === './hint-texts.ts' && importer.includes('/lib/promos/')) return here('./hint-texts.ts')
    return source === './labels.ts' && importer.includes('/lib/promos/') ? here('./label-table.ts') : null
  },
}

/** What makes thousands of promotions as quick as one, and decides nothing: the page has few lines for each. */
const withoutIndexes: Plugin = {
  name: 'without-indexes',
  enforce: 'pre',
  resolveId(source, importer = '') {
    const path = importer && source.startsWith('.') ? resolve(dirname(importer), source) : source
    const [, name] = /\/lib\/(?:base|promos)\/([\w-]+\.ts)$/.exec(path) ?? []
    const standIn = name && here(`./stand-ins/${name}`)
    return standIn && existsSync(standIn) ? standIn : null
  },
}

const noPreload: Plugin = {
  name: 'no-preload',
  enforce: 'pre',
  load: (id) => (id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load()' : null),
}

/** Puts what is used once where it is used, which the minifier after it does not do, and which saves a kilobyte. */
const inlined: Plugin = {
  name: 'inlined',
  async renderChunk(source) {
    const { code } = await minify(source, {
      module: true,
      ecma: 2020,
      compress: { passes: 3, inline: 1 },
      mangle: false,
    })
    return code ?? null
  },
}

export default defineConfig({
  root: here('.'),
  base: '/admin/',
  plugins: [noPreload, lean, names, oneLanguage, withoutIndexes, inlined],
  oxc: {
    jsx: { runtime: 'classic', pragma: 'createElement', pragmaFrag: 'Fragment' },
    jsxInject: `import { createElement, Fragment } from 'preact'`,
  },
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
      // On a machine with much to do it would be news how long they take.
      checks: { pluginTimings: false },
      // Neither lib/ nor preact has a module that does anything when it is loaded: what is not used is left out.
      treeshake: { moduleSideEffects: (id) => !/\/lib\/|\/preact\/dist\/preact/.test(id) },
    },
  },
})
