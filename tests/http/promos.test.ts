// Promotions over HTTP, as the admin page and the command line keep them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handler as reloadPromos } from '../../functions/reload-promos.ts'
import { liveSetOf } from '../../lib/app/promos/live-set.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { functionOf } from '../support/all-functions.ts'
import { call, type RequestOptions } from '../support/http.ts'
import { type HttpShop, openHttpShop } from '../support/http-shop.ts'
import { createMemoryObjects } from '../support/memory-objects.ts'
import { percentOff, talk } from '../support/promos.ts'

let shop: HttpShop
let token: string

const ask = (name: string, options: RequestOptions = {}) => {
  const { handler, route } = functionOf(name)
  return call(handler, route, { token, ...options })
}
const put = (id: string, config: unknown, expected_version: number, reason = 'the autumn sale') =>
  ask('put-promo', { params: { id }, json: { config, expected_version, reason } })

beforeAll(async () => {
  shop = await openHttpShop([
    { name: 'reload-promos', pattern: { 'detail-type': ['promo_changed'] }, handler: reloadPromos },
  ])
  shop.deps.objects = createMemoryObjects()
  provideDeps({ objects: shop.deps.objects })
  token = await shop.token('marketer', 'olha')
})
afterAll(() => shop.close())

test('a promotion from the first draft to a rollback, and what is in force after each step', async () => {
  const inForce = async () => {
    await shop.deliver()
    shop.clock.ms += 2_001
    const { set } = await liveSetOf(shop.deps).current()
    return [set.number, ...set.identities.map(({ id, version, state }) => `${id}@${version} ${state}`)]
  }
  const { state: _, ...draft } = talk
  const first = await put('shorts', { ...draft, title: 'Shorts' }, 0)
  expect(first.json()).toEqual({
    ...{ id: 'shorts', version: 1, state: 'draft', title: 'Shorts', saved_by: 'olha', reason: 'the autumn sale' },
    ...{
      saved_at: '2022-04-24T19:41:07.123Z',
      set: 1,
      config: { id: 'shorts', ...draft, title: 'Shorts' },
      warnings: [],
    },
  })
  expect(await inForce()).toEqual([1])
  await put('shorts', { ...talk, state: 'test' }, 1, 'for testers')
  expect(await inForce()).toEqual([2, 'shorts@2 test'])
  await put('shorts', talk, 2, 'for everyone')
  expect(await inForce()).toEqual([3, 'shorts@3 live'])
  await put('shorts', percentOff(90), 3, 'a slip')
  expect(await inForce()).toEqual([4, 'shorts@4 live'])
  const json = { to: 3, expected_version: 4, reason: 'not that' }
  const back = await ask('post-rollback', { params: { id: 'shorts' }, json })
  expect(back.json()).toMatchObject({ version: 5, rolled_back_to: 3, config: { id: 'shorts', ...talk } })
  expect(await inForce()).toEqual([5, 'shorts@5 live'])

  const { items } = (await ask('list-promo-versions', { params: { id: 'shorts' }, query: { limit: '2' } })).json()
  expect(items).toMatchObject([
    { version: 5, saved_by: 'olha', reason: 'not that', rolled_back_to: 3, changes: expect.any(Array) },
    { version: 4, reason: 'a slip' },
  ])
  const diff = await ask('get-promo-diff', { params: { id: 'shorts' }, query: { from: '3', to: '5' } })
  expect(diff.json()).toEqual({ id: 'shorts', from: 3, to: 5, changes: [] })
  const inPolish = { from: '4', to: '5', language: 'pl' }
  const told = await ask('get-promo-diff', { params: { id: 'shorts' }, query: inPolish })
  expect(told.json().in_words).toEqual(expect.arrayContaining([expect.stringMatching(/^Rabat: /)]))
  const history = await ask('list-promo-versions', { params: { id: 'shorts' }, query: { language: 'uk' } })
  expect(history.json().items.map((item: { in_words: string[] }) => item.in_words.length > 0)).toEqual(
    Array.from({ length: 5 }, () => true),
  )
  const unknown = await ask('get-promo-diff', { params: { id: 'shorts' }, query: { ...inPolish, language: 'de' } })
  expect(unknown.status).toBe(400)
  const old = await ask('get-promo', { params: { id: 'shorts' }, query: { version: '4' } })
  expect(old.json()).toMatchObject({ version: 4, config: percentOff(90) })
  expect((await ask('get-promo', { params: { id: 'shorts' } })).json()).toMatchObject({ version: 5 })
})

test('listed by id, without their configs', async () => {
  for (const id of ['b', 'a']) expect((await put(id, percentOff(5, { title: `The ${id}` }), 0)).status).toBe(200)
  const { items } = (await ask('list-promos')).json()
  expect(items.slice(0, 2)).toMatchObject([
    { id: 'a', version: 1, state: 'live', title: 'The a' },
    { id: 'b', version: 1 },
  ])
  expect(items[0]).not.toHaveProperty('config')
})

