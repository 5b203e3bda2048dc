// tests/wiring/role-matrix.txt: who may do what, route by route, written down once; the embedded run and the template are
// both held against it. `vitest run tests/wiring/template.test.ts -u` writes it anew: read what changed.
import { readFileSync } from 'node:fs'
import { roles } from '../../lib/lambda/roles.ts'

export const matrixPath = 'tests/wiring/role-matrix.txt'

/** Nobody has no token at all. */
export const callers = ['nobody', ...roles] as const

export type Caller = (typeof callers)[number]
export type Cells = { [caller in Caller]: 'in' | 'out' | 'gone' }

/** What an answer says of the door: 401 and 403 are before it. */
export const cellOf = (status: number, code: unknown): Cells[Caller] => {
  if (status === 401 || (status === 403 && code === 'role_not_allowed')) return 'out'
  return code === 'no_such_route' ? 'gone' : 'in'
}

export function told(cells: Cells): string {
  const named = callers.filter((caller) => cells[caller] === 'in')
  if (named.length === callers.length) return 'everybody'
  return callers.every((caller) => cells[caller] !== 'in') ? '-' : named.join(' ')
}

/** One line: the route, who gets in here, who gets in on AWS. */
export const lineOf = (route: string, here: Cells, onAws: Cells): string =>
  `${route.padEnd(36)} here: ${told(here).padEnd(26)} AWS: ${told(onAws)}`.trimEnd()

/** Of each line the route and who gets in on the embedded run. */
export const writtenHere = (): [route: string, who: string][] =>
  readFileSync(matrixPath, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [, route = '', who = ''] = /^(.*?) +here: (.*?) +AWS: /.exec(line) ?? []
      return [route, who]
    })
