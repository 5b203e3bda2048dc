import '../support/quiet.ts'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { demo } from '../../lib/cli/demo.ts'
import type { Table } from '../../lib/ports/table.ts'
import { temporaryFolder } from '../support/folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

test('npm run demo plays the story, ends with 0 and leaves nothing behind', { timeout: 90_000 }, () => {
  const folder = temporaryFolder()
  const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder }
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'demo'], {
    cwd: root,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^1\. .*^2\. .*^3\. .*^4\. .*^5\. .*^6\. .*^7\. .*^All as it should be, in \d+\.\d s\.$/ms)
  expect(stdout).toContain('Produkt: "Masełko maślane" (masło, cena ')
  expect(stdout).toMatch(/^ {5}\* \S+ .+ \(\d+ za \d\.\d\d zł = \d+\.\d\d zł, kupione [\d-]{10} [\d:]{8}\)$/m)
  expect(stdout).not.toContain('NOT SO')
  expect(readdirSync(folder).filter((name) => name.startsWith('kram-demo'))).toEqual([])
})

test('ends with 1 when reality differs: a table that forgets one purchase', async () => {
  let forgotten = 0
  const forgetful = (table: Table): Table => ({
    ...table,
    write: (ops) => {
      const kept = ops.filter((op) => {
        const purchase = op.op === 'put' && op.item.sk.startsWith('purchase#') && forgotten++ === 7
        return !purchase
      })
      return table.write(kept)
    },
  })
  const printed: string[] = []
  const print = (text: string) => void printed.push(text)
  expect(await demo({ print, wrapTable: forgetful, patienceSeconds: 1 })).toBe(1)
  expect(printed.join('\n')).toContain('[NOT SO] every purchase is in its customer’s document once')
})
