// The cart that somebody checks out: goods and quantities, and what the customer chose. It carries no price, and
// nothing that decides which promotions it sees.
import * as v from 'valibot'
import { id, line, quantity } from '../../../events/fields.ts'
import { languages } from '../../base/languages.ts'
import { limits } from '../../base/limits.ts'

const cartLine = v.strictObject(
  {
    product_id: id(),
    quantity: quantity(),
    /** Of the line in the answer; without one, the product's. */
    id: v.exactOptional(id()),
  },
  'must be an object',
)

type CartLine = v.InferOutput<typeof cartLine>

export const lineId = ({ id, product_id }: CartLine): string => id ?? product_id

const lines = v.pipe(
  v.array(cartLine, 'must be a list'),
  v.minLength(1, 'must hold a line'),
  v.maxLength(limits.cartLines, `must have at most ${limits.cartLines} lines`),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const seen = new Set<string>()
    for (const [i, value] of dataset.value.entries()) {
      const id = lineId(value)
      if (seen.has(id)) {
        addIssue({
          message: 'has the id of another line; lines of one product need ids of their own',
          path: [{ type: 'array', origin: 'value', input: dataset.value, key: i, value }],
        })
      }
      seen.add(id)
    }
  }),
)

export const cartSchema = v.strictObject(
  {
    lines,
    customer_id: v.exactOptional(id()),
    delivery: v.exactOptional(
      v.strictObject(
        {
          /** One of the shop's; its price is the shop's too. */
          method: line(limits.idChars),
          city: v.exactOptional(line(limits.nameChars)),
          country: v.exactOptional(line(limits.nameChars)),
        },
        'must be an object',
      ),
    ),
    payment: v.exactOptional(v.strictObject({ method: line(limits.idChars) }, 'must be an object')),
    codes: v.exactOptional(
      v.pipe(
        v.array(line(limits.idChars), 'must be a list'),
        v.maxLength(limits.orderCodes, `must have at most ${limits.orderCodes} codes`),
      ),
    ),
    /** Where the customer is: `web`, `app` ... */
    channel: v.exactOptional(line(limits.idChars)),
    /** false: only what the cart comes to; `refused` and `hints` stay empty, and the answer comes sooner. */
    explain: v.exactOptional(v.boolean('must be true or false')),
    /** Of hints. */
    language: v.exactOptional(v.picklist(languages, `must be one of ${languages.join(', ')}`)),
  },
  'must be an object',
)

export type Cart = v.InferOutput<typeof cartSchema>
