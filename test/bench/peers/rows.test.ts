import { expect, test } from 'vitest'
import { renderRows } from './rows.js'

const took = (cpu: number, wall: number) => ({ cpu, wall, memory: 99.6 })

test('what others took stands beside what mailsync took, and a failure in its place', () => {
  const table = renderRows([
    { what: 'plan', peer: 'mailsync', result: took(2, 1), calls: 102 },
    { what: 'plan', peer: 'octoDNS', result: took(5, 12.5), calls: 300 },
    { what: 'plan', peer: 'dnscontrol', result: 'failed: exit code 1: no such zone' },
  ])
  expect(table.split('\n').slice(2)).toEqual([
    '| plan | mailsync | 2.00 | 1.00 | 100 | 102 |',
    '| plan | octoDNS | 5.00 (2.5 ×) | 12.50 (12.5 ×) | 100 | 300 |',
    '| plan | dnscontrol | failed: exit code 1: no such zone |  |  |  |',
    '',
  ])
})

test('without figures of mailsync there is nothing to stand beside', () => {
  const table = renderRows([
    { what: 'plan', peer: 'mailsync', result: 'failed: exit code 70' },
    { what: 'plan', peer: 'octoDNS', result: took(5, 12.5) },
  ])
  expect(table).toContain('| plan | octoDNS | 5.00 | 12.50 | 100 |  |')
})
