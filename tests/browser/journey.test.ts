// A marketer sets up a sale, alone and without a mouse: from the empty list to a discounted checkout.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { apiOf, openBrowser, visit } from './support/visitor.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

const patience = { timeout: 30_000, interval: 100 }

/** Presses Tab (or Shift+Tab) until what has the focus is called so; the way of somebody without a mouse. */
async function tabTo(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const seen: string[] = []
  for (let press = 0; press < 150; press++) {
    await page.keyboard.press(key)
    const focused = page.locator(':focus')
    if ((await focused.count()) === 0) continue
    const label = await focused.evaluate(nameOf)
    seen.push(label)
    if (typeof name === 'string' ? label === name : name.test(label)) return
  }
  throw new Error(`No Tab leads to ${name}; it went by: ${seen.join(' | ')}`)
}

/** What a screen reader calls it, near enough. Runs in the page. */
function nameOf(element: Element): string {
  const control = element as HTMLInputElement
  const label = control.getAttribute('aria-label') ?? control.labels?.[0]?.textContent ?? control.textContent ?? ''
  return label.trim()
}

type Checkout = { discount_minor: number; total_minor: number; applied: { promo: string }[] }

test('from the empty list to a discounted checkout, by keyboard alone', async () => {
  const shop = inject('empty')
  const admin = await apiOf(shop, 'admin')
  await admin('POST', '/products', {
    ...{ id: 'shorts', name: 'Puma shorts', type: 'shorts', price: 200 },
    attributes: { brand: 'Puma', kind: 'Shorts' },
  })
  await admin('POST', '/products', {
    ...{ id: 'socks', name: 'Socks', type: 'socks', price: 20 },
    attributes: { brand: 'Duna', kind: 'Socks' },
  })
  const { page, faults, close } = await visit(browser, shop)
  const { keyboard } = page
  await page.getByText('No promotions yet').waitFor()

  await tabTo(page, 'New promotion')
  await keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'New promotion' }).waitFor()
  await tabTo(page, 'Title')
  await keyboard.type('Puma week')

  await tabTo(page, 'All goods')
  await keyboard.press('ArrowDown')
  await tabTo(page, 'Attribute')
  await keyboard.type('brand')
  await tabTo(page, 'Value')
  await keyboard.type('Puma')
  await keyboard.press('Enter')

  await tabTo(page, '+ Add a condition')
  await keyboard.press('Enter')
  await tabTo(page, 'At least')
  await keyboard.type('500')

  await tabTo(page, /^(Percent|value)$/i)
  await keyboard.type('10')

  await tabTo(page, 'draft', 'Shift+Tab')
  await keyboard.press('ArrowRight')
  await tabTo(page, 'Save')
  await keyboard.press('Enter')
  await page.getByRole('dialog').getByText('Save this?').waitFor()
  await tabTo(page, 'Save for testers')
  await keyboard.press('Enter')
  await page.getByText('Testers see it').waitFor()

  const cart = { lines: [{ product_id: 'shorts', quantity: 3 }] }
  const asTester = await apiOf(shop, 'tester')
  const asShop = await apiOf(shop, 'shop')
  await vi.waitFor(async () => {
    expect(await asTester<Checkout>('POST', '/checkout', cart)).toMatchObject({ discount_minor: 6_000 })
  }, patience)
  expect(await asShop<Checkout>('POST', '/checkout', cart)).toMatchObject({ discount_minor: 0, applied: [] })

  await tabTo(page, 'test', 'Shift+Tab')
  await keyboard.press('ArrowRight')
  await tabTo(page, 'Save')
  await keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await keyboard.type('testers are content')
  await keyboard.press('Enter')
  await page.getByText('It is in force').waitFor()
  await vi.waitFor(async () => {
    const answer = await asShop<Checkout>('POST', '/checkout', cart)
    expect(answer).toMatchObject({ discount_minor: 6_000, total_minor: 54_000, applied: [{ promo: 'puma-week' }] })
  }, patience)

  expect(faults).toEqual([])
  await close()
})
