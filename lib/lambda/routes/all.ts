// Every route of the API, for what speaks of all of them: OpenAPI, the catch-all route, the tests that compare this
// list with functions/, serverless.yml and docs/api.md.
import type { Route } from '../route.ts'
import { listAside, listDeadLetters, listEvents, postAside, postDiscard, postEvents, postRedrive } from './admin.ts'
import { adminPageRoutes } from './admin-page.ts'
import { getHints, postCheckout, postEvaluate } from './checkout.ts'
import { getOrder, postOrderCancel, postOrderReturns, postOrders } from './orders.ts'
import { getPromo, getPromoDiff, listPromos, listPromoVersions, postPause, postRollback, putPromo } from './promos.ts'
import { postCustomers, postProducts, postPurchases } from './publish.ts'
import {
  getCustomer,
  getLowestPrice,
  getProduct,
  getSettings,
  listCustomers,
  listPrices,
  listProducts,
} from './read.ts'
import { getReplay, postReplayCancel, postReplays } from './replays.ts'
import { getHealthz, getMetrics, getOpenapi, getReadyz } from './service.ts'
import { getCatalogueAttributes, getPromoStatistics } from './statistics.ts'

export const allRoutes: readonly Route[] = [
  postCustomers,
  postProducts,
  postPurchases,
  listCustomers,
  getCustomer,
  listProducts,
  getProduct,
  listPrices,
  getLowestPrice,
  getSettings,
  postCheckout,
  getHints,
  postOrders,
  getOrder,
  postOrderCancel,
  postOrderReturns,
  listPromos,
  getPromo,
  listPromoVersions,
  getPromoDiff,
  putPromo,
  postRollback,
  postPause,
  postEvaluate,
  getPromoStatistics,
  getCatalogueAttributes,
  postEvents,
  listEvents,
  listAside,
  postAside,
  listDeadLetters,
  postRedrive,
  postDiscard,
  postReplays,
  getReplay,
  postReplayCancel,
  ...Object.values(adminPageRoutes),
  getHealthz,
  getReadyz,
  getMetrics,
  getOpenapi,
]
