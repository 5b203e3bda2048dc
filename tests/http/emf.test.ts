// The metric lines that CloudWatch reads from the log.
import { afterEach, expect, test, vi } from 'vitest'
import { writeMetric } from '../../lib/lambda/emf.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const linesOf = (write: () => void): Record<string, unknown>[] => {
  const spy = vi.spyOn(console, 'log').mockImplementation(() => {})
  write()
  return spy.mock.calls.map(([line]) => JSON.parse(String(line)))
}

test('on AWS a value is one line in the embedded metric format, under the shop’s name', () => {
  vi.stubEnv('KRAM_BACKEND', 'aws')
  vi.stubEnv('KRAM_BUS', 'kram-prod')
  const [line, ...more] = linesOf(() => writeMetric('PromoFaults', 1, 'promos_failed'))
  expect(more).toEqual([])
  expect(line).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'Kram',
          Dimensions: [['Shop'], ['Shop', 'Kind']],
          Metrics: [{ Name: 'PromoFaults', Unit: 'Count' }],
        },
      ],
    },
    Shop: 'kram-prod',
    Kind: 'promos_failed',
    PromoFaults: 1,
  })
})

test('in the embedded run nothing is written', () => {
  vi.stubEnv('KRAM_BACKEND', 'embedded')
  expect(linesOf(() => writeMetric('OutboxAge', 3))).toEqual([])
})
