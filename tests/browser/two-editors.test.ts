// Two people edit one promotion: the second save overwrites nothing, shows both, and loses nothing.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { apiOf, openBrowser, visit } from './support/visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

type Saved = { version: number; saved_by: string; config: { title?: string; notes?: string; priority?: number } }

/** To be saved as the first version of a promotion. */
const tenOff = {
  config: { title: 'Ten off', state: 'draft', actions: [{ type: 'percent_off', value: 10 }] },
  ...{ expected_version: 0, reason: 'first' },
}

async function open(page: Page, url: string, id: string): Promise<void> {
  await page.goto(`${url}/admin#/promos/${id}`)
  await page.getByRole('textbox', { name: 'Title' }).waitFor()
}

async function save(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why?').fill(reason)
  await dialog.getByRole('button', { name: /^Save/ }).click()
}

test('of two editors the second sees both versions, and both changes are kept', async () => {
  const shop = inject('sample')
  const admin = await apiOf(shop, 'admin')
  const id = 'two-editors'
  await admin('PUT', `/promos/${id}`, tenOff)
  const anna = await visit(browser, shop, { name: 'anna' })
  const borys = await visit(browser, shop, { name: 'borys' })
  await Promise.all([open(anna.page, shop.url, id), open(borys.page, shop.url, id)])

  await anna.page.getByRole('textbox', { name: 'Title' }).fill('Ten off, by Anna')
  await anna.page.getByRole('textbox', { name: 'Notes' }).fill('asked by the boss')
  await save(anna.page, 'a better title')
  await anna.page.getByText('Saved as version 2').waitFor()

  await borys.page.getByRole('textbox', { name: 'Title' }).fill('Ten off, by Borys')
  await borys.page.getByLabel('Priority').fill('7')
  await save(borys.page, 'goes first')
  const dialog = borys.page.getByRole('dialog', { name: 'Two people changed this promotion' })
  await dialog.waitFor()
  expect((await admin<Saved>('GET', `/promos/${id}`)).version).toBe(2)
  await dialog.getByText('anna saved version 2').waitFor()
  await dialog.getByRole('radio', { name: /^Theirs.*Ten off, by Anna/ }).waitFor()
  await dialog.getByRole('radio', { name: /^Yours.*Ten off, by Borys/ }).waitFor()
  const goOn = dialog.getByRole('button', { name: 'Go on with this' })
  expect(await goOn.isDisabled()).toBe(true)
  await dialog.getByRole('radio', { name: /^Yours.*Borys/ }).check()
  await goOn.click()
  await save(borys.page, 'goes first, after all')
  await borys.page.getByText('Saved as version 3').waitFor()
  expect(await admin<Saved>('GET', `/promos/${id}`)).toMatchObject({
    version: 3,
    saved_by: expect.stringContaining('borys'),
    config: { title: 'Ten off, by Borys', notes: 'asked by the boss', priority: 7 },
  })
  expect([...anna.faults, ...borys.faults]).toEqual([])
  await Promise.all([anna.close(), borys.close()])
})

test('unsaved work outlives the tab, a lost session and a look elsewhere', async () => {
  const shop = inject('sample')
  const { page, faults, close } = await visit(browser, shop)
  await open(page, shop.url, 'puma-shorts')
  await page.getByRole('textbox', { name: 'Notes' }).fill('not yet saved')
  await page.getByRole('link', { name: 'Promotions' }).click()
  await page.getByText('unsaved changes are kept').waitFor()
  await open(page, shop.url, 'puma-shorts')
  expect(await page.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('not yet saved')
  expect(await page.getByText('unsaved changes are kept').count()).toBe(0)

  await page.context().clearCookies()
  await save(page, 'signed out meanwhile')
  await page.getByText('Your session has ended').first().waitFor()
  await page.keyboard.press('Escape')
  expect(await page.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('not yet saved')

  const again = await page.context().newPage()
  await page.close({ runBeforeUnload: false })
  const link = await visit(browser, shop)
  await link.close()
  await again.goto(`${shop.url}/admin`)
  await again.getByText('Please sign in').waitFor()
  expect(await again.evaluate(() => localStorage.getItem('kram.work/puma-shorts'))).toContain('not yet saved')
  expect(faults).toEqual([])
  await close()
})

test('what was discarded in one promotion is not offered in another', async () => {
  const shop = inject('sample')
  const { page, close } = await visit(browser, shop)
  await open(page, shop.url, 'puma-shorts')
  await page.getByRole('textbox', { name: 'Notes' }).fill('a slip')
  await page.getByRole('button', { name: 'Discard changes' }).click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  await page.getByRole('link', { name: 'Promotions' }).click()
  await page.getByRole('heading', { level: 1, name: 'Promotions' }).waitFor()
  expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0)
  await close()
})

test('who is signed out while saving signs in there, and goes on with what was typed', async () => {
  const shop = inject('sample')
  const admin = await apiOf(shop, 'admin')
  const id = 'signed-out-while-saving'
  await admin('PUT', `/promos/${id}`, tenOff)
  const { page, faults, close } = await visit(browser, shop)
  await open(page, shop.url, id)
  await page.getByRole('textbox', { name: 'Notes' }).fill('typed before')
  const cookies = await page.context().cookies()
  await page.context().clearCookies()
  await save(page, 'because')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Your session has ended').waitFor()
  const again = dialog.getByRole('button', { name: /^Save/ })
  expect(await again.evaluate((button) => button === document.activeElement)).toBe(true)
  const back = dialog.getByRole('button', { name: 'I have signed in' })
  await back.click()
  await dialog.getByText('Your session has ended').waitFor()
  await page.context().addCookies(cookies)
  await back.click()
  await back.waitFor({ state: 'detached' })
  expect(await dialog.getByLabel('Why?').inputValue()).toBe('because')
  await again.click()
  await page.getByText('Saved as version 2').waitFor()
  expect(await admin('GET', `/promos/${id}`)).toMatchObject({ reason: 'because', config: { notes: 'typed before' } })
  expect(faults).toEqual([])
  await close()
})
