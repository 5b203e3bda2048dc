import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileWindow, isOpen, nextBoundary, weekdays } from '../../lib/promos/window.ts'
import { slowIsOpen } from '../support/slow-basics.ts'

const options = { numRuns: 400, seed: 20_220_824 }
const zone = fc.constantFrom(
  ...['Europe/Kyiv', 'UTC', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Kathmandu'],
)

/** Days around which clocks change somewhere. */
const day = fc.constantFrom(
  ...['2022-03-26', '2022-03-27', '2022-03-28', '2022-10-29', '2022-10-30', '2022-04-03', '2023-04-28', '2022-11-06'],
)
const quarter = fc.integer({ min: 0, max: 95 })
const time = quarter.map(
  (n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`,
)
const recurrence = fc
  .record({
    weekdays: fc.subarray([...weekdays], { minLength: 1 }),
    from: time,
    to: fc.oneof(time, fc.constant('24:00')),
  })
  .filter(({ from, to }) => from !== to)

const config = fc.record({ start: day, finish: day, time_zone: zone, recurrence }, { requiredKeys: ['time_zone'] })

const quarterMs = 15 * 60_000
const instant = fc
  .tuple(day, fc.integer({ min: -96, max: 192 }), fc.constantFrom(0, 1, quarterMs - 1))
  .map(([text, quarters, ms]) => Date.parse(`${text}T00:00:00Z`) + quarters * quarterMs + ms)

describe('windows', () => {
  test('are open when a wall clock says so', () => {
    fc.assert(
      fc.property(config, instant, (config, ms) => {
        expect(isOpen(compileWindow(config, 'UTC'), ms)).toBe(slowIsOpen(config, ms, 'UTC'))
      }),
      { ...options, numRuns: 3_000 },
    )
  })

  test('change at their next boundary and not before', () => {
    fc.assert(
      fc.property(config, instant, (config, ms) => {
        const window = compileWindow(config, 'UTC')
        fc.pre(window.startMs < window.finishMs)
        const open = isOpen(window, ms)
        const next = nextBoundary(window, ms)
        // Everything that may change, changes on a quarter of an hour; a week and a half shows each pattern.
        const first = Math.floor(ms / quarterMs) * quarterMs + quarterMs
        const horizon = next ?? ms + 16 * 86_400_000
        for (let at = first; at < horizon; at += quarterMs) {
          if (isOpen(window, at) !== open) expect.fail(`changes at ${new Date(at).toISOString()} already`)
        }
        if (next !== undefined) {
          expect(next).toBeGreaterThan(ms)
          expect(isOpen(window, next)).toBe(!open)
        }
      }),
      options,
    )
  })
})
