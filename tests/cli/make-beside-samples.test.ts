// `kram make customers` in a shop that `npm start` filled: the samples stay who they are.
import '../support/quiet.ts'
import { expect, test, vi } from 'vitest'
import { loadSamples } from '../../lib/local/samples.ts'
import { temporaryFolder } from '../support/folder.ts'
import { kram } from '../support/kram.ts'
import { serveShop } from '../support/served-shop.ts'

// Each command is a process, which takes seconds on a machine that does much else.
vi.setConfig({ testTimeout: 120_000 })

const make = (dataDir: string, ...args: string[]) => kram(['make', 'customers', '--count', '2', ...args], { dataDir })

test('customers are numbered on behind the samples, and the same ones when it is run again', async () => {
  const dataDir = temporaryFolder()
  const shop = await serveShop({ dataDir })
  await loadSamples(shop.deps)
  await shop.idle()
  for (let again = 0; again < 2; again++) {
    expect((await make(dataDir)).stdout).toBe('2 customers sent over the bus: customer_k_005 to customer_k_006\n')
    await shop.idle()
  }
  const { stdout } = await kram(['list', 'customers', '--json'], { dataDir })
  const names = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).last_name]))
  expect(names.slice(0, 5)).toEqual(['Ofiara', 'Siatka', 'Fronczyk', 'Sobolak', 'Ostapczuk'])
  expect(names).toHaveLength(7)

  expect((await make(dataDir, '--from', '0')).stdout).toContain('customer_k_000 to customer_k_001\n')
  expect((await make(dataDir, '--via', 'table')).stdout).toContain('customer_db_000 to customer_db_001\n')
})
