// Windows of time that look like the clock's and are not, or are in part.
import { line } from '../support/facts.ts'
import { inWindow, joined, now, type OpenCase, testLeftOpen } from '../support/rules-left-open.ts'

const cases: OpenCase[] = [
  {
    name: 'the window of another type',
    when: [{ fact: 'line', where: inWindow }],
    facts: [now, line({ at: 20 })],
    times: 0,
  },
  { name: 'the time of another type', when: [{ fact: 'line', where: inWindow }], facts: [line({ at: 6 })], times: 1 },
  {
    name: 'a time that is bound',
    when: [{ fact: 'now', where: inWindow, bind: { x: 'other' } }],
    facts: [now],
    times: 1,
  },
  {
    name: 'a time that is bound, where there is none',
    when: [{ fact: 'now', where: inWindow, bind: { x: 'none' } }],
    facts: [now],
    times: 0,
  },
  {
    name: 'a time that a variable bounds',
    when: [joined, { fact: 'now', where: [{ path: 'at', gte: { var: 'x' }, lt: 100 }] }],
    facts: [now, line({ n: 11 }), line({ n: 9 })],
    times: 1,
  },
  {
    name: 'another attribute',
    when: [{ fact: 'now', where: [{ path: 'other', gte: 5, lt: 15 }] }],
    facts: [now],
    times: 0,
  },
  { name: 'an attribute inside', when: [{ fact: 'now', where: [{ path: 'at.at', gte: 5 }] }], facts: [now], times: 0 },
  {
    name: 'an attribute inside another',
    when: [{ fact: 'now', where: [{ path: 'of.at', gte: 5 }] }],
    facts: [now],
    times: 0,
  },
  {
    name: 'an attribute outside the clock',
    when: [{ fact: 'now', where: [{ path: 'at', gte: 5 }] }],
    facts: [now],
    times: 1,
    clock: 'of.at',
  },
  {
    name: 'one beside that of the clock',
    when: [{ fact: 'now', where: [{ path: 'of.to', gte: 1 }] }],
    facts: [now],
    times: 0,
    clock: 'of.at',
  },
  {
    name: 'the clock inside another',
    when: [{ fact: 'now', where: [{ path: 'of.at', gte: 3, lt: 4 }] }],
    facts: [now],
    times: 1,
    clock: 'of.at',
  },
  {
    name: 'a window and another test',
    when: [{ fact: 'now', where: [...inWindow, { path: 'other', lt: 50 }] }],
    facts: [now],
    times: 0,
  },
  {
    name: 'a choice of windows',
    when: [
      {
        fact: 'now',
        where: [
          {
            any: [
              { path: 'at', lt: 5 },
              { path: 'at', gte: 15 },
            ],
          },
        ],
      },
    ],
    facts: [now],
    times: 0,
  },
  { name: 'no window', when: [{ fact: 'now', where: [{ not: { path: 'at', gte: 5 } }] }], facts: [now], times: 0 },
  {
    name: 'a time that is worked out',
    when: [{ fact: 'now', where: [{ value: { add: [{ path: 'at' }, 10] }, lt: 15 }] }],
    facts: [now],
    times: 0,
  },
  { name: 'not this time', when: [{ fact: 'now', where: [{ path: 'at', ne: 10 }] }], facts: [now], times: 0 },
  { name: 'a time as text', when: [{ fact: 'now', where: [{ path: 'at', gte: '5' }] }], facts: [now], times: 0 },
  { name: 'any time', when: [{ fact: 'now' }], facts: [now], times: 1 },
  { name: 'any time, twice', when: [{ fact: 'now' }], facts: [now, { ...now }], times: 2 },
  {
    name: 'a window, of two times',
    when: [{ fact: 'now', where: inWindow }],
    facts: [now, { ...now, at: 20 }],
    times: 1,
  },
  { name: 'a window, of no time', when: [{ fact: 'now', where: inWindow }], facts: [line({ at: 6 })], times: 0 },
  { name: 'outside a window', when: [{ not: { fact: 'now', where: inWindow } }], facts: [now], times: 0 },
  {
    name: 'outside a window, by time',
    when: [{ not: { fact: 'now', where: inWindow } }],
    facts: [{ ...now, at: 4 }],
    times: 1,
  },
  {
    name: 'within two windows',
    when: [
      { fact: 'now', where: inWindow },
      { fact: 'now', where: [{ path: 'at', gte: 8, lt: 10 }] },
    ],
    facts: [now],
    times: 0,
  },
  {
    name: 'within the later of two',
    when: [
      { fact: 'now', where: inWindow },
      { fact: 'now', where: [{ path: 'at', gte: 10, lt: 30 }] },
    ],
    facts: [now],
    times: 1,
  },
  {
    name: 'after the earlier of two',
    when: [
      { fact: 'now', where: inWindow },
      { fact: 'now', where: [{ path: 'at', gte: 1, lt: 30 }] },
    ],
    facts: [{ ...now, at: 16 }],
    times: 0,
  },
  {
    name: 'in one of two windows',
    when: [{ any: [{ fact: 'now', where: inWindow }, { fact: 'line' }] }],
    facts: [now],
    times: 1,
  },
]

testLeftOpen(cases)
