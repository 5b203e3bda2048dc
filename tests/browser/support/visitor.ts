// Somebody at the admin page: signed in by a link of the shop, watched for dialogs, faults and reports of the policy.
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { createSessions } from '../../../lib/lambda/sessions.ts'
import { createTokens } from '../../../lib/lambda/tokens.ts'
import type { ShopAt } from './shops.ts'

const clock = { now: () => Date.now() }

export const openBrowser = (): Promise<Browser> => {
  const { KRAM_CHROMIUM } = process.env
  if (!KRAM_CHROMIUM) throw new Error('KRAM_CHROMIUM names no browser: run `npm run test:browser`')
  return chromium.launch({ executablePath: KRAM_CHROMIUM, args: ['--no-sandbox'] })
}

export type Visitor = {
  page: Page
  /** What no page may do: script dialogs, uncaught errors, messages of the content security policy. */
  faults: string[]
  close: () => Promise<void>
}

/** `name`: under which the history knows who saved. */
export async function visit(
  browser: Browser,
  { url, dataDir }: ShopAt,
  { name = 'anna', ...options }: BrowserContextOptions & { name?: string } = {},
): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('dialog', async (dialog) => {
    // The browser's own warning on leaving unsaved work is wanted.
    if (dialog.type() !== 'beforeunload') faults.push(`dialog: ${dialog.message()}`)
    await dialog.accept()
  })
  page.on('console', (message) => {
    if (/content security policy|trusted ?types/i.test(message.text())) faults.push(`policy: ${message.text()}`)
  })
  const token = await createSessions({ dataDir, clock }).link({ role: 'admin', subject: name })
  await page.goto(`${url}/admin/login?token=${token}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { page, faults, close: () => context.close() }
}

/** Requests as a program makes them, with a token of the role. */
export async function apiOf({ url, dataDir }: ShopAt, role: 'shop' | 'tester' | 'admin') {
  const tokens = createTokens({ keyPath: join(dataDir, 'token.key'), clock })
  const token = await tokens.sign({ role, subject: 'tests', ttlSeconds: 3_600 })
  return async <Answer>(method: string, path: string, body?: unknown, more: object = {}): Promise<Answer> => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text) as Answer
  }
}

/** How often browsers have reported something that the policy kept out. */
export async function policyReports({ url }: ShopAt): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return [...text.matchAll(/^kram_csp_reports_total(?:\{[^}]*\})? (\d+)/gm)].reduce((sum, [, n]) => sum + Number(n), 0)
}
