import { describe, expect, test } from 'vitest'
import { readLimits } from '../../../providers/calls/read-limits.js'

const NOW = Date.parse('2026-11-27T12:00:00Z')
const seen = (headers: Record<string, string>) => readLimits(new Headers(headers), NOW)

describe('what a reply tells of the calls that are left', () => {
  test.each<[string, Record<string, string>, ...object[]]>([
    [
      'Cloudflare, with the policy',
      { ratelimit: '"default";r=340;t=120', 'ratelimit-policy': '"default";q=1200;w=300' },
      { left: 340, until: NOW + 120_000, limit: 1200, window: 300 },
    ],
    ['Cloudflare, without it', { ratelimit: '"default";r=50;t=30' }, { left: 50, until: NOW + 30_000 }],
    [
      'two windows, as a call has to fit into both',
      {
        ratelimit: '"day";r=900;t=4000, "burst";r=3;t=2',
        'ratelimit-policy': '"burst";q=10;w=5, "day";q=1000;w=86400',
      },
      { left: 900, until: NOW + 4_000_000, limit: 1000, window: 86_400 },
      { left: 3, until: NOW + 2000, limit: 10, window: 5 },
    ],
    [
      'parameters in any order, with some that nobody knows',
      { ratelimit: '"a, b" ; t=9;pk=:abc=: ; r=1' },
      { left: 1, until: NOW + 9000 },
    ],
    [
      'DigitalOcean, with a time',
      { 'ratelimit-limit': '5000', 'ratelimit-remaining': '4816', 'ratelimit-reset': String(NOW / 1000 + 600) },
      { left: 4816, until: NOW + 600_000, limit: 5000 },
    ],
    [
      'Linode, with X- in front',
      { 'x-ratelimit-limit': '200', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 7) },
      { left: 0, until: NOW + 7000, limit: 200 },
    ],
    [
      'seconds from now, and windows behind the limit',
      { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '12', 'ratelimit-reset': '50' },
      { left: 12, until: NOW + 50_000, limit: 100 },
    ],
  ])('%s', (_, headers, ...expected) => expect(seen(headers)).toEqual(expected))

  test.each<[string, Record<string, string>]>([
    ['no header', {}],
    ['how many, and not until when', { 'ratelimit-remaining': '3' }],
    ['no number', { 'ratelimit-remaining': 'many', 'ratelimit-reset': '7' }],
    ['below zero', { 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '7' }],
    ['an item without a window', { ratelimit: '"default";r=50' }],
    ['a name without quotes', { ratelimit: 'default;r=50;t=30' }],
    ['nothing that means anything', { ratelimit: '";;;"' }],
    ['a window that ends after the last day there is', { ratelimit: '"default";r=0;t=999999999999999' }],
    ['a time that is no day any more', { 'ratelimit-remaining': '0', 'ratelimit-reset': '999999999999999' }],
  ])('%s: nothing is known', (_, headers) => expect(seen(headers)).toEqual([]))

  test('a header without end is not read', () => {
    expect(seen({ ratelimit: '"default";r=50;t=30,'.repeat(500) })).toEqual([])
  })
})
