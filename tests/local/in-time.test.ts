// A function that hangs is ended as Lambda would, and holds up nobody.
import { expect, test, vi } from 'vitest'
import { inTime } from '../../lib/local/in-time.ts'

test('what ends in time is passed on, with its answer or its error', async () => {
  expect(await inTime('f', 1, async () => 7)).toBe(7)
  await expect(inTime('f', 1, () => Promise.reject(new Error('own')))).rejects.toThrow('own')
})

test('what hangs fails with a retryable timeout', async () => {
  vi.useFakeTimers()
  const hanging = expect(inTime('count-stock', 30, () => new Promise(() => {}))).rejects.toMatchObject({
    code: 'timeout',
    retryable: true,
    message: 'count-stock did not end within 30 seconds.',
  })
  await vi.advanceTimersByTimeAsync(30_000)
  await hanging
  vi.useRealTimers()
})
