// The life of a promotion after it is written: scheduled, copied, paused in two clicks, rolled back; and a save that the
// server refuses says why at its field.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { apiOf, openBrowser, type Visitor, visit } from './support/visitor.ts'

let browser: Browser
let visitor: Visitor
let admin: Awaited<ReturnType<typeof apiOf>>
beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visit(browser, inject('sample'))
  admin = await apiOf(inject('sample'), 'admin')
})
afterAll(() => browser?.close())

type Saved = { version: number; state: string; reason: string; config: Record<string, unknown> }

const put = (id: string, config: object, expected_version = 0): Promise<Saved> =>
  admin('PUT', `/promos/${id}`, { config, expected_version, reason: 'by the test' })
const get = (id: string): Promise<Saved> => admin('GET', `/promos/${id}`)

async function show(page: Page, place: string): Promise<void> {
  await page.goto(`${inject('sample').url}/admin${place}`)
  await page.reload()
  await page.locator('main h1').waitFor()
}

async function confirm(page: Page, reason: string, action: string | RegExp): Promise<void> {
  const dialog = page.getByRole('dialog')
  if (reason !== '') await dialog.getByLabel('Why?').fill(reason)
  await dialog.getByRole('button', { name: action }).click()
  await dialog.waitFor({ state: 'detached' })
}

const tenOff = { title: 'Ten off', state: 'live', actions: [{ type: 'percent_off', value: 10 }] }

test('paused in two clicks, one alone and several together; the rest of the config stays', async () => {
  const { page } = visitor
  await put('pause-a', { ...tenOff, title: 'Pause A' })
  await put('pause-b', { ...tenOff, title: 'Pause B', priority: 3 })
  await put('pause-c', { ...tenOff, title: 'Pause C' })
  await show(page, '#/')
  await page.getByRole('button', { name: 'Pause Pause A' }).click()
  await confirm(page, '', 'Pause')
  await page.getByText('1 promotion is paused.').waitFor()
  expect(await get('pause-a')).toMatchObject({ version: 2, state: 'draft', reason: 'Paused' })

  await page.getByRole('checkbox', { name: 'Select Pause B' }).check()
  await page.getByRole('checkbox', { name: 'Select Pause C' }).check()
  await page.locator('.bulk').getByRole('button', { name: 'Pause' }).click()
  await confirm(page, 'sold out', 'Pause')
  await page.getByText('2 promotions are paused.').waitFor()
  expect(await get('pause-b')).toMatchObject({
    version: 2,
    state: 'draft',
    reason: 'sold out',
    config: { priority: 3 },
  })
  expect(await get('pause-c')).toMatchObject({ version: 2, state: 'draft' })
})

test('a schedule names its time zone; unlimited can be said, and a number comes back', async () => {
  const { page } = visitor
  await put('planned', { ...tenOff, title: 'Planned', limits: { uses: 50 } })
  await show(page, '#/promos/planned')
  await page.getByRole('group', { name: 'State' }).waitFor()
  await page.getByLabel('whole day').first().uncheck()
  await page.getByLabel('Start', { exact: true }).fill('2030-11-29T18:00')
  expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/Kyiv')
  await page.getByLabel('Time zone').fill('Europe/Warsaw')
  const unlimited = page.getByLabel('Unlimited: Orders altogether')
  await unlimited.check()
  expect(await page.getByLabel('Orders altogether', { exact: true }).isDisabled()).toBe(true)
  await unlimited.uncheck()
  expect(await page.getByLabel('Orders altogether', { exact: true }).inputValue()).toBe('50')
  await unlimited.check()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await confirm(page, 'Black Friday', /^Save/)
  const { config } = await get('planned')
  expect(config).toMatchObject({ start: '2030-11-29T18:00', time_zone: 'Europe/Warsaw' })
  expect(config).not.toHaveProperty('limits')
  await show(page, '#/')
  await page.getByRole('listitem').filter({ hasText: 'Planned' }).getByText('scheduled').waitFor()
})

