// Texts that would be scripts somewhere: typed into every text field, saved, and shown on every page. They stay texts.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { apiOf, openBrowser, policyReports, visit } from './support/visitor.ts'

// One of each family of OWASP's cheat sheet on filter evasion: tags, handlers, addresses, breaking out of attributes
// and of script, templates, SVG, encodings.
const corpus = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  "'><svg/onload=alert(3)>",
  'javascript:alert(4)',
  '</textarea><script>alert(5)</script>',
  '{{constructor.constructor("alert(6)")()}}',
  ['$', '{alert(7)}'].join(''),
  '<iframe srcdoc="<script>parent.alert(8)</script>">',
  '<math><mtext><style><img src=x onerror=alert(9)></style></mtext></math>',
  '&lt;script&gt;alert(10)&lt;/script&gt;',
  '<a href="data:text/html,<script>alert(11)</script>">x</a>',
  '<template><script>alert(12)</script></template>',
  '\u202e<b onmouseover=alert(13)>\u2066',
  '__proto__',
]

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** Every text field of the page that can be typed into, each with a text of its own. */
async function fillAll(page: Page, texts: readonly string[]): Promise<number> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  const fields = await page
    .locator('main :is(input:not([type]), input[type=text], input[type=search], textarea:not(#json)):enabled:visible')
    .all()
  for (const [i, field] of fields.entries()) {
    await field.fill(texts[i % texts.length] ?? '')
    await field.press('Tab')
  }
  return fields.length
}

const hostile = (i: number): string => corpus[i % corpus.length] ?? ''

test('no text of a promotion becomes anything but text, on any page', async () => {
  const shop = inject('sample')
  const admin = await apiOf(shop, 'admin')
  const before = await policyReports(shop)
  const { page, faults, close } = await visit(browser, shop)

  for (let shift = 0; shift < 2; shift++) {
    await page.goto(`${shop.url}/admin#/new`)
    await page.getByRole('textbox', { name: 'Title' }).waitFor()
    const texts = [...corpus.slice(shift * 7), ...corpus.slice(0, shift * 7)]
    expect(await fillAll(page, texts)).toBeGreaterThan(10)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.goto(`${shop.url}/admin#/`)
    await page.reload()
  }

  // What the checks let through, in every place that takes a text.
  const config = {
    title: hostile(0),
    notes: hostile(4),
    group: hostile(1),
    hint: { pl: hostile(2), uk: hostile(3), en: hostile(9) },
    codes: [hostile(7).slice(0, 40), hostile(3)],
    product_filters: { [hostile(1)]: hostile(0), any: [{ brand: hostile(2) }, { kind: [hostile(8), hostile(9)] }] },
    order_filters: [
      { type: 'selected_delivery', value: [hostile(0), hostile(2)] },
      { type: 'customer_attribute', attribute: hostile(5), value: hostile(1) },
    ],
    actions: [
      { type: 'gift', value: hostile(1) },
      { type: 'voucher', value: hostile(10) },
    ],
  }
  await admin('PUT', '/promos/hostile', { config, expected_version: 0, reason: hostile(1) })
  await admin('PUT', '/promos/hostile', {
    config: { ...config, title: hostile(2), state: 'live' },
    ...{ expected_version: 1, reason: hostile(0) },
  })
  for (const place of [
    '#/',
    '#/promos/hostile',
    '#/promos/hostile/history',
    '#/calendar',
    '#/results',
    '#/new/hostile',
  ]) {
    await page.goto(`${shop.url}/admin${place}`)
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
  }
  await page.goto(`${shop.url}/admin#/promos/hostile`)
  await page.reload()
  await page.getByRole('heading', { level: 1, name: /svg\/onload/ }).waitFor()
  expect(await page.locator('main :is(script, iframe, img, math, [onerror], [onload])').count()).toBe(0)
  await page.goto(`${shop.url}/admin#/promos/${encodeURIComponent('"><img src=x onerror=alert(14)>')}`)
  await page.reload()
  await page.getByRole('alert').waitFor()

  expect(faults).toEqual([])
  expect(await policyReports(shop)).toBe(before)
  await admin('POST', '/promos/pause', { promos: ['hostile'], reason: 'the test is over' }).catch(() => undefined)
  await close()
})
