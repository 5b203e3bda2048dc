// The embedded shop inside `serverless offline`: opened before the first request, announced when HTTP answers, closed
// with it. Bundled together with the functions, so that they and the shop share their modules.
import { join } from 'node:path'
import { KramError } from '../base/errors.ts'
import { createSessions } from '../lambda/sessions.ts'
import { createTokens } from '../lambda/tokens.ts'
import { welcome } from './banner.ts'
import { personName } from './person-name.ts'
import { loadSamples } from './samples.ts'
import { removeServer, writeServer } from './server-file.ts'
import { openShop } from './shop.ts'

export type HostedShop = { announce(): Promise<void>; stop(): Promise<void> }

/** To `npm start`, which shows it; without a parent to the terminal. */
const say = (text: string): void => {
  if (process.send) process.send({ kram: 'ready', text })
  else console.log(text)
}

const daySeconds = 86_400

/** Opens the shop of `KRAM_DATA` for functions that are to answer at `http://<host>:<port>`. */
export async function hostShop({ host, port }: { host: string; port: number }): Promise<HostedShop> {
  const dataDir = process.env.KRAM_DATA ?? '.kram'
  const url = `http://${host}:${port}`
  const shop = await openShop({ dataDir }).catch((error: unknown) => {
    // What a person can mend is told without a trace.
    if (error instanceof KramError) process.send?.({ kram: 'refused', why: error.message })
    throw error
  })
  return {
    async announce() {
      const samples = process.env.KRAM_EMPTY === '1' ? { events: 0, promos: 0 } : await loadSamples(shop.deps)
      await shop.start()
      await shop.idle()
      writeServer(dataDir, { url, pid: process.pid })
      const tokens = createTokens({ keyPath: join(dataDir, 'token.key'), clock: shop.deps.clock })
      const token = await tokens.sign({ role: 'shop', subject: 'npm-start', ttlSeconds: daySeconds })
      const sessions = createSessions({ dataDir, clock: shop.deps.clock })
      const link = await sessions.link({ role: 'admin', subject: personName() })
      say(welcome({ url, dataDir, token, link, samples }))
    },
    async stop() {
      await shop.stop()
      removeServer(dataDir)
    },
  }
}
