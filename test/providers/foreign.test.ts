import { describe, expect, test } from 'vitest'
import { absoluteName } from '../../providers/foreign.js'
import { ownerName, rdataOf } from '../../providers/hetzner/convert.js'
import { nameOf } from '../../providers/powerdns/convert.js'
import { fromNativeName } from '../../providers/route53/spelling.js'
import type { Name } from '../../records/rr/name.js'

const ZONE = 'example.com.' as Name

describe('a name in which an API has odd octets bare', () => {
  test.each<[string, (text: string) => unknown, string]>([
    ['Cloudflare', absoluteName, 'example.com'],
    ['Hetzner, an owner', (text) => ownerName(text, ZONE), ''],
    ['Hetzner, a target', (text) => rdataOf('CNAME', text, ZONE), ''],
    ['PowerDNS', nameOf, 'example.com.'],
    ['Route 53', fromNativeName, 'example.com.'],
  ])('%s: has them escaped, as any name', (_, read, zone) => {
    const rest = zone === '' ? '' : `.${zone}`
    expect(read(`\u001b[31m\u202ea${rest}`)).toBe('\\027[31m\\226\\128\\174a.example.com.')
  })

  test('that are escaped already: as it is', () => {
    expect(absoluteName('a\\.b\\032c.example.com')).toBe('a\\.b\\032c.example.com.')
    expect(nameOf('a\\032b.example.com.')).toBe('a\\032b.example.com.')
  })
})
