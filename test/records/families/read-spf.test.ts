import { describe, expect, test } from 'vitest'
import { families } from '../../../records/families/index.js'
import { lookupsOf, readSpf } from '../../../records/families/spf/read-spf.js'

const { spf } = families
const sections = (text: string) => readSpf(text).faults.map(({ section }) => section)

describe('an SPF that receivers can evaluate', () => {
  test.each([
    ['v=spf1', 'v=spf1'],
    ['V=SPF1 -ALL', 'v=spf1 -all'],
    ['v=spf1  +a  -all ', 'v=spf1 a -all'],
    ['v=spf1 a/24 mx:mail.example.com/32//64 ~all', 'v=spf1 a/24 mx:mail.example.com//64 ~all'],
    ['v=spf1 ip4:192.0.2.7/24 ip6:2001:DB8::1/32 ?all', 'v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ?all'],
    ['v=spf1 ip4:192.0.2.1/32 ip6:::1/128 -all', 'v=spf1 ip4:192.0.2.1 ip6:::1 -all'],
    ['v=spf1 ip4:0.0.0.0/0 -all', 'v=spf1 ip4:0.0.0.0/0 -all'],
    ['v=spf1 ptr ptr:example.com. -all', 'v=spf1 ptr ptr:example.com. -all'],
    ['v=spf1 include:%{ir}.%{v}.arpa._spf.%{d2} -all', 'v=spf1 include:%{ir}.%{v}.arpa._spf.%{d2} -all'],
    ['v=spf1 exists:%{l1r+-}%%%_%-.%{o} -all', 'v=spf1 exists:%{l1r+-}%%%_%-.%{o} -all'],
    ['v=spf1 redirect=_spf.example.com', 'v=spf1 redirect=_spf.example.com'],
    ['v=spf1 -all exp=why.example.com', 'v=spf1 -all exp=why.example.com'],
    ['v=spf1 redirect=_spf.example.com -all', 'v=spf1 -all'],
    ['v=spf1 x-note=%{d}/a -all', 'v=spf1 -all x-note=%{d}/a'],
    [
      'v=spf1 include:xn--bcher-kva.example include:a.b-2 -all',
      'v=spf1 include:xn--bcher-kva.example include:a.b-2 -all',
    ],
  ])('%s', (text, written) => {
    const { value, faults } = readSpf(text)
    expect(faults).toEqual([])
    expect(value && spf.write(value)).toBe(written)
  })
})

describe('one wrong term makes all of it a permerror, with its section', () => {
  test.each([
    ['v=spf10 -all', '§4.5'],
    [' v=spf1 -all', '§4.5'],
    ['v=spf1\t-all', '§4.5'],
    ['v=spf1 a\t-all', '§5.3'],
    ['v=spf1 a\u00a0mx -all', '§5.3'],
    ['v=spf1 all: ', '§5.1'],
    ['v=spf1 include -all', '§5.2'],
    ['v=spf1 include:localhost -all', '§5.2'],
    ['v=spf1 include:192.0.2.1 -all', '§5.2'],
    ['v=spf1 include:192.0.2.0/24 -all', '§5.2'],
    ['v=spf1 include:bücher.example -all', '§5.2'],
    ['v=spf1 a:192.0.2.1 -all', '§5.3'],
    ['v=spf1 a/08 -all', '§5.3'],
    ['v=spf1 a/33 -all', '§5.3'],
    ['v=spf1 mx//129 -all', '§5.4'],
    ['v=spf1 mx.example.com -all', '§5.4'],
    ['v=spf1 ptr/24 -all', '§5.5'],
    ['v=spf1 ip4:192.0.2.0/08 -all', '§5.6'],
    ['v=spf1 ip4:192.0.2 -all', '§5.6'],
    ['v=spf1 ip4:192.0.02.1 -all', '§5.6'],
    ['v=spf1 ip4:2001:db8::1 -all', '§5.6'],
    ['v=spf1 ip6:192.0.2.1 -all', '§5.6'],
    ['v=spf1 ip6:2001:db8::/129 -all', '§5.6'],
    ['v=spf1 exists:%{z}.example.com -all', '§5.7'],
    ['v=spf1 exists:%{c}.example.com -all', '§5.7'],
    ['v=spf1 exists:%{d0}.example.com -all', '§5.7'],
    ['v=spf1 exists:%(d).example.com -all', '§5.7'],
    ['v=spf1 ipv4:192.0.2.1 -all', '§4.6.1'],
    ['v=spf1 -all ipv4:192.0.2.1', '§4.6.1'],
    ['v=spf1 redirect=a.example redirect=b.example', '§6'],
    ['v=spf1 -all exp=a.example exp=b.example', '§6'],
    ['v=spf1 redirect=', '§6'],
    ['v=spf1 note=%x -all', '§12'],
  ])('%j', (text, section) => {
    expect(readSpf(text).value).toBeUndefined()
    expect(sections(text)).toContain(`RFC 7208 ${section}`)
  })

  test('every wrong term is told', () => {
    expect(sections('v=spf1 ip4:1 include:x a/99 -all')).toEqual(['RFC 7208 §5.6', 'RFC 7208 §5.2', 'RFC 7208 §5.3'])
  })

  test('what no record can hold is not looked at', () => {
    expect(sections(`v=spf1 ${'a '.repeat(40_000)}-all`)).toEqual(['RFC 1035 §3.2.1'])
  })
})

test('look-ups are counted as far as receivers get', () => {
  const kinds = (text: string) => {
    const { value } = readSpf(text)
    return value && lookupsOf(value).map(({ kind, target }) => `${kind} ${target ?? ''}`.trim())
  }
  expect(kinds('v=spf1 a mx:b.example ip4:192.0.2.1 include:C.example exists:%{i}.d.example ptr')).toEqual([
    'a',
    'mx b.example.',
    'include c.example.',
    'exists',
    'ptr',
  ])
  expect(kinds('v=spf1 -all include:c.example redirect=d.example')).toEqual([])
  expect(kinds('v=spf1 redirect=d.example')).toEqual(['redirect d.example.'])
})
