// The schema of configs as JSON Schema: for editors, other languages, and the admin page's form.
import { toJsonSchema } from '@valibot/to-json-schema'
import { conditionSchema } from './conditions.ts'
import { promoSchema } from './config.ts'
import { filterSchema } from './filter-schema.ts'

/**
 * JSON Schema (draft 2020-12) of a promo's config. What it cannot say - amounts with at most two decimals, two
 * arguments that exclude each other, windows that never open - `checkPromo` does.
 */
export const promoJsonSchema = (): object => ({
  title: 'Promo',
  ...toJsonSchema(promoSchema, {
    target: 'draft-2020-12',
    errorMode: 'ignore',
    definitions: { filter: filterSchema, condition: conditionSchema },
  }),
})
