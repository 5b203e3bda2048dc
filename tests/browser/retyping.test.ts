// What is cleared to be written anew stays where it is: no field goes, folds or changes its kind under who writes.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { apiOf, openBrowser, type Visitor, visit } from './support/visitor.ts'

let browser: Browser
let visitor: Visitor
beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visit(browser, inject('sample'))
})
afterAll(() => browser?.close())

const tenOff = { state: 'draft', actions: [{ type: 'percent_off', value: 10 }] }

/** Opens the editor of a promotion with this in it, which nobody has touched yet. */
async function edit(id: string, config: object): Promise<Page> {
  const { page } = visitor
  const admin = await apiOf(inject('sample'), 'admin')
  const body = { config: { ...tenOff, title: id, ...config }, expected_version: 0, reason: 'by the test' }
  await admin('PUT', `/promos/${id}`, body)
  await page.goto(`${inject('sample').url}/admin#/promos/${id}`)
  await page.reload()
  await page.getByRole('group', { name: 'State' }).waitFor()
  return page
}

test('a limit without its number waits for another, and is unlimited only when it is left so', async () => {
  const page = await edit('retyped-limit', { limits: { uses: 50 } })
  const uses = page.getByLabel('Orders altogether', { exact: true })
  const unlimited = page.getByLabel('Unlimited: Orders altogether')
  await uses.press('ControlOrMeta+a')
  await uses.press('Backspace')
  expect(await uses.isEnabled()).toBe(true)
  await page.keyboard.type('75')
  expect(await uses.inputValue()).toBe('75')
  await uses.fill('')
  await uses.blur()
  await expect.poll(() => unlimited.isChecked()).toBe(true)
  await unlimited.uncheck()
  expect(await uses.inputValue()).toBe('75')
})

test('a time that is being written stays a time', async () => {
  const page = await edit('retyped-time', { start: '2030-11-29T18:00', time_zone: 'Europe/Kyiv' })
  const start = page.getByLabel('Start', { exact: true })
  await start.focus()
  await start.press('Backspace')
  expect(await start.inputValue()).toBe('')
  expect(await start.getAttribute('type')).toBe('datetime-local')
  expect(await page.getByLabel('whole day').first().isChecked()).toBe(false)
})

test('the end of a day can be changed digit by digit', async () => {
  const page = await edit('retyped-hour', { recurrence: { weekdays: ['fri'], from: '18:00', to: '24:00' } })
  const to = page.getByLabel('To', { exact: true })
  await to.press('End')
  await to.press('Backspace')
  expect(await to.inputValue()).toBe('24:0')
  for (let i = 0; i < 4; i++) await to.press('Backspace')
  expect(await to.inputValue()).toBe('')
  await page.keyboard.type('23:30')
  expect(await to.inputValue()).toBe('23:30')
  expect(await to.getAttribute('type')).not.toBe('time')
  await to.blur()
  await expect.poll(() => to.getAttribute('type')).toBe('time')
  expect(await to.inputValue()).toBe('23:30')
})

test('half of a time is not saved as none', async () => {
  const page = await edit('half-time', {})
  await page.getByLabel('whole day').first().uncheck()
  const start = page.getByLabel('Start', { exact: true })
  await start.focus()
  await page.keyboard.type('11292030')
  await start.blur()
  const fault = page.getByText('Choose a day, with a time or without.').first()
  await fault.waitFor()
  await page.getByLabel('Notes').fill('changed, so that it could be saved')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  expect(await page.getByRole('dialog').count()).toBe(0)
  await expect.poll(() => start.evaluate((field) => field === document.activeElement)).toBe(true)
  await start.fill('2030-11-29T18:00')
  await fault.waitFor({ state: 'detached' })
})

test('the words of a hint that is being written stay, in one text and in several', async () => {
  for (const [id, hint, label] of [
    ['retyped-hint', 'Ten off!', 'one text for all'],
    ['retyped-hints', { pl: 'Taniej!' }, 'Polski'],
  ] as const) {
    const page = await edit(id, { hint })
    const text = page.getByRole('textbox', { name: label })
    await text.press('ControlOrMeta+a')
    await text.press('Backspace')
    await page.keyboard.type('Less to pay')
    expect(await text.inputValue()).toBe('Less to pay')
  }
})

test('what is folded open stays so when its last entry goes', async () => {
  const page = await edit('retyped-more', {
    recurrence: { weekdays: ['mon'] },
    targets: { kind: 'Socks' },
    actions: [{ type: 'percent_off', value: 10, max_minor: 500 }],
  })
  await page.getByLabel('Mon').uncheck()
  await page.getByLabel('Tue').check()
  const most = page.getByLabel('At most', { exact: true })
  await most.press('ControlOrMeta+a')
  await most.press('Backspace')
  await page.keyboard.type('7,50')
  expect(await most.inputValue()).toBe('7,50')
})

test('a time that clocks skip says which one counts, and the end of a day is that day', async () => {
  const times = { start: '2030-03-31T03:30', finish: '2030-12-22', time_zone: 'Europe/Kyiv' }
  const page = await edit('skipped-time', times)
  await page.getByText('never show this time; 31 Mar 2030, 04:30 counts').waitFor()
  await page.getByLabel('Start', { exact: true }).fill('2030-03-31T04:30')
  await expect.poll(() => page.getByText('never show this time').count()).toBe(0)
  await page.getByRole('button', { name: 'Goods that fit' }).click()
  await page.locator('.conditions').getByText('31 Mar 2030, 04:30 – 22 Dec 2030').waitFor()
})

test('numbers are read and shown as the language writes them', async () => {
  const { page, close } = await visit(browser, inject('sample'), { locale: 'pl-PL' })
  const admin = await apiOf(inject('sample'), 'admin')
  const config = { ...tenOff, title: 'kwoty', order_filters: [{ type: 'total_value', value: 1299.5 }] }
  await admin('PUT', '/promos/kwoty', { config, expected_version: 0, reason: 'by the test' })
  await page.goto(`${inject('sample').url}/admin#/promos/kwoty`)
  const sum = page.locator('[id="/order_filters/0/value"]')
  const percent = page.locator('[id="/actions/0/value"]')
  await sum.waitFor()
  expect(await sum.inputValue()).toBe('1299,5')
  await sum.fill('2 499,90 PLN')
  await percent.fill('12,5 %')
  await percent.blur()
  await expect.poll(() => page.getByText('Rabat 12,5% na wszystkie').first().innerText()).toContain('2499,90')
  expect(await page.locator('.error').count()).toBe(0)
  await close()
})

test('what a discount needs is in sight, not folded away', async () => {
  const page = await edit('in-sight', {})
  const kind = page.locator('[id="/actions/0/type"]')
  for (const type of ['bundle', 'unit_groups', 'first_then_each_further']) {
    await kind.selectOption(type)
    const price = page.locator('[id="/actions/0/price"],[id="/actions/0/further/price"]')
    await expect.poll(() => price.isVisible()).toBe(true)
  }
  await kind.selectOption('tiers')
  await page.locator('[id="/actions/0/tiers"]').getByRole('button', { name: 'Add' }).click()
  await expect.poll(() => page.locator('[id="/actions/0/tiers/0/percent"]').isVisible()).toBe(true)
})

test('a beginning is a text, also of digits', async () => {
  const page = await edit('begins-with', { product_filters: { sku: { prefix: 'a' } } })
  const value = page.locator('.filter-row').getByLabel('Value')
  await value.fill('007')
  expect(await value.inputValue()).toBe('007')
  await expect.poll(() => page.getByText('In one sentence').locator('..').innerText()).toContain('007')
})
