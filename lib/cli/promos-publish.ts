// `kram promos publish|pause|rollback`: each saves versions; none overwrites what somebody else has saved meanwhile.
import { promoChanges } from '../app/promos/change-words.ts'
import { KramError } from '../base/errors.ts'
import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import { limits } from '../base/limits.ts'
import { checkPromo } from '../promos/check.ts'
import type { ShopOptions } from './options.ts'
import { fail } from './output.ts'
import type { Promo, SavedPromo } from './promos-client.ts'
import { nameOf, readJson } from './read-file.ts'
import { type ShopClient, withClient, withClientOrNewShop } from './shop-client.ts'

type Common = ShopOptions & { why: string }

export type PublishOptions = Common & { id?: string; as?: string; expect?: number; dryRun?: true }

const isConfig = (json: JsonValue): json is JsonObject => isObject(json)

async function readConfigs(file: string): Promise<JsonObject[]> {
  const json = await readJson(file, { maxBytes: limits.lineChars })
  const configs = Array.isArray(json) ? json : [json]
  if (configs.length > 0 && configs.every(isConfig)) return configs
  throw new KramError('invalid', 'invalid_promo', `${nameOf(file)} must be one config, or a list of them.`)
}

function idOf(config: JsonObject, given: string | undefined): string {
  const id = given ?? config.id
  if (typeof id === 'string') return id
  throw new KramError('invalid', 'invalid_promo', 'The promotion has no id: write one into it, or name it with --id.')
}

async function currentOf({ promos }: ShopClient, id: string): Promise<Promo | undefined> {
  try {
    return await promos.get(id)
  } catch (error) {
    if (error instanceof KramError && error.kind === 'not_found') return undefined
    throw error
  }
}

/** Published is live, unless the config or the command says otherwise. */
function withState(config: JsonObject, id: string, state: string | undefined): JsonObject {
  return { ...(config.id === undefined ? { id } : {}), ...config, state: state ?? config.state ?? 'live' }
}

export async function publish(file: string, options: PublishOptions): Promise<void> {
  const configs = await readConfigs(file)
  if (options.id !== undefined && configs.length !== 1) {
    throw new KramError('invalid', 'invalid_promo', '--id names one promotion, and the file has several.')
  }
  const withShop = options.dryRun ? withClient : withClientOrNewShop
  await withShop(options.dataDir, async (client) => {
    let saved = false
    for (const [i, config] of configs.entries()) {
      try {
        if (await publishOne(client, config, options)) saved = true
      } catch (error) {
        if (!(error instanceof KramError)) throw error
        fail(error, options.id ?? (typeof config.id === 'string' ? config.id : `promotion ${i + 1}`))
      }
    }
    if (saved) hintWhenWaiting(client)
  })
}

/** Whether a version was saved. */
async function publishOne(client: ShopClient, given: JsonObject, options: PublishOptions): Promise<boolean> {
  const id = idOf(given, options.id)
  const config = withState(given, id, options.as)
  const current = await currentOf(client, id)
  const changes = promoChanges(current?.config ?? {}, config)
  if (current && changes.length === 0) {
    show(options, { id, version: current.version, unchanged: true }, `${id}: version ${current.version}, unchanged`)
    return false
  }
  if (options.dryRun) {
    const issues = checkPromo(config, { timeZone: client.settings.timeZone })
    if (issues.length > 0) {
      throw new KramError('invalid', 'invalid_promo', 'It would not be saved.', { detail: { issues } })
    }
    const text = [`${id}: would be version ${(current?.version ?? 0) + 1}`, ...changes.map(({ text }) => `  ${text}`)]
    show(options, { id, changes }, text.join('\n'))
    return false
  }
  const expectedVersion = options.expect ?? current?.version ?? 0
  showSaved(options, await client.promos.save({ id, config, expectedVersion, reason: options.why }))
  return true
}

/** The kill switch: a new version with the same config as a draft, which applies to nobody. */
export async function pause(id: string, options: Common): Promise<void> {
  await withClient(options.dataDir, async (client) => {
    const { version, state, config } = await client.promos.get(id)
    if (state === 'draft') {
      show(options, { id, version, unchanged: true }, `${id}: version ${version}, unchanged`)
      return
    }
    const saving = { id, config: { ...config, state: 'draft' }, expectedVersion: version, reason: options.why }
    showSaved(options, await client.promos.save(saving))
    hintWhenWaiting(client)
  })
}

export async function rollBack(id: string, options: Common & { to: number; expect?: number }): Promise<void> {
  await withClient(options.dataDir, async (client) => {
    const expectedVersion = options.expect ?? (await client.promos.get(id)).version
    showSaved(options, await client.promos.rollBack({ id, to: options.to, expectedVersion, reason: options.why }))
    hintWhenWaiting(client)
  })
}

function showSaved(options: Common, { config: _, ...saved }: SavedPromo): void {
  const { id, version, state, rolled_back_to: to, warnings = [] } = saved
  show(options, saved, `${id}: version ${version}, ${state}${to === undefined ? '' : `, as version ${to} was`}`)
  for (const { pointer, message } of warnings) console.error(`${id}: warning: ${pointer}${pointer && ' '}${message}`)
}

const show = ({ json }: Common, value: object, text: string): void => console.log(json ? JSON.stringify(value) : text)

function hintWhenWaiting({ delivers, where }: ShopClient): void {
  if (delivers) return
  console.error(`No shop runs here: what was saved waits in ${where} and is in force when one does (npm start).`)
}
