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

for (const language of ['pl', 'uk', 'en']) {
  const words = `words-${language}`
  test(`in ${language}: at most 23 KB until the list is there, at most 70 KB with every page and dialog`, () => {
    expect(files.map(({ name }) => name)).toContain(words)
    expect(sizeOf((name) => name === 'page' || name === words)).toBeLessThan(23_000)
    expect(sizeOf((name) => !name.startsWith('words-') || name === words)).toBeLessThan(70_000)
  })
}

test('the evaluator of lib/rules is not in it', () => {
  expect(files.some(({ text }) => text.includes('invalid_rule'))).toBe(false)
})

test('the page has no script, style or handler of its own in its HTML', () => {
  const html = readFileSync('dist/admin/index.html', 'utf8')
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
})
