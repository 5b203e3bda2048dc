// The pictures of docs/admin.md. They are compared by nobody: a change of the page changes them, so
// `npm run test:browser -- --pictures` writes them anew when somebody wants that.
import { mkdirSync, readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fillShop } from './support/filled-shop.ts'
import { openBrowser, visit } from './support/visitor.ts'

const folder = 'docs/images'
const isWriting = process.env.KRAM_PICTURES === '1'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
  await fillShop(inject('sample'))
})
afterAll(() => browser?.close())

async function take(page: Page, name: string): Promise<void> {
  const bytes = await page.screenshot({ animations: 'disabled' })
  expect(bytes.length).toBeGreaterThan(5_000)
  if (!isWriting) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ animations: 'disabled', path: `${folder}/admin-${name}.png` })
}

async function show(page: Page, place: string): Promise<void> {
  await page.goto(`${inject('sample').url}/admin${place}`)
  await page.locator('main h1').waitFor()
  await page.waitForLoadState('networkidle')
}

test('list, editor, calendar and results', async () => {
  const { page, faults, close } = await visit(browser, inject('sample'), { viewport: { width: 1180, height: 780 } })
  await show(page, '#/')
  await take(page, 'list')
  await show(page, '#/promos/puma-shorts')
  await page.locator('#try ~ * button').first().click()
  await page.locator('.result').waitFor()
  await page.setViewportSize({ width: 1180, height: 1240 })
  await take(page, 'editor')
  await page.setViewportSize({ width: 1180, height: 780 })
  await show(page, '#/calendar')
  await take(page, 'calendar')
  await show(page, '#/results')
  await take(page, 'results')
  expect(faults).toEqual([])
  await close()
})

test('the history in Polish, dark; the list on a telephone in Ukrainian', async () => {
  const dark = await visit(browser, inject('sample'), {
    ...{ viewport: { width: 1180, height: 620 }, colorScheme: 'dark' as const, locale: 'pl-PL' },
  })
  await show(dark.page, '#/promos/autumn/history')
  await take(dark.page, 'history-dark')
  await dark.close()
  const narrow = await visit(browser, inject('sample'), {
    ...{ viewport: { width: 360, height: 740 }, locale: 'uk-UA' },
  })
  await show(narrow.page, '#/')
  await take(narrow.page, 'list-narrow')
  await narrow.close()
})

test.runIf(!isWriting)('docs/admin.md shows the pictures that are there', () => {
  const text = readFileSync('docs/admin.md', 'utf8')
  const shown = [...text.matchAll(/\]\((images\/[\w-]+\.png)\)/g)].map(([, path]) => path)
  expect(shown.length).toBeGreaterThanOrEqual(5)
  for (const path of shown) expect(readFileSync(`docs/${path}`).subarray(1, 4).toString()).toBe('PNG')
})
