// GET /settings: the shop's currency, time zone and deliveries.
import { httpFunction } from '../lib/lambda/http-function.ts'
import { getSettings } from '../lib/lambda/routes/read.ts'

export const handler = httpFunction(getSettings, async ({ settings }) => ({
  currency: settings.currency,
  time_zone: settings.timeZone,
  deliveries: { ...settings.deliveries },
}))
