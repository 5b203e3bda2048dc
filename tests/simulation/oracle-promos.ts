// Watches how promotions are saved and published: versions are only appended, one number counts all saves, the snapshot
// is exactly what the table held under its number, and never goes back.
import { keys, promosKey } from '../../lib/app/keys.ts'
import { snapshotKey } from '../../lib/app/promos/snapshot.ts'
import type { Item } from '../../lib/ports/table.ts'
import { same as isSame } from './json.ts'
import type { Change, MemoryStore } from './memory-store.ts'

type Saved = { id: string; version: number; set: number; state: string; config: string }

const isVersion = ({ key, op }: Change): boolean => key.pk.startsWith('promo#') && op.op !== 'check'

export function promoOracle({ fail, store }: { fail: (text: string) => void; store: () => MemoryStore }) {
  const saved: Saved[] = []
  let snapshotSet = 0

  function appended({ before, after, op }: Change, changes: readonly Change[]) {
    if (op.op === 'delete' || !after) return fail('a version of a promotion was deleted')
    const version = after as Item & Saved
    if (before) return fail(`version ${version.version} of ${version.id} was written over`)
    const last = saved.findLast(({ id }) => id === version.id)?.version ?? 0
    if (version.version !== last + 1) fail(`after version ${last} of ${version.id} came ${version.version}`)
    if (version.set !== saved.length + 1) fail(`save ${saved.length + 1} has the number ${version.set}`)
    saved.push(version)
    const current = store().peek(keys.promo(version.id))
    if (current?.version !== version.version) fail(`version ${version.version} of ${version.id} is not the current one`)
    const event = changes.find(({ key }) => key.pk === `outbox#promo_changed#${version.id}#${version.version}`)
    if (event?.op.op !== 'put') fail(`nobody will be told of version ${version.version} of ${version.id}`)
  }

  /** The current versions, drafts apart, when the number of all was `set`. */
  function heldUnder(set: number): { version: number; config: unknown }[] {
    const current = new Map(saved.filter((one) => one.set <= set).map((one) => [one.id, one]))
    return [...current.values()]
      .filter(({ state }) => state !== 'draft')
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ version, config }) => ({ version, config: JSON.parse(config) }))
  }

  return {
    saved,
    configOf: (id: string, version: number): string | undefined =>
      saved.find((one) => one.id === id && one.version === version)?.config,
    snapshotSet: () => snapshotSet,
    observe(changes: readonly Change[]): void {
      for (const change of changes) if (isVersion(change)) appended(change, changes)
      const moved = changes.some(({ key, op }) => key.pk === promosKey && op.op !== 'check')
      if (moved && !changes.some(isVersion)) fail('a current version was changed beside its history')
      const number = Number(store().peek(keys.promoSet)?.number ?? 0)
      if (moved && number !== saved.length) fail(`after ${saved.length} saves the number of the set is ${number}`)
    },
    onPut(key: string, bytes: Uint8Array) {
      if (key !== snapshotKey) return
      const { set, configs } = JSON.parse(new TextDecoder().decode(bytes))
      if (set < snapshotSet) fail(`the snapshot went back from ${snapshotSet} to ${set}`)
      snapshotSet = set
      const held = heldUnder(set)
      if (!isSame(configs, held)) {
        fail(`the snapshot ${set} holds ${JSON.stringify(configs)}, should hold ${JSON.stringify(held)}`)
      }
    },
  }
}
