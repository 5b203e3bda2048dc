// Where the system gives the colours (WCAG 1.4.1; high contrast), what is chosen and how much is used can still be seen.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fillShop } from './support/filled-shop.ts'
import { openBrowser, type Visitor, visit } from './support/visitor.ts'

let browser: Browser
let visitor: Visitor

beforeAll(async () => {
  browser = await openBrowser()
  await fillShop(inject('sample'))
  visitor = await visit(browser, inject('sample'), { forcedColors: 'active', reducedMotion: 'reduce' })
})
afterAll(() => browser?.close())

const picture = (page: Page, what: string): Promise<string> =>
  page
    .locator(what)
    .first()
    .screenshot()
    .then((bytes) => bytes.toString('base64'))

test('a bar that is full looks unlike one that is empty', async () => {
  const { page } = visitor
  await page.locator('progress').first().waitFor()
  const fill = (share: number) =>
    page
      .locator('progress')
      .first()
      .evaluate((bar: HTMLProgressElement, part) => {
        bar.value = bar.max * part
      }, share)
  await fill(0)
  const empty = await picture(page, 'progress')
  await fill(1)
  expect(await picture(page, 'progress')).not.toBe(empty)
})

test('what is chosen looks unlike what is not', async () => {
  const { page } = visitor
  await page.goto(`${inject('sample').url}/admin#/results`)
  await page.locator('.state.on').waitFor()
  const first = await picture(page, '.states')
  await page.locator('.state').last().click()
  await page.locator('.state.on:last-child').waitFor()
  await page.mouse.move(0, 0)
  expect(await picture(page, '.states')).not.toBe(first)
  expect(visitor.faults).toEqual([])
})
