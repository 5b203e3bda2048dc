// What the API answers to the admin page: types that page and routes share. lib/lambda/routes holds its schemas equal.

/** GET /admin/config.json: what the page must know before anybody is signed in. */
export type AdminConfig = {
  auth:
    | { kind: 'session' }
    /** OpenID Connect, authorization code with PKCE (RFC 7636); no secret. */
    | { kind: 'oidc'; issuer: string; client_id: string; scope: string }
  /** ISO 4217. */
  currency: string
  /** IANA. */
  time_zone: string
}

/** GET /admin/session. */
export type AdminSession = {
  /** The highest that the caller has. */
  role: 'marketer' | 'admin'
  /** Under which the history knows who saved. */
  name: string
  expires_at: string
}

export type PromoStateName = 'draft' | 'test' | 'live'

/** How much of a limit is used; orders that were cancelled have given back. */
export type Used = { used: number; most: number }

export type PromoUsage = {
  /** Orders in which it applied, less those that were cancelled. */
  redemptions: number
  /** Taken off goods and delivery in them, less what came back. */
  discount_minor: number
  /** Cashback and bonus credited for them, less what came back. */
  credit_minor: number
  /** Of the limits that it has; none has the key at all. */
  limits: { uses?: Used; budget_minor?: Used }
}

/** An entry of GET /promos; `config` and `usage` where `include` asks for them. */
export type PromoEntry = {
  id: string
  version: number
  state: PromoStateName
  title?: string
  saved_at: string
  saved_by: string
  reason: string
  set: number
  rolled_back_to?: number
  /** What saving it would refuse today: it was saved under other rules, and applies to nobody. */
  faults?: { pointer: string; message: string }[]
  /** As it was saved. */
  config?: { [field: string]: unknown }
  usage?: PromoUsage
}

/** POST /promos/pause. */
export type PauseAnswer = {
  paused: { id: string; version: number }[]
  /** Were drafts already. */
  unchanged: string[]
  failed: { id: string; code: string; message: string }[]
  /** There are more that are not paused: ask again. */
  more: boolean
}

/** GET /catalogue/attributes. */
export type CatalogueAttributes = {
  /** Goods that were counted. */
  products: number
  /** There are more goods, which were not counted. */
  cut: boolean
  /** The most frequent first. */
  attributes: CatalogueAttribute[]
}

export type CatalogueAttribute = {
  /** As product_filters name it: `type`, `name`, `brand` ... */
  name: string
  /** Goods that have it. */
  products: number
  kinds: ('text' | 'number' | 'boolean' | 'list')[]
  /** The most frequent values first, at most 50. Of a list every entry counts by itself. */
  values: { value: string | number | boolean; products: number }[]
  /** There are values that are not among them. */
  more_values: boolean
}

/** GET /statistics/promos. */
export type PromoStatistics = {
  /** Days of `time_zone`, both inclusive. */
  from: string
  to: string
  time_zone: string
  currency: string
  /** Every day of the range in order, also one on which nothing happened. */
  days: StatisticsDay[]
}

export type StatisticsDay = {
  day: string
  /** Placed on that day, less those of them that were cancelled, whenever that was. */
  orders: number
  cancelled: number
  /** Paid for these orders, delivery included, less what was given back. */
  paid_minor: number
  /** Taken off by promotions, less what came back. */
  discount_minor: number
  credit_minor: number
  /** By id. */
  promos: { promo: string; redemptions: number; discount_minor: number; credit_minor: number }[]
}
