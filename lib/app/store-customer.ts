// `new_customer` -> the customer's profile. For a known id it replaces the profile if it is later; purchases stay.
import { profileOf } from '../shop/customer-document.ts'
import { customerPicture } from './customer-picture.ts'
import { projection, type Rule } from './handle.ts'
import { keys, lists } from './keys.ts'
import { foldLatest } from './latest.ts'

const handler = 'on-new-customer'

export const storeCustomerRule: Rule<'new_customer'> = {
  handler,
  type: 'new_customer',
  async fold(table, event) {
    const key = keys.profile(event.data.id)
    const [stored] = await table.get([key])
    const { folded, latest, changed, guard } = foldLatest(stored, event)
    if (!changed) return {}
    const profile = latest || !stored ? event.data : profileOf(stored)
    const list = { name: lists.customers, sort: `${folded.first_time}#${event.data.id}` }
    return {
      ops: [{ op: 'put', item: { ...profile, ...folded, ...key }, list, if: guard }],
      emits: () => (latest ? [customerPicture(event, handler, profile, { change: 'profile' })] : []),
    }
  },
}

export const storeCustomer = projection(storeCustomerRule)
