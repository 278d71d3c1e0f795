import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openMetricsText } from '../../../src/watch/metrics/metric.js'
import { readOpenMetrics } from './read-open-metrics.js'

describe('metrics as text', () => {
  test('are what a strict reader reads back, whatever a label says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 1e9 }), (config, value) => {
        const text = openMetricsText([
          { name: 'mailsync_calls', type: 'counter', help: `of ${config}`, samples: [{ labels: { config }, value }] },
        ])
        expect(readOpenMetrics(text)).toEqual([{ name: 'mailsync_calls_total', labels: { config }, value }])
      }),
    )
  })

  test.each([
    ['a sample of another family', '# TYPE a gauge\nb 1\n# EOF\n'],
    ['a counter without _total', '# TYPE a counter\na 1\n# EOF\n'],
    ['no end', '# TYPE a gauge\na 1\n'],
    ['a unit that its name has not', '# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n'],
    ['the same sample twice', '# TYPE a gauge\na 1\na 1\n# EOF\n'],
  ])('the reader of the tests refuses %s', (_, text) => expect(() => readOpenMetrics(text)).toThrow())
})
