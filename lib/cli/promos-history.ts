// `kram promos list|history|diff`.
import { oneLine } from '../shop/print.ts'
import type { PromoDiff, PromoHistoryEntry, PromoSummary } from './promos-client.ts'
import { withClient } from './shop-client.ts'

type Common = { dataDir: string; json: boolean }

export async function list({ dataDir, json, state }: Common & { state?: string }): Promise<void> {
  await withClient(dataDir, async ({ promos }) => {
    for await (const promo of promos.list()) {
      if (state === undefined || promo.state === state) console.log(json ? JSON.stringify(promo) : promoLine(promo))
    }
  })
}

const promoLine = ({ id, version, state, title }: PromoSummary): string =>
  oneLine(`${id}  version ${version}, ${state}${title === undefined ? '' : `: ${title}`}`)

export async function history(id: string, { dataDir, json, count }: Common & { count: number }): Promise<void> {
  await withClient(dataDir, async ({ promos }) => {
    let left = count
    for await (const entry of promos.history(id)) {
      if (left-- === 0) break
      console.log(json ? JSON.stringify(entry) : entryText(entry))
    }
  })
}

function entryText({ version, state, saved_at, saved_by, reason, changes }: PromoHistoryEntry): string {
  const head = `${version}  ${saved_at}  ${saved_by}: ${reason} (${state})`
  return [head, ...changes.map(({ text }) => `   ${text}`)].map(oneLine).join('\n')
}

/** Without versions: what the last save changed. With one: what changed from it to now. */
export async function diff(
  id: string,
  from: number | undefined,
  to: number | undefined,
  { dataDir, json }: Common,
): Promise<void> {
  await withClient(dataDir, async ({ promos }) => {
    const newest = to ?? (await promos.get(id)).version
    const found = await promos.diff(id, { from: from ?? Math.max(1, newest - 1), to: newest })
    console.log(json ? JSON.stringify(found) : diffText(found))
  })
}

function diffText({ id, from, to, changes }: PromoDiff): string {
  const told = changes.map(({ text }) => `  ${text}`)
  return [`${id}: from version ${from} to ${to}`, ...(told.length === 0 ? ['  nothing changed'] : told)]
    .map(oneLine)
    .join('\n')
}
