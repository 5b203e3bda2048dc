import { describe, expect, test } from 'vitest'
import { toInstant } from '../../lib/base/time.ts'
import { instantsOf, isTimeZone, minuteOf, readTime, startOfDay, wallAt, weekdayOf } from '../../lib/base/zones.ts'

const wall = (text: string): number => Date.parse(`${text}Z`)
const all = (zone: string, text: string): string[] => instantsOf(zone, wall(text)).map(toInstant)
const read = (text: string, zone: string): string | undefined => {
  const time = readTime(text, zone)
  return time === undefined ? undefined : time.ms === undefined ? time.day : toInstant(time.ms)
}

describe('wall clocks', () => {
  test.each([
    ['Europe/Kyiv', '2022-08-24T12:00', ['2022-08-24T09:00:00.000Z']],
    ['Europe/Kyiv', '2022-03-27T03:30', []],
    ['Europe/Kyiv', '2022-03-27T04:00', ['2022-03-27T01:00:00.000Z']],
    ['Europe/Kyiv', '2022-10-30T03:30', ['2022-10-30T00:30:00.000Z', '2022-10-30T01:30:00.000Z']],
    ['America/St_Johns', '2022-06-01T00:00', ['2022-06-01T02:30:00.000Z']],
    ['Australia/Lord_Howe', '2022-04-03T01:45', ['2022-04-02T14:45:00.000Z', '2022-04-02T15:15:00.000Z']],
    ['Pacific/Apia', '2011-12-30T12:00', []],
    ['UTC', '1999-12-31T23:59', ['1999-12-31T23:59:00.000Z']],
  ])('%s shows %s at %j', (zone, text, instants) => {
    expect(all(zone, text)).toEqual(instants)
  })

  test.each([
    ['Europe/Kyiv', '2022-08-24', '2022-08-23T21:00:00.000Z'],
    ['Africa/Cairo', '2023-04-28', '2023-04-27T22:00:00.000Z'],
    ['America/Havana', '2022-11-06', '2022-11-06T04:00:00.000Z'],
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
  ])('a day of %s, %s, begins at %s', (zone, day, instant) => {
    expect(toInstant(startOfDay(zone, day))).toBe(instant)
  })

  test('a wall clock tells weekday and minute', () => {
    const shown = wallAt('Europe/Kyiv', Date.parse('2022-10-30T22:30:00Z'))
    expect([weekdayOf(shown), minuteOf(shown)]).toEqual([1, 30])
    expect(weekdayOf(wall('1969-12-31T00:00'))).toBe(3)
  })
})

describe('what people write for a moment', () => {
  test.each([
    ['2022-08-24', '2022-08-24'],
    ['2022-08-24T10:00', '2022-08-24T07:00:00.000Z'],
    ['2022-08-24 10:00', '2022-08-24T07:00:00.000Z'],
    ['2022-08-24T10:00:05.5', '2022-08-24T07:00:05.500Z'],
    ['2022-08-24T10:00Z', '2022-08-24T10:00:00.000Z'],
    ['2022-08-24T10:00:00-02:30', '2022-08-24T12:30:00.000Z'],
    ['2022-03-27T03:30', '2022-03-27T01:30:00.000Z'],
    ['2022-10-30T03:30', '2022-10-30T00:30:00.000Z'],
  ])('%s is %s in Kyiv', (text, instant) => {
    expect(read(text, 'Europe/Kyiv')).toBe(instant)
  })

  test.each([
    '2022-02-30',
    '2022-13-01',
    '24.08.2022',
    '2022-08-24T24:00',
    '2022-08-24T10',
    '2022-08-24T10:00+25:00',
    '0001-01-01',
    '',
  ])('"%s" is not read', (text) => {
    expect(read(text, 'Europe/Kyiv')).toBeUndefined()
  })

  test('an unknown zone is none', () => {
    expect([isTimeZone('Europe/Kyiv'), isTimeZone('Europe/Nowhere'), isTimeZone('')]).toEqual([true, false, false])
  })
})
