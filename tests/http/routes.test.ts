// The routes as data: what must hold of every one, and what docs/api.md says of them.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { roles } from '../../lib/lambda/roles.ts'
import { functionNameOf } from '../../lib/lambda/route.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'

const root = new URL('../../', import.meta.url)

test('names and addresses are used once', () => {
  expect(new Set(allRoutes.map(({ name }) => name)).size).toBe(allRoutes.length)
  expect(new Set(allRoutes.map(({ method, path }) => `${method} ${path}`)).size).toBe(allRoutes.length)
})

test.each(allRoutes.map((route) => [route.name, functionNameOf(route)]))(
  '%s has its function',
  async (_route, name) => {
    expect(existsSync(new URL(`functions/${name}.ts`, root))).toBe(true)
    const { handler } = await import(new URL(`functions/${name}.ts`, root).href)
    expect(handler).toBeTypeOf('function')
  },
)

test('no role is the same as everybody: a route without roles would be open to none', () => {
  for (const { name, roles: allowed } of allRoutes) {
    if (allowed !== 'public') expect(allowed, name).toContain('admin')
  }
})

test('what changes something or shows a person asks for a token', () => {
  const open = allRoutes.filter((route) => route.roles === 'public').map(({ path }) => path)
  const admin = ['/admin', '/admin/assets/{file}', '/admin/config.json', '/admin/csp-reports', '/admin/login']
  expect(open.sort()).toEqual([...admin, '/healthz', '/metrics', '/openapi.json', '/readyz'])
})

test('the role table of docs/api.md says what the routes say', () => {
  const text = readFileSync(new URL('docs/api.md', root), 'utf8')
  const rows = [...text.matchAll(/^\| `(GET|POST|PUT|DELETE)` +\| `([^`]+)` +\|(.*)\|$/gm)].map(
    ([, method, path, cells = '']) => {
      const [shop, tester, marketer, admin] = cells.split('|').map((cell) => cell.trim())
      return { method, path, cells: [shop, tester, marketer, admin] }
    },
  )
  const expected = allRoutes.map(({ method, path, roles: allowed }) => ({
    method,
    path,
    cells: roles.map((role) => (allowed === 'public' ? 'open' : allowed.includes(role) ? 'yes' : '')),
  }))
  expect(rows).toEqual(expected)
})
