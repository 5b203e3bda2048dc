// Every page in three languages, light and dark, wide and narrow: no finding of axe-core, nothing that scrolls sideways.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { fillShop } from './support/filled-shop.ts'
import { openBrowser, type Visitor, visit } from './support/visitor.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const places = {
  list: '#/',
  new: '#/new',
  editor: '#/promos/puma-shorts',
  history: '#/promos/autumn/history',
  calendar: '#/calendar',
  results: '#/results',
} as const
type Place = keyof typeof places

const languages = ['pl', 'uk', 'en'] as const
const schemes = ['light', 'dark'] as const
// 320: 1280 at 400 % zoom (WCAG 1.4.10).
const widths = { wide: 1280, narrow: 320 } as const

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
  await fillShop(inject('sample'))
})
afterAll(() => browser?.close())

/** What axe finds, each with the element; it is given to the page by the debugger, past the page's own policy. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(
    (values): Promise<AxeResults> =>
      (globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
        runOnly: { type: 'tag', values },
      }),
    rules,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

async function show(page: Page, place: Place): Promise<void> {
  await page.goto(`${inject('sample').url}/admin${places[place]}`)
  await page.locator('main h1').waitFor()
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  if (place !== 'editor') return
  await page.locator('#try ~ * button').first().click()
  await page.locator('.result').waitFor()
}

async function setLanguage(page: Page, language: string): Promise<void> {
  await page.locator('.who select').selectOption(language)
  await page.locator(`html[lang=${language}]`).waitFor()
}

/** Fields that do not keep to their cell, and so cover what is beside. */
const spilling = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.grid > *')].flatMap((cell) =>
      cell.scrollWidth > cell.clientWidth + 1 ? [(cell as HTMLElement).innerText] : [],
    ),
  )

for (const scheme of schemes) {
  for (const [size, width] of Object.entries(widths)) {
    describe(`${scheme}, ${size}`, () => {
      let visitor: Visitor
      beforeAll(async () => {
        visitor = await visit(browser, inject('sample'), { colorScheme: scheme, viewport: { width, height: 900 } })
      })
      afterAll(() => visitor?.close())

      for (const place of Object.keys(places) as Place[]) {
        test(place, async () => {
          const { page, faults } = visitor
          await show(page, place)
          for (const language of languages) {
            await setLanguage(page, language)
            expect(await findings(page), `${place} in ${language}`).toEqual([])
            const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
            expect(overhang, `${place} in ${language} scrolls sideways`).toBeLessThanOrEqual(0)
            expect(await spilling(page), `${place} in ${language}: fields over others`).toEqual([])
          }
          expect(faults).toEqual([])
        })
      }

      test('who is not signed in', async () => {
        const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 900 }, locale: 'pl-PL' })
        await page.goto(`${inject('sample').url}/admin`)
        await page.getByRole('heading', { name: 'Zaloguj się' }).waitFor()
        expect(await findings(page)).toEqual([])
        await page.close()
      })

      test('its dialogs', async () => {
        const { page } = visitor
        await show(page, 'list')
        await setLanguage(page, 'uk')
        await page.locator('.promo .actions button').first().click()
        await page.locator('dialog').waitFor()
        expect(await findings(page)).toEqual([])
        await page.keyboard.press('Escape')
      })

      test('what it says at its foot', async () => {
        const { page } = visitor
        await show(page, 'new')
        await setLanguage(page, 'en')
        await page.getByRole('button', { name: 'Save' }).click()
        await page.locator('.toast.bad').waitFor()
        expect(await findings(page)).toEqual([])
        await page.getByLabel('Title').fill('Kept')
        await page.getByRole('link', { name: 'Results' }).click()
        await page.locator('.toast.good').waitFor()
        expect(await findings(page)).toEqual([])
      })
    })
  }
}
