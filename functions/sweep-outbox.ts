// Each minute -> the bus: sends what the relay missed.
import { sweepOutbox } from '../lib/app/outbox.ts'
import { plainFunction } from '../lib/lambda/event-function.ts'

export const handler = plainFunction(['bus', 'table', 'clock'], sweepOutbox)
