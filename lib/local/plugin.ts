// A Serverless plugin: bundles the functions before anything reads them, and in `serverless offline` hosts the
// embedded shop (bus dispatcher, table, objects) in the same process as the functions.
import { pathToFileURL } from 'node:url'
import type { HostedShop } from './host.ts'

type Serverless = { serviceDir: string; service: { provider: { environment?: Record<string, unknown> } } }
type Options = { httpPort?: string | number; host?: string }

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
        serverless.service.provider.environment = {}
        // The bundle and not the source: functions are bundled too, and must share one module with the host.
        const { hostShop } = await import(pathToFileURL(`${serviceDir}/dist/local/host.mjs`).href)
        this.#shop = await hostShop({
          serviceDir,
          host: options.host ?? '127.0.0.1',
          port: Number(options.httpPort ?? 3000),
        })
      },
      'before:offline:start:ready': async () => this.#shop?.announce(),
      'offline:start:end': async () => this.#shop?.stop(),
    }
  }
}
