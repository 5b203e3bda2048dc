// How much JavaScript the page is, as the server hands it out (Brotli). Held by numbers, so that a careless import shows.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'

const folder = 'dist/admin/assets'
let files: { name: string; bytes: number; text: string }[] = []

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/admin-build.mjs'])
  files = readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .map((file) => {
      const source = readFileSync(`${folder}/${file}`)
      const name = file.replace(/-[\w-]{8}\.js$/, '')
      return { name, bytes: brotliCompressSync(source).length, text: source.toString() }
    })
}, 60_000)

const sizeOf = (isWanted: (name: string) => boolean): number =>
  files.reduce((sum, { name, bytes }) => (isWanted(name) ? sum + bytes : sum), 0)

// What "at most 60 KB of compressed JavaScript" counts: every byte of it that a marketer's browser can load on the
// embedded run, whatever they open, in whichever language (texts are data, not script). Only the sign-in of AWS is a
// file of its own, which a shop with sessions never asks for; the second figure has it too.
test('at most 60 KB for all that the embedded shop can load, at most 61 KB with the sign-in of AWS', () => {
  expect(files.map(({ name }) => name).toSorted()).toEqual(['index', 'oidc'])
  expect(sizeOf((name) => name !== 'oidc')).toBeLessThanOrEqual(60_000)
  expect(sizeOf(() => true)).toBeLessThanOrEqual(61_000)
})

test('words of sentences are data, of which one language is loaded', () => {
  for (const { text } of files) expect(text).not.toMatch(/przy zakupie|за купівлі|dodaj jeszcze|for every \$/)
})

test('the evaluator of lib/rules is not in it', () => {
  expect(files.some(({ text }) => text.includes('invalid_rule'))).toBe(false)
})

test('the page has no script, style or handler of its own in its HTML', () => {
  const html = readFileSync('dist/admin/index.html', 'utf8')
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
})
