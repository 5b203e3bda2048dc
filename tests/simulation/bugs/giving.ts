// Bugs of what an order gives beside money off: cashback, gifts, vouchers.

import type { Envelope } from '../../../lib/ports/bus.ts'
import type { Allocation, AppliedPromo } from '../../../lib/promos/allocation.ts'
import { aroundHandlers, type Bug, isOutbox, writing } from './plant.ts'

/** Every promotion that applies to an order gives something else. */
const giving =
  (change: (applied: AppliedPromo, allocation: Allocation) => AppliedPromo): Bug['plant'] =>
  (parts) => ({
    ...parts,
    placeOrder: (deps, request, engine) => {
      const allocate: NonNullable<typeof engine>['allocate'] | undefined =
        engine &&
        ((...args) => {
          const allocation = engine.allocate(...args)
          return { ...allocation, applied: allocation.applied.map((one) => change(one, allocation)) }
        })
      return parts.placeOrder(deps, request, engine && allocate && { ...engine, allocate })
    },
  })

export const givingBugs: Bug[] = [
  { name: 'an order forgets the gifts of its promotions', plant: giving((one) => ({ ...one, gifts: [] })) },
  {
    name: 'cashback of list prices, not of what is paid',
    plant: giving((one, { items_minor, total_minor }) => {
      const cashback_minor = Math.round((one.cashback_minor * items_minor) / Math.max(1, total_minor))
      return { ...one, cashback_minor, budget_minor: one.budget_minor - one.cashback_minor + cashback_minor }
    }),
  },
  {
    name: 'cashback is given and not counted in the budget',
    plant: giving((one) => ({ ...one, budget_minor: one.budget_minor - one.cashback_minor })),
  },
  {
    name: 'a voucher of an order gets a new id with each try',
    plant: aroundHandlers(['grant-vouchers'], (handle) => (deps, event, delivery) => {
      const renamed = writing((op, { random }) => {
        if (op.op !== 'put' || !isOutbox(op.item.pk)) return op
        const told = op.item.event as Envelope
        const data = { ...told.data, id: `order#${random.next()}` }
        const id = `voucher_granted#${data.id}`
        return { ...op, item: { ...op.item, pk: `outbox#${id}`, event: { ...told, id, data } } }
      })
      return handle(renamed(deps), event, delivery)
    }),
  },
]