describe('two editors', () => {
  test('the second gets 409 and the version that is there', async () => {
    await put('both', percentOff(5), 0)
    expect((await put('both', percentOff(6), 1)).status).toBe(200)
    const late = await put('both', percentOff(7), 1)
    expect(late.status).toBe(409)
    expect(late.json()).toMatchObject({ code: 'promo_version_conflict', current_version: 2 })
    const rollback = { params: { id: 'both' }, json: { to: 1, expected_version: 1, reason: 'why' } }
    expect((await ask('post-rollback', rollback)).json()).toMatchObject({ current_version: 2 })
  })

  test('a request repeated word for word is answered as the first', async () => {
    const first = await put('again', percentOff(5), 0)
    expect((await put('again', percentOff(5), 0)).json()).toEqual(first.json())
  })
})

describe('what is saved with a warning', () => {
  const puma = { product_filters: { brand: 'Warned' } }
  test('two that add up, a hint that reads like another', async () => {
    const hint = 'Take more!'
    await put('w1', percentOff(40, { ...puma, hint, title: 'Forty' }), 0)
    const { warnings } = (await put('w2', percentOff(30, { ...puma, hint, start: '2022-01-01' }), 0)).json()
    expect(warnings).toEqual([
      {
        code: 'adds_up',
        pointer: '/actions',
        other: 'w1',
        message: expect.stringContaining('"Forty" can take 58 % off the same goods together'),
      },
      { code: 'alike_hints', pointer: '/hint', other: 'w1', message: expect.stringContaining('reads like that of') },
    ])
    // Paused, it does nothing that anyone need be warned of, and nobody need be warned of it.
    expect((await put('w2', percentOff(30, { ...puma, hint, state: 'draft' }), 1)).json().warnings).toEqual([])
    expect((await put('w1', percentOff(41, { ...puma, hint }), 1)).json().warnings).toEqual([])
    const json = { to: 1, expected_version: 2, reason: 'again' }
    const back = await ask('post-rollback', { params: { id: 'w2' }, json })
    expect(back.json().warnings).toMatchObject([{ code: 'adds_up' }, { code: 'alike_hints' }])
    await put('w2', percentOff(1, { state: 'draft' }), 3)
    await put('w1', percentOff(1, { state: 'draft' }), 2)
  })

  test('one that can never apply', async () => {
    await put('only', percentOff(1, { ...puma, exclusive: true }), 0)
    const { warnings } = (await put('never', percentOff(2, puma), 0)).json()
    expect(warnings).toMatchObject([
      { code: 'shadowed', other: 'only', message: expect.stringMatching(/^never applies/) },
    ])
    await put('only', percentOff(1, { state: 'draft' }), 1)
    await put('never', percentOff(1, { state: 'draft' }), 1)
  })
})

describe('what is refused, with its place', () => {
  test.each<[string, string, object, string]>([
    ['a window that never opens', 'x', { start: '2022-08-25', finish: '2022-08-24' }, '/config/finish'],
    ['a percent over 100', 'x', { actions: [{ type: 'percent_off', value: 101 }] }, '/config/actions/0/value'],
    ['no action', 'x', { actions: [] }, '/config/actions'],
    ['a field that is none', 'x', { colour: 'red' }, '/config/colour'],
    ['another id', 'x', { id: 'y' }, '/config/id'],
  ])('%s', async (_name, id, fault, pointer) => {
    const answer = await put(id, { ...percentOff(5), ...fault }, 0)
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'invalid_promo', issues: [{ in: 'body', pointer }] })
    expect((await ask('get-promo', { params: { id } })).status).toBe(404)
  })

  test.each<[string, object, string]>([
    ['no reason', { config: talk, expected_version: 0 }, '/reason'],
    ['an empty reason', { config: talk, expected_version: 0, reason: ' ' }, '/reason'],
    ['no expected version', { config: talk, reason: 'why' }, '/expected_version'],
    ['a version of another kind', { config: talk, reason: 'why', expected_version: '1' }, '/expected_version'],
    ['a config of another kind', { config: [], reason: 'why', expected_version: 0 }, '/config'],
  ])('%s', async (_name, json, pointer) => {
    const answer = await ask('put-promo', { params: { id: 'x' }, json })
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_input', issues: [{ pointer }] })
  })

  test.each([
    ['get-promo', {}, 'unknown_promo'],
    ['list-promo-versions', {}, 'unknown_promo'],
    ['get-promo-diff', { query: { from: '1', to: '2' } }, 'unknown_promo'],
    ['post-rollback', { json: { to: 1, expected_version: 1, reason: 'why' } }, 'unknown_promo'],
  ])('what is not there: %s', async (name, options, code) => {
    const answer = await ask(name, { params: { id: 'nothing' }, ...options })
    expect({ status: answer.status, code: answer.json().code }).toEqual({ status: 404, code })
  })

  test('a version that is not there', async () => {
    await put('one', percentOff(5), 0)
    const answer = await ask('get-promo', { params: { id: 'one' }, query: { version: '2' } })
    expect(answer.json()).toMatchObject({ status: 404, code: 'unknown_promo_version' })
  })
})

test('no log line holds what a marketer wrote', async () => {
  const canary = 'canary-7f3a'
  const { logs } = await put('quiet', percentOff(5, { title: canary, notes: canary }), 0, canary)
  await shop.deliver()
  expect(logs + shop.logs).not.toContain(canary)
  expect(shop.logs).toContain('promos_written')
})
