// What the page knows of the shop: its promotions, settings and goods. Read from the server, and again after a change.
import { computed, signal } from '@preact/signals-core'
import type { CatalogueAttributes, PauseAnswer, PromoEntry } from '../lib/shop/admin-types.ts'
import { type ApiError, allPages, asApiError, request } from './api.ts'
import type { Promo } from './promo-view.ts'
import { adminConfig } from './session.ts'

export type Settings = { currency: string; time_zone: string; deliveries: { [method: string]: number } }

export type Product = {
  id: string
  name: string
  type: string
  price_minor: number
  attributes?: { [name: string]: string | number | boolean | string[] }
}

/** undefined: not read yet. */
export const promos = signal<readonly Promo[] | undefined>(undefined)
export const promosError = signal<ApiError | undefined>(undefined)
const settings = signal<Settings | undefined>(undefined)
export const catalogue = signal<CatalogueAttributes | undefined>(undefined)
export const products = signal<readonly Product[]>([])

/** What `GET /settings` says; until it does, what the page was told at its start. */
export const shop = computed<Settings>(() => {
  const { currency = 'PLN', time_zone = 'UTC' } = adminConfig.value ?? {}
  return settings.value ?? { currency, time_zone, deliveries: {} }
})

/** More than a shop has (lib/base/limits.ts); a bound for the loop. */
const mostPromos = 100_000
/** Goods that the page offers to choose from. */
const mostProducts = 1_000

export async function readPromos(): Promise<void> {
  try {
    const entries = await allPages<PromoEntry>('/promos?include=config,usage&limit=100', mostPromos)
    promos.value = entries.map((entry) => ({ ...entry, config: (entry.config ?? { actions: [] }) as Promo['config'] }))
    promosError.value = undefined
  } catch (error) {
    promosError.value = asApiError(error)
  }
}

let isShopRead = false

/** Settings, attributes and goods: for the editor. What cannot be read is missing from suggestions, no more. */
export async function readShop(): Promise<void> {
  if (isShopRead) return
  isShopRead = true
  await Promise.all([
    request<Settings>('/settings').then((answer) => {
      settings.value = answer
    }, forgetRead),
    request<CatalogueAttributes>('/catalogue/attributes').then((answer) => {
      catalogue.value = answer
    }, forgetRead),
    allPages<Product>('/products?limit=100', mostProducts).then((items) => {
      products.value = items
    }, forgetRead),
  ])
}

function forgetRead(): void {
  isShopRead = false
}

/** @throws ApiError */
export async function savePromo(id: string, body: { config: unknown; expected_version: number; reason: string }) {
  const saved = await request<Promo>(`/promos/${encodeURIComponent(id)}`, { method: 'PUT', body })
  void readPromos()
  return saved
}

/**
 * Takes promotions out of force; all of them when no ids are named.
 * @throws ApiError
 */
export async function pausePromos(ids: readonly string[] | undefined, reason: string): Promise<PauseAnswer> {
  const total: PauseAnswer = { paused: [], unchanged: [], failed: [], more: false }
  const groups = ids ? chunksOf(ids, 100).map((promos) => ({ promos, reason })) : [{ all: true, reason }]
  for (const body of groups) {
    let more: boolean
    do {
      const answer = await request<PauseAnswer>('/promos/pause', { method: 'POST', body })
      total.paused.push(...answer.paused)
      total.unchanged.push(...answer.unchanged)
      total.failed.push(...answer.failed)
      more = answer.more && answer.paused.length > 0
    } while (more)
  }
  await readPromos()
  return total
}

const chunksOf = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
