import { afterEach, expect, test, vi } from 'vitest'
import { inTurn } from '../../lib/app/turns.ts'
import { limits } from '../../lib/base/limits.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('one after the other for one owner and name, side by side for others, and a failure holds nobody up', async () => {
  const [owner, other] = [{}, {}]
  const log: string[] = []
  const act =
    (name: string, fails = false) =>
    async () => {
      log.push(`${name} begins`)
      await Promise.resolve()
      log.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }
  const first = inTurn(owner, 'x', act('first', true))
  const second = inTurn(owner, 'x', act('second'))
  const third = inTurn(other, 'x', act('third'))
  await expect(first).rejects.toThrow('first')
  expect(await Promise.all([second, third])).toEqual(['second', 'third'])
  expect(log.indexOf('second begins')).toBeGreaterThan(log.indexOf('first ends'))
  expect(log.indexOf('third begins')).toBeLessThan(log.indexOf('first ends'))
  expect(await inTurn(owner, 'x', act('again'))).toBe('again')
})

test('who waits for an answer that never comes holds up the others for a while, not for ever', async () => {
  vi.useFakeTimers()
  const owner = {}
  const log: string[] = []
  const act = (name: string) => async (): Promise<void> => {
    log.push(name)
  }
  const answer = Promise.withResolvers<void>()
  const silent = inTurn(owner, 'x', () => answer.promise)
  const waiting = [inTurn(owner, 'x', act('second')), inTurn(owner, 'x', act('third'))]
  await vi.advanceTimersByTimeAsync(limits.turnMs - 1)
  expect(log).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  await Promise.all(waiting)
  await inTurn(owner, 'x', act('fourth'))
  // Its late end changes nothing of the turns that came after it.
  const next = Promise.withResolvers<void>()
  const running = inTurn(owner, 'x', () => next.promise)
  const last = inTurn(owner, 'x', act('last'))
  answer.resolve()
  await silent
  await vi.advanceTimersByTimeAsync(0)
  expect(log).toEqual(['second', 'third', 'fourth'])
  next.resolve()
  await Promise.all([running, last])
  expect(log.at(-1)).toBe('last')
  expect(vi.getTimerCount()).toBe(0)
})
