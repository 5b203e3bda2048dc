// An event as EventBridge would hand it over: what patterns are matched against and functions receive.
import type { BusEvent, Envelope } from './bus.ts'

/**
 * EventBridge gives each delivery an id of its own (`detail.id` is the event's) and keeps whole seconds of the time; so
 * do the buses that run here, for no handler to lean on more than it will have there.
 * @param seq place in the bus' log; 0 for an event that no bus delivers
 */
export const toBusEvent = (event: Envelope, seq: number, replay?: string): BusEvent => ({
  version: '0',
  id: `local-${seq}`,
  'detail-type': event.type,
  source: event.source,
  account: '000000000000',
  time: `${event.time.slice(0, 19)}Z`,
  region: 'local',
  resources: [],
  ...(replay === undefined || replay === '' ? {} : { 'replay-name': replay }),
  detail: event,
})
