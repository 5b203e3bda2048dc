// A Serverless plugin: bundles the functions before anything reads them, and in `serverless offline` hosts the
// embedded shop (bus dispatcher, table, objects) in the same process as the functions.
import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { HostedShop } from './host.ts'

type Provider = { environment?: Record<string, unknown>; httpApi?: object }
type Serverless = { serviceDir: string; service: { provider: Provider } }
type Options = { httpPort?: string | number; host?: string }

// All at once, while the bundle is the one that the shop came from. One that were loaded by its first request only, after
// another build (of a test, of a second shop), would have modules of its own and find no shop in them.
async function loadFunctions(folder: string): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.mjs'))
  await Promise.all(files.map((name) => import(pathToFileURL(`${folder}/${name}`).href)))
}

export default class LocalPlugin {
  readonly hooks: Record<string, () => Promise<void>>
  #shop: HostedShop | undefined

  constructor(serverless: Serverless, options: Options) {
    const { serviceDir } = serverless
    const build = async (): Promise<void> => {
      const builder = await import(pathToFileURL(`${serviceDir}/scripts/build.mjs`).href)
      await builder.buildFunctions()
    }
    this.hooks = {
      'before:package:initialize': build,
      'before:offline:start:init': async () => {
        await build()
        // What functions get on AWS; serverless-offline would put it over the environment of this process.
        const { provider } = serverless.service
        provider.environment = {}
        const [host, port] = [options.host ?? '127.0.0.1', Number(options.httpPort ?? 3000)]
        // Without it serverless-offline lets pages of every site ask with cookies and tokens, and read the answers,
        // whatever its own options say. On AWS the template has no CORS, and so nobody may.
        const cors = { allowedOrigins: [`http://${host}:${port}`, `http://localhost:${port}`], allowCredentials: false }
        provider.httpApi = { ...provider.httpApi, cors }
        // The bundle and not the source: functions are bundled too, and must share one module with the host.
        const { hostShop } = await import(pathToFileURL(`${serviceDir}/dist/local/host.mjs`).href)
        this.#shop = await hostShop({ serviceDir, host, port })
      },
      'before:offline:start:ready': async () => {
        await loadFunctions(`${serviceDir}/dist/functions`)
        await this.#shop?.announce()
      },
      'offline:start:end': async () => this.#shop?.stop(),
    }
  }
}
