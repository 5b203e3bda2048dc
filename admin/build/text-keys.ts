// Short keys for the texts that the page asks for by their whole names: `t('calendar.earlier')` becomes `t('17')`, in the
// code and in the files of texts. For vite.config.ts.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const whole = /(['"])([a-z]\w*(?:\.\w+)+)\1/gi
/** Texts whose names are put together where they are asked for keep them: `t(`nav.${name}`)`. */
const begun = /`((?:\w+\.)+)\$\{/g

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))

/** `short`: of the keys that code in the folder names in whole. `isSpelled`: whether code puts the name together too. */
export function textKeys(keys: readonly string[], folder: string) {
  const sources = sourcesIn(folder).join('\n')
  const named = new Set([...sources.matchAll(whole)].map(([, , key]) => key))
  const stems = [...sources.matchAll(begun)].map(([, stem = '']) => stem)
  const short = new Map(keys.filter((key) => named.has(key)).map((key, i) => [key, String(i)]))
  const isSpelled = (key: string): boolean => stems.some((stem) => key.startsWith(stem))
  return {
    inCode: (source: string): string =>
      source.replace(whole, (literal, quote: string, key: string) => {
        const own = short.get(key)
        return own === undefined ? literal : quote + own + quote
      }),
    inTexts: (texts: { [key: string]: unknown }): { [key: string]: unknown } =>
      Object.fromEntries(
        Object.entries(texts).flatMap(([key, text]) => {
          const own = short.get(key)
          if (own === undefined) return [[key, text]]
          return isSpelled(key)
            ? [
                [own, text],
                [key, text],
              ]
            : [[own, text]]
        }),
      ),
  }
}
