import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../events/event.ts'
import { contentHash } from '../../lib/app/content-hash.ts'
import { deepFreeze, isDeepFrozen, oncePerFrozen } from '../../lib/base/frozen.ts'
import { customer } from '../support/events.ts'

describe('oncePerFrozen', () => {
  it('asks once for what nobody can change, and each time for what may change', () => {
    let asked = 0
    const once = oncePerFrozen((input: { a: { b: number } }) => ({ sum: input.a.b + asked++ }))
    const frozen = deepFreeze({ a: { b: 1 } })
    expect(once(frozen)).toEqual({ sum: 1 })
    expect(once(frozen)).toEqual({ sum: 1 })
    expect(isDeepFrozen(once(frozen))).toBe(true)
    const half = Object.freeze({ a: { b: 1 } })
    expect([once(half).sum, once(half).sum, once({ a: { b: 1 } }).sum]).toEqual([2, 3, 4])
  })
})

describe('a frozen event', () => {
  const sent = () => JSON.parse(JSON.stringify(customer('e1@2022-04-24T19:41:07.123Z', { id: 'c1' })))

  it('is checked once for all handlers, which cannot change it for each other', () => {
    const frozen = deepFreeze(sent())
    expect(parseEvent(frozen)).toBe(parseEvent(frozen))
    expect(isDeepFrozen(parseEvent(frozen))).toBe(true)
  })

  it('is another than one that may still change, which is looked at each time', () => {
    const event = sent()
    const before = [parseEvent(event).data, contentHash(event)]
    event.data.first_name = 'Ola'
    expect(parseEvent(event).data).not.toEqual(before[0])
    expect(contentHash(event)).not.toBe(before[1])
    event.data = 'rubbish'
    expect(() => parseEvent(event)).toThrow('/data must be an object')
  })

  it('is another than one that was just made, which may still change too', () => {
    const made = customer('e1@2022-04-24T19:41:07.123Z', { id: 'c1' })
    Object.assign(made.data, { first_name: 7 })
    expect(() => parseEvent(made)).toThrow('/data/first_name must be')
  })
})
