import { expect, test } from 'vitest'
import { inTurn } from '../../lib/app/turns.ts'

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
