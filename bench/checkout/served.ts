// The same carts through HTTP: the shop as `npm start` runs it, in a process of its own. And how soon a version that
// somebody saves is in force there, with all the other promotions.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert } from '../../lib/base/assert.ts'
import { carts } from './shop.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readyWithinMs = 60_000

export type Served = { perSecond: number; p50Ms: number; p99Ms: number; inForceMs: number[] }

export async function measureServed(
  dataDir: string,
  { lines, calls, saves }: { lines: number; calls: number; saves: number },
): Promise<Served> {
  const shop = spawn(process.execPath, ['scripts/start.mjs', '--data', dataDir, '--port', '0', '--empty'], {
    cwd: root,
    stdio: 'ignore',
    env: { ...process.env, KRAM_CURRENCY: 'UAH', KRAM_DELIVERIES: deliveries },
  })
  try {
    const url = await addressOf(dataDir)
    const tokens = { shop: tokenFor('shop', dataDir), marketer: tokenFor('marketer', dataDir) }
    const times = await callAll(url, tokens.shop, { lines, calls })
    const inForceMs: number[] = []
    for (let version = 1; version <= saves; version++) inForceMs.push(await inForce(url, tokens, version))
    const total = times.reduce((sum, ms) => sum + ms, 0)
    times.sort()
    const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0
    return { perSecond: (times.length / total) * 1_000, p50Ms: at(0.5), p99Ms: at(0.99), inForceMs }
  } finally {
    await stop(shop)
  }
}

const deliveries = ['novaposhta', 'ukrposhta', 'courier', 'pickup', 'locker', 'meest'].map((m) => `${m}=70`).join(',')

async function addressOf(dataDir: string): Promise<string> {
  const deadline = Date.now() + readyWithinMs
  while (!existsSync(join(dataDir, 'server.json'))) {
    assert(Date.now() < deadline, 'the shop starts')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')).url
}

const tokenFor = (role: string, dataDir: string): string =>
  execFileSync(process.execPath, ['bin/kram.mjs', 'token', '--role', role, '--data-dir', dataDir], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()

// For calls one right after another; elsewhere the server may be closing what has been idle.
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

type Call = { method: string; path: string; token: string; body: string; agent?: Agent }

function send(url: string, { method, path, token, body, agent }: Call): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const sent = request(`${url}${path}`, { method, headers, agent: agent ?? false }, (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (part) => {
      text += part
    })
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}

async function callAll(
  url: string,
  token: string,
  { lines, calls }: { lines: number; calls: number },
): Promise<Float64Array> {
  const bodies = carts(lines, 300, true)
  const times = new Float64Array(calls)
  for (let i = -calls / 2; i < calls; i++) {
    const began = performance.now()
    const body = bodies[(i + calls) % bodies.length] ?? ''
    const { status, text } = await send(url, { method: 'POST', path: '/checkout', token, body, agent })
    assert(status === 200 && !text.includes('promos_failed'), `the cart is answered, not: ${text}`)
    if (i >= 0) times[i] = performance.now() - began
  }
  return times
}

/** Milliseconds from the answer to a save until a cart has the new discount. */
async function inForce(url: string, tokens: { shop: string; marketer: string }, version: number): Promise<number> {
  const config = { state: 'live', priority: 9, exclusive: true, actions: [{ type: 'percent_off', value: version }] }
  const json = { config, expected_version: version - 1, reason: 'measured' }
  const body = carts(1, 1, false)[0] ?? ''
  const saved = await send(url, {
    method: 'PUT',
    path: '/promos/measured',
    token: tokens.marketer,
    body: JSON.stringify(json),
  })
  assert(saved.status === 200, `the version is saved, not: ${saved.text}`)
  const began = performance.now()
  for (;;) {
    const { text } = await send(url, { method: 'POST', path: '/checkout', token: tokens.shop, body })
    const [applied] = JSON.parse(text).applied
    if (applied?.promo === 'measured' && applied.version === version) return performance.now() - began
    assert(performance.now() - began < 30_000, 'the version comes into force')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function stop(shop: ChildProcess): Promise<void> {
  if (shop.exitCode !== null) return
  shop.kill('SIGTERM')
  await once(shop, 'exit')
}
