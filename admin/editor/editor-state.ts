// The promotion that is being edited: one at a time. Every field reads and writes its place in `config`; faults and
// warnings follow from it by the very code that saves and checkout run.
import { batch, computed, signal } from '@preact/signals-core'
import type { Issue } from '../../lib/base/errors.ts'
import { checkPromo } from '../../lib/promos/check.ts'
import type { PromoConfig } from '../../lib/promos/config.ts'
import { makePromo, type Promo as ReadyPromo } from '../../lib/promos/promo.ts'
import { type Warning, warningsOf } from '../../lib/promos/warn.ts'
import { promos, shop } from '../shop.ts'
import { type Config, type Path, pointerOf, withValueAt } from './config-tree.ts'
import { forgetWork, keepWork, type Work } from './kept-work.ts'

/** What the editor began from; version 0: nothing is saved yet. */
export type Base = { version: number; config: Config }

export const promoId = signal('')
export const base = signal<Base>({ version: 0, config: {} })
export const config = signal<Config>({})
/** Under which unsaved work is kept: the id, or `new`. */
export const workKey = signal('')
const touched = signal<ReadonlySet<string>>(new Set())
/** After a save was tried every fault is shown, not only those of fields that were left. */
export const showsAll = signal(false)
/** Faults that only the server found, until the config changes. */
export const serverIssues = signal<readonly Issue[]>([])

/** What was kept from another time, when the editor began with that. */
export const restored = signal<{ atMs: number; isOutdated: boolean } | undefined>(undefined)

/** Of native fields that hold half of a value, which the browser keeps to itself: what they ask for, by place. */
const unfinished = signal<ReadonlyMap<string, string>>(new Map())

/** `asks` undefined: the field is empty, or has all of its value. */
export function setUnfinished(path: Path, asks: string | undefined): void {
  const pointer = pointerOf(path)
  if (unfinished.value.get(pointer) === asks) return
  const next = new Map(unfinished.value)
  if (asks === undefined) next.delete(pointer)
  else next.set(pointer, asks)
  unfinished.value = next
}

/** Why the JSON cannot be taken over; '': it can. */
export const jsonProblem = signal('')

export const isChanged = computed(() => JSON.stringify(config.value) !== JSON.stringify(base.value.config))
export const isNew = computed(() => base.value.version === 0)

/** `current`: the version that the shop has, where `from` is an older one. */
export function openEditor(key: string, id: string, from: Base, work: Work | undefined, current = from.version): void {
  batch(() => {
    workKey.value = key
    promoId.value = id
    base.value = from
    config.value = work?.config ?? from.config
    restored.value = work && { atMs: work.atMs, isOutdated: current !== from.version }
    touched.value = new Set()
    showsAll.value = false
    jsonProblem.value = ''
    serverIssues.value = []
    unfinished.value = new Map()
  })
}

/** Writes one place; undefined takes it away. */
export const setAt = (path: Path, value: unknown): void => setConfig(withValueAt(config.value, path, value))

export function setConfig(next: Config): void {
  batch(() => {
    config.value = next
    serverIssues.value = []
  })
  if (isChanged.value) keepWork(workKey.value, { config: next, base: base.value.version, atMs: Date.now() })
  else forgetWork(workKey.value)
}

export function touch(path: Path): void {
  const pointer = pointerOf(path)
  if (!touched.value.has(pointer)) touched.value = new Set([...touched.value, pointer])
}

const usage = computed(() => {
  const limits = promos.value?.find(({ id }) => id === promoId.value)?.usage?.limits
  if (!limits) return undefined
  return {
    ...(limits.uses ? { uses: limits.uses.used } : {}),
    ...(limits.budget_minor ? { budget_minor: limits.budget_minor.used } : {}),
  }
})

/** All that saving would refuse. */
export const issues = computed<readonly Issue[]>(() => {
  const { time_zone: timeZone } = shop.value
  const found = checkPromo(config.value, { timeZone, usage: usage.value })
  if (isNew.value && promos.value?.some(({ id }) => id === config.value.id)) {
    found.push({ pointer: '/id', message: 'is the id of another promo' })
  }
  for (const [pointer, message] of unfinished.value) found.push({ pointer, message })
  return [...found, ...serverIssues.value]
})

/** The sentences about a place; before a save is tried, only where the reader has been. */
export function errorsAt(path: Path): string[] {
  const pointer = pointerOf(path)
  if (!showsAll.value && !touched.value.has(pointer)) return []
  return issues.value.flatMap((issue) => (issue.pointer === pointer ? [issue.message] : []))
}

const readied = new WeakMap<object, ReadyPromo>()

function readyPromo(own: PromoConfig, id: string): ReadyPromo | undefined {
  const known = readied.get(own)
  if (known) return known
  const { time_zone: timeZone } = shop.value
  if (checkPromo(own, { timeZone }).length > 0) return undefined
  const made = makePromo(own, { rank: 0, id, version: 0, state: own.state ?? 'draft' }, timeZone)
  readied.set(own, made)
  return made
}

/** The other promotions of the shop, made ready once. */
export const otherPromos = computed(() =>
  (promos.value ?? []).flatMap((promo) =>
    promo.id === promoId.value ? [] : (readyPromo(promo.config, promo.id) ?? []),
  ),
)

/** What is probably not meant. A draft is warned as if it were live, since that is what it is made for. */
export const warnings = computed<readonly Warning[]>(() => {
  if (issues.value.length > 0) return []
  const own = readyPromo({ ...(config.value as PromoConfig), state: 'live' }, promoId.value)
  return own ? warningsOf(own, otherPromos.value) : []
})

/** Leads the reader to the field of a fault, or to the nearest one that holds it. */
export function focusOn(pointer: string): void {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = document.getElementById(at || 'editor')
    for (let around = place?.parentElement; around; around = around.parentElement) {
      if (around instanceof HTMLDetailsElement) around.open = true
    }
    const target = place?.matches('input,select,textarea,button')
      ? place
      : place?.querySelector<HTMLElement>('input,select,textarea,button')
    if (target instanceof HTMLElement || at === '') {
      if (target instanceof HTMLElement) target.focus()
      return
    }
  }
}
