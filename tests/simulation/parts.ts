// What the simulated shop is made of: the very use cases and handlers that the product runs, each by a name, so that a
// planted bug can put another in its place.
import { countStock } from '../../functions/count-stock.ts'
import { greetCity } from '../../functions/greet-city.ts'
import { scoreCustomer } from '../../functions/score-customer.ts'
import { createDeadLetters, recordFailed, redriveDue } from '../../lib/app/dead-letters.ts'
import type { Deps } from '../../lib/app/deps.ts'
import type { Handle } from '../../lib/app/handle.ts'
import { cancelOrder, returnUnits } from '../../lib/app/orders/change-order.ts'
import { grantVouchers } from '../../lib/app/orders/grant-vouchers.ts'
import { storeCancellation, storeOrder, storeReturn } from '../../lib/app/orders/order-events.ts'
import { placeOrder } from '../../lib/app/orders/place-order.ts'
import { relayOutbox, sweepOutbox } from '../../lib/app/outbox.ts'
import { countOrders } from '../../lib/app/promos/count-orders.ts'
import { pausePromos } from '../../lib/app/promos/pause-promos.ts'
import { reloadPromos } from '../../lib/app/promos/reload-promos.ts'
import { rollBackPromo, savePromo } from '../../lib/app/promos/save-promo.ts'
import { getCustomer } from '../../lib/app/read-customers.ts'
import { foldLog } from '../../lib/app/rebuild.ts'
import { reconcile } from '../../lib/app/reconcile.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { recordPurchase } from '../../lib/app/record-purchase.ts'
import { recordUnknownEvent } from '../../lib/app/record-unknown-event.ts'
import { relayStream } from '../../lib/app/relay-stream.ts'
import { discardAside, sendAgain } from '../../lib/app/set-aside.ts'
import { storeCustomer } from '../../lib/app/store-customer.ts'
import { storeProduct } from '../../lib/app/store-product.ts'
import { storeVoucher } from '../../lib/app/store-voucher.ts'
import type { Functions } from '../../lib/ports/functions.ts'
import type { Handler } from './model-bus.ts'
import { snapshotOnce } from './snapshot-once.ts'

export type SimDeps = Deps & { functions: Functions }

const ofEnvelope =
  (handle: Handle): Handler<SimDeps> =>
  (deps, event, delivery) =>
    handle(deps, event.detail, delivery)

const reload = (deps: SimDeps): ReturnType<typeof reloadPromos> => reloadPromos({ ...deps, snapshot: snapshotOnce })

export const parts = {
  handlers: {
    'on-new-customer': ofEnvelope(storeCustomer),
    'on-new-product': ofEnvelope(storeProduct),
    'on-customer-buys-product': ofEnvelope(recordPurchase),
    'on-voucher-granted': ofEnvelope(storeVoucher),
    'count-stock': ofEnvelope(countStock),
    'on-order-placed': ofEnvelope(storeOrder),
    'on-order-cancelled': ofEnvelope(storeCancellation),
    'on-order-returned': ofEnvelope(storeReturn),
    'count-orders': (deps, event, delivery) => countOrders(deps, event.detail, delivery),
    'greet-city': ofEnvelope(greetCity),
    'score-customer': ofEnvelope(scoreCustomer),
    'grant-vouchers': ofEnvelope(grantVouchers),
    'on-unknown-event': recordUnknownEvent,
    'reload-promos': (deps) => reload(deps),
  } as { [subscription: string]: Handler<SimDeps> },
  /** Subscriptions that take replays though serverless.yml keeps them out: none. */
  alsoReplayed: [] as string[],
  recordEvents,
  relayOutbox,
  relayStream,
  sweepOutbox,
  savePromo,
  rollBackPromo,
  pausePromos,
  reloadPromos: reload,
  recordFailed,
  redriveDue,
  createDeadLetters,
  sendAgain,
  discardAside,
  getCustomer,
  placeOrder,
  cancelOrder,
  returnUnits,
  foldLog,
  reconcile,
}

export type Parts = typeof parts