test('rolled back: an old version is in force again as a new one, and the history says so', async () => {
  const { page } = visitor
  await put('history', { ...tenOff, title: 'Once' })
  await put('history', { ...tenOff, title: 'Twice' }, 1)
  await show(page, '#/promos/history/history')
  await page.getByText('Once → Twice').or(page.getByText('“Once” → “Twice”')).first().waitFor()
  await page.getByRole('button', { name: 'Roll back to version 1' }).click()
  await confirm(page, 'was better before', 'Roll back')
  await page.getByRole('heading', { name: /Version 3/ }).waitFor()
  expect(await get('history')).toMatchObject({ version: 3, config: { title: 'Once' }, reason: 'was better before' })
})

test('a copy is a draft with an id of its own', async () => {
  const { page } = visitor
  await put('original', { ...tenOff, title: 'Original', notes: 'keep me' })
  await show(page, '#/new/original')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await confirm(page, '', 'Save as a draft')
  await page.waitForURL(/#\/promos\/original-copy$/)
  expect(await get('original-copy')).toMatchObject({
    ...{ version: 1, state: 'draft' },
    config: { title: 'Original (copy)', notes: 'keep me', actions: tenOff.actions },
  })
})

test('a fault is said at its field, in words, and the focus goes there', async () => {
  const { page } = visitor
  await show(page, '#/promos/original')
  await page
    .getByLabel('Finish', { exact: true })
    .or(page.getByLabel('End', { exact: true }))
    .fill('2020-01-01')
  await page.getByLabel('Start', { exact: true }).fill('2020-02-01')
  const percent = page.getByLabel('Percent', { exact: true })
  await percent.fill('101')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('something is still missing').waitFor()
  expect(await page.locator('[id="/actions/0/value-error"]').innerText()).toContain('At most 100')
  expect(await percent.evaluate((element) => element === document.activeElement)).toBe(true)
  await percent.fill('100')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.locator('[id="/finish-error"]').getByText('after the start').waitFor()
  await page.getByRole('button', { name: 'Discard changes' }).click()
  expect((await get('original')).version).toBe(1)
})

test('an amount is written in whole units whatever it is stored in, and a number has its unit beside it', async () => {
  const { page } = visitor
  const actions = [{ type: 'percent_off', value: 10, max_minor: 50_050 }]
  await put('units', { ...tenOff, title: 'Units', actions })
  await show(page, '#/promos/units')
  const most = page.getByLabel('At most', { exact: true })
  expect(await most.inputValue()).toBe('500.5')
  expect(await most.locator('..').innerText()).toContain('PLN')
  expect(await page.getByLabel('Percent', { exact: true }).locator('..').innerText()).toContain('%')
  await most.fill('499.99')
  await page.getByRole('button', { name: 'Save' }).click()
  await confirm(page, 'less', 'Save')
  await expect.poll(async () => (await get('units')).config.actions).toEqual([{ ...actions[0], max_minor: 49_999 }])
})

test('a sentence of what is wrong here does not stay on the next page', async () => {
  const { page } = visitor
  await show(page, '#/new')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('something is still missing').waitFor()
  await page.getByRole('link', { name: 'Results' }).click()
  await page.getByRole('heading', { name: 'Results' }).waitFor()
  expect(await page.getByText('something is still missing').isVisible()).toBe(false)
})

test('what no field draws stays as it is, and the JSON reaches it', async () => {
  const { page } = visitor
  await put('deep', { ...tenOff, codes: ['A', 'B'], limits: { codes: { A: { uses: 3 } } } })
  await show(page, '#/promos/deep')
  await page.getByRole('textbox', { name: 'Notes' }).fill('changed')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await confirm(page, 'a note', /^Save/)
  expect((await get('deep')).config).toMatchObject({ notes: 'changed', limits: { codes: { A: { uses: 3 } } } })
  await page.getByText('As JSON').click()
  const json = page.getByLabel('The whole promotion')
  await json.fill('{ "actions": [')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  expect(await page.getByRole('dialog').count()).toBe(0)
  await json.fill(JSON.stringify({ ...tenOff, id: 'deep', title: 'From JSON' }))
  await page.getByRole('heading', { level: 1, name: /From JSON/ }).waitFor()
  expect(visitor.faults).toEqual([])
})
