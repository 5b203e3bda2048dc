// What `npm start` prints is pasted: it must be about the shop that it announces.
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { welcome } from '../../lib/local/banner.ts'

const said = (dataDir: string): string =>
  welcome({ url: 'http://127.0.0.1:3000', dataDir, token: 't', link: 'l', samples: { events: 0, promos: 0 } })

test.each(['/srv/shop', 'shops/autumn', "/srv/Olena's shop $(date)"])(
  'the commands find a shop that lies in a folder of its own: %s',
  (dataDir) => {
    const [exported = ''] = /export KRAM_DATA=.*/.exec(said(dataDir)) ?? []
    const shell = `${exported}\nprintf %s "$KRAM_DATA"`
    expect(execFileSync('sh', ['-c', shell], { encoding: 'utf8' })).toBe(resolve(dataDir))
  },
)

test.each(['.kram', './.kram/'])('where they look by themselves there is nothing to say: %s', (dataDir) => {
  expect(said(dataDir)).not.toContain('KRAM_DATA')
})
