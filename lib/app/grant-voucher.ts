// What reactors that give vouchers share: each voucher is decided once, however many events ask for it.
import type { DataOf, EventType, KramEvent } from '../../events/catalog.ts'
import { makeEvent } from '../../events/event.ts'
import { voucherGranted } from '../../events/voucher-granted.ts'
import type { Table } from '../ports/table.ts'
import { followUp } from './follow-up.ts'
import type { Effect } from './handle.ts'
import { keys } from './keys.ts'

/**
 * `voucher_granted` for a voucher that was not granted yet, with the marker that it now is. The event's id follows
 * from the voucher's, and its data must too: then a decision that is taken again (in a table made anew) is a duplicate.
 */
export async function grantVoucher(
  table: Table,
  handler: string,
  cause: KramEvent<EventType>,
  voucher: DataOf<'voucher_granted'>,
): Promise<Effect> {
  const decided = keys.decided(voucher.id, handler)
  const [already] = await table.get([decided])
  if (already) return {}
  return {
    ops: [{ op: 'put', item: { ...decided, event_id: cause.id }, if: { exists: false } }],
    emits: () => [makeEvent(voucherGranted, voucher, followUp(cause, `voucher_granted#${voucher.id}`))],
  }
}
