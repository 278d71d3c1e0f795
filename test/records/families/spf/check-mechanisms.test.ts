import { describe, expect, test } from 'vitest'
import { checkHost } from '../../../../records/families/spf/evaluate/check-host.js'
import { dnsOf, type Zones } from './zones.js'

const check = (record: string, ip: string, zones: Zones = {}) =>
  checkHost({ ip, mailFrom: 'joe@example.com', helo: 'mail.example.net' }, dnsOf({ 'example.com': [record], ...zones }))
const resultOf = async (record: string, ip: string, zones: Zones = {}) => (await check(record, ip, zones)).result

describe('ip4 and ip6 (RFC 7208 §5.6)', () => {
  test.each([
    ['ip4:192.0.2.1', '192.0.2.1', 'pass'],
    ['ip4:192.0.2.1', '192.0.2.2', 'fail'],
    ['ip4:192.0.2.1/32', '192.0.2.2', 'fail'],
    ['ip4:192.0.2.0/24', '192.0.2.255', 'pass'],
    ['ip4:192.0.2.77/24', '192.0.2.1', 'pass'],
    ['ip4:192.0.2.128/25', '192.0.2.127', 'fail'],
    ['ip4:192.0.2.0/31', '192.0.2.1', 'pass'],
    ['ip4:0.0.0.0/0', '203.0.113.9', 'pass'],
    ['ip4:0.0.0.0/0', '2001:db8::1', 'fail'],
    ['ip6:::/0', '192.0.2.1', 'fail'],
    ['ip6:::/0', '2001:db8::1', 'pass'],
    ['ip6:2001:db8::1', '2001:db8::1', 'pass'],
    ['ip6:2001:db8::1', '2001:0DB8:0:0:0:0:0:1', 'pass'],
    ['ip6:2001:DB8::/33', '2001:db8:8000::1', 'fail'],
    ['ip6:2001:db8::/33', '2001:db8:7fff::1', 'pass'],
    ['ip6:2001:db8::192.0.2.1', '2001:db8::c000:201', 'pass'],
    // An IPv4 address in an IPv6 one is an IPv4 address, and only ip4 matches it (§5).
    ['ip4:192.0.2.1', '::ffff:192.0.2.1', 'pass'],
    ['ip4:192.0.2.1', '::FFFF:c000:201', 'pass'],
    ['ip6:::ffff:192.0.2.1', '::ffff:192.0.2.1', 'fail'],
    ['ip6:::ffff:192.0.2.1', '192.0.2.1', 'fail'],
    ['ip6:::ffff:0:0/96', '192.0.2.1', 'fail'],
    ['ip4:192.0.2.1', '::192.0.2.1', 'fail'],
    ['ip6:::192.0.2.1', '::192.0.2.1', 'pass'],
    ['ip6:::192.0.2.0/120', '::c000:2ff', 'pass'],
    ['ip4:192.0.2.0/33', '192.0.2.1', 'permerror'],
    ['ip4:192.0.2.0/032', '192.0.2.1', 'permerror'],
    ['ip4:192.0.2.0//32', '192.0.2.1', 'permerror'],
    ['ip4:192.0.2.1:25', '192.0.2.1', 'permerror'],
    ['ip4:192.0.2.1/', '192.0.2.1', 'permerror'],
    ['ip4:192.0.2.256', '192.0.2.1', 'permerror'],
    ['ip4:192.0.2', '192.0.2.1', 'permerror'],
    ['ip4', '192.0.2.1', 'permerror'],
    ['ip4:', '192.0.2.1', 'permerror'],
    ['ip4:mail.example.com', '192.0.2.1', 'permerror'],
    ['ip6:2001:db8:::1', '2001:db8::1', 'permerror'],
    ['ip6:2001:db8::/129', '2001:db8::1', 'permerror'],
    ['ip6:2001:db8:://64', '2001:db8::1', 'permerror'],
    ['ip6', '2001:db8::1', 'permerror'],
    ['ip6:192.0.2.1', '192.0.2.1', 'permerror'],
    ['ip6:fe80::1%eth0', 'fe80::1', 'permerror'],
  ])('%s -all for %s is %s', async (term, ip, result) => {
    expect(await resultOf(`v=spf1 ${term} -all`, ip)).toBe(result)
  })
})

describe('a (RFC 7208 §5.3)', () => {
  const zones = {
    'example.com': ['A 192.0.2.10', 'AAAA 2001:db8::10'],
    'host.example.net': ['A 192.0.2.20', 'A 192.0.2.21', 'AAAA 2001:db8::20'],
    'alias.example.net': ['CNAME host.example.net'],
    'four.example.net': ['A 192.0.2.30'],
    'mapped.example.net': ['AAAA ::ffff:192.0.2.40'],
    'broken.example.net': ['failure A', 'AAAA 2001:db8::50'],
    'any.example.net': ['A 0.0.0.0'],
    localhost: ['A 127.0.0.1'],
  }
  const withRecord = (record: string) => ({ ...zones, 'example.com': [record, ...zones['example.com']] })
  test.each([
    ['a', '192.0.2.10', 'pass'],
    ['a', '192.0.2.11', 'fail'],
    ['a/24', '192.0.2.99', 'pass'],
    ['a/0', '203.0.113.1', 'pass'],
    ['a/0', '2001:db8::99', 'fail'],
    ['a//0', '2001:db8:9::1', 'pass'],
    ['a//0', '192.0.2.99', 'fail'],
    ['a/24//64', '2001:db8::99', 'pass'],
    ['a/24//128', '2001:db8::99', 'fail'],
    ['a//64', '192.0.2.99', 'fail'],
    ['a:host.example.net', '192.0.2.21', 'pass'],
    ['a:host.example.net', '2001:db8::20', 'pass'],
    ['A:HOST.example.NET', '192.0.2.20', 'pass'],
    ['a:host.example.net.', '192.0.2.20', 'pass'],
    ['a:host.example.net/30', '192.0.2.22', 'pass'],
    ['a:alias.example.net', '192.0.2.20', 'pass'],
    ['a:host.example.net', '::ffff:192.0.2.20', 'pass'],
    ['a:mapped.example.net', '192.0.2.40', 'fail'],
    ['a:mapped.example.net', '::ffff:192.0.2.40', 'fail'],
    ['a:four.example.net', '2001:db8::30', 'fail'],
    ['a:nothing.example.net', '192.0.2.1', 'fail'],
    ['a:broken.example.net', '192.0.2.1', 'temperror'],
    ['a:broken.example.net', '2001:db8::50', 'pass'],
    ['a:any.example.net/0', '192.0.2.1', 'pass'],
    ['a:_dmarc.a-b.1x', '192.0.2.1', 'fail'],
    // Its syntax is judged before its macros are expanded; what they make no name of matches nobody (§4.8).
    ['a:%{h}', '192.0.2.1', 'fail'],
    ['a:%{l}', '192.0.2.1', 'fail'],
    ['a:..example.com', '192.0.2.1', 'fail'],
    ['a:example..com', '192.0.2.1', 'fail'],
    [`a:${'a'.repeat(64)}.example.com`, '192.0.2.1', 'fail'],
    ['a:localhost', '127.0.0.1', 'permerror'],
    ['a:', '192.0.2.10', 'permerror'],
    ['a:192.0.2.10', '192.0.2.10', 'permerror'],
    ['a:example.com:8080', '192.0.2.10', 'permerror'],
    ['a:museum', '192.0.2.10', 'permerror'],
    ['a:example.-com', '192.0.2.10', 'permerror'],
    ['a:example.com-', '192.0.2.10', 'permerror'],
    ['a:example.c_m', '192.0.2.10', 'permerror'],
    ['a/33', '192.0.2.10', 'permerror'],
    ['a//129', '192.0.2.10', 'permerror'],
    ['a/', '192.0.2.10', 'permerror'],
    ['a//', '192.0.2.10', 'permerror'],
    ['a/24/64', '192.0.2.10', 'permerror'],
    ['a//64/24', '192.0.2.10', 'permerror'],
    ['a/024', '192.0.2.10', 'permerror'],
    ['a=example.com', '192.0.2.10', 'fail'],
  ])('%s -all for %s is %s', async (term, ip, result) => {
    expect(await resultOf('', ip, withRecord(`v=spf1 ${term} -all`))).toBe(result)
  })

  test('asks for the one type of address that the client has', async () => {
    const dns = dnsOf(withRecord('v=spf1 a:host.example.net -all'))
    await checkHost({ ip: '2001:db8::1', mailFrom: 'joe@example.com' }, dns)
    expect(dns.asked).toEqual(['TXT example.com', 'AAAA host.example.net'])
  })
})

describe('mx (RFC 7208 §5.4)', () => {
  const zones = {
    'example.com': ['MX 10 mail.example.com', 'A 192.0.2.10'],
    'mail.example.com': ['A 192.0.2.11', 'AAAA 2001:db8::11'],
    'two.example.net': ['MX 10 mail.example.com.', 'MX 20 backup.example.net'],
    'backup.example.net': ['A 192.0.2.22'],
    'implicit.example.net': ['A 192.0.2.33'],
    'null.example.net': ['MX 0 .'],
    'empty.example.net': ['MX 10 nothing.example.net', 'MX 20 mail.example.com'],
    'broken.example.net': ['failure'],
    'half.example.net': ['MX 10 mail.example.com', 'MX 20 broken.example.net'],
  }
  const withRecord = (record: string) => ({ ...zones, 'example.com': [record, ...zones['example.com']] })
  test.each([
    ['mx', '192.0.2.11', 'pass'],
    ['mx', '192.0.2.10', 'fail'],
    ['MX', '2001:db8::11', 'pass'],
    ['mx/24', '192.0.2.99', 'pass'],
    ['mx//64', '2001:db8::99', 'pass'],
    ['mx/24//64', '2001:db8::99', 'pass'],
    ['mx:two.example.net', '192.0.2.22', 'pass'],
    ['mx:two.example.net', '192.0.2.11', 'pass'],
    ['mx:empty.example.net', '192.0.2.11', 'pass'],
    ['mx:implicit.example.net', '192.0.2.33', 'fail'],
    ['mx:null.example.net', '192.0.2.1', 'fail'],
    ['mx:nothing.example.net', '192.0.2.1', 'fail'],
    ['mx:broken.example.net', '192.0.2.1', 'temperror'],
    ['mx:half.example.net', '192.0.2.11', 'pass'],
    ['mx:half.example.net', '192.0.2.12', 'temperror'],
    ['mx:', '192.0.2.1', 'permerror'],
    ['mx:localhost', '192.0.2.1', 'permerror'],
    ['mx/33', '192.0.2.1', 'permerror'],
    ['mx//', '192.0.2.1', 'permerror'],
    ['mx:%{h}', '192.0.2.1', 'fail'],
  ])('%s -all for %s is %s', async (term, ip, result) => {
    expect(await resultOf('', ip, withRecord(`v=spf1 ${term} -all`))).toBe(result)
  })
})

describe('ptr (RFC 7208 §5.5)', () => {
  const zones = {
    '10.2.0.192.in-addr.arpa': ['PTR mail.example.com', 'PTR liar.example.net'],
    'mail.example.com': ['A 192.0.2.10', 'AAAA 2001:db8::10'],
    'liar.example.net': ['A 192.0.2.99'],
    '0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa': ['PTR MAIL.example.com.'],
    '11.2.0.192.in-addr.arpa': ['failure'],
    '12.2.0.192.in-addr.arpa': ['PTR broken.example.com', 'PTR good.example.com'],
    'broken.example.com': ['failure'],
    'good.example.com': ['A 192.0.2.12'],
    '13.2.0.192.in-addr.arpa': ['PTR notexample.com'],
    'notexample.com': ['A 192.0.2.13'],
    '14.2.0.192.in-addr.arpa': ['PTR example.com'],
    '15.2.0.192.in-addr.arpa': ['PTR ..', 'PTR good15.example.com'],
    'good15.example.com': ['A 192.0.2.15'],
  }
  const withRecord = (record: string) => ({ ...zones, 'example.com': [record, 'A 192.0.2.14'] })
  test.each([
    ['ptr', '192.0.2.10', 'pass'],
    ['PTR', '2001:db8::10', 'pass'],
    ['ptr:example.com', '192.0.2.10', 'pass'],
    ['ptr:EXAMPLE.com.', '192.0.2.10', 'pass'],
    ['ptr:mail.example.com', '192.0.2.10', 'pass'],
    ['ptr:example.net', '192.0.2.10', 'fail'],
    ['ptr:other.example', '192.0.2.10', 'fail'],
    ['ptr', '192.0.2.14', 'pass'],
    ['ptr', '192.0.2.13', 'fail'],
    ['ptr', '192.0.2.200', 'fail'],
    // An error of DNS is no match (§5.5), at the PTR and at each of its names.
    ['ptr', '192.0.2.11', 'fail'],
    ['ptr', '192.0.2.12', 'pass'],
    ['ptr', '192.0.2.15', 'pass'],
    ['ptr:', '192.0.2.10', 'permerror'],
    ['ptr/24', '192.0.2.10', 'permerror'],
    ['ptr:localhost', '192.0.2.10', 'permerror'],
    ['ptr:example.com/24', '192.0.2.10', 'permerror'],
  ])('%s -all for %s is %s', async (term, ip, result) => {
    expect(await resultOf('', ip, withRecord(`v=spf1 ${term} -all`))).toBe(result)
  })
})

describe('exists (RFC 7208 §5.7)', () => {
  const zones = {
    'there.example.net': ['A 127.0.0.2'],
    'six.example.net': ['AAAA 2001:db8::1'],
    'mx.example.net': ['MX 10 there.example.net'],
    'broken.example.net': ['failure'],
    '1.2.0.192.list.example.net': ['A 127.0.0.2'],
  }
  test.each([
    ['exists:there.example.net', '192.0.2.1', 'pass'],
    ['exists:there.example.net', '2001:db8::1', 'pass'],
    ['EXISTS:THERE.example.net.', '192.0.2.1', 'pass'],
    ['exists:six.example.net', '2001:db8::1', 'fail'],
    ['exists:mx.example.net', '192.0.2.1', 'fail'],
    ['exists:nothing.example.net', '192.0.2.1', 'fail'],
    ['exists:broken.example.net', '192.0.2.1', 'temperror'],
    ['exists:%{ir}.list.example.net', '192.0.2.1', 'pass'],
    ['exists:%{ir}.list.example.net', '192.0.2.2', 'fail'],
    ['exists', '192.0.2.1', 'permerror'],
    ['exists:', '192.0.2.1', 'permerror'],
    ['exists:there.example.net/24', '192.0.2.1', 'permerror'],
  ])('%s -all for %s is %s', async (term, ip, result) => {
    expect(await resultOf(`v=spf1 ${term} -all`, ip, zones)).toBe(result)
  })
})

describe('include (RFC 7208 §5.2)', () => {
  const zones = {
    'pass.example.net': ['v=spf1 ip4:192.0.2.1 -all'],
    'soft.example.net': ['v=spf1 ~all'],
    'neutral.example.net': ['v=spf1 ?all'],
    'open.example.net': ['v=spf1 +all'],
    'none.example.net': ['some text'],
    'two.example.net': ['v=spf1 -all', 'v=spf1 -all'],
    'wrong.example.net': ['v=spf1 ip4:192.0.2.1 nonsense'],
    'broken.example.net': ['failure'],
    'deep.example.net': ['v=spf1 include:broken.example.net -all'],
    'led.example.net': ['v=spf1 redirect=pass.example.net'],
  }
  test.each([
    ['include:pass.example.net', '192.0.2.1', 'pass'],
    ['INCLUDE:PASS.example.net', '192.0.2.1', 'pass'],
    ['include:pass.example.net', '192.0.2.2', 'fail'],
    ['-include:pass.example.net +all', '192.0.2.1', 'fail'],
    ['?include:pass.example.net', '192.0.2.1', 'neutral'],
    ['~include:open.example.net', '192.0.2.2', 'softfail'],
    ['include:soft.example.net', '192.0.2.2', 'fail'],
    ['include:neutral.example.net', '192.0.2.2', 'fail'],
    ['include:led.example.net', '192.0.2.1', 'pass'],
    ['include:led.example.net', '192.0.2.2', 'fail'],
    ['include:none.example.net', '192.0.2.1', 'permerror'],
    ['include:nothing.example.net', '192.0.2.1', 'permerror'],
    ['include:two.example.net', '192.0.2.1', 'permerror'],
    ['include:wrong.example.net', '192.0.2.1', 'permerror'],
    ['include:broken.example.net', '192.0.2.1', 'temperror'],
    ['include:deep.example.net', '192.0.2.1', 'temperror'],
    ['include:example.com', '192.0.2.1', 'permerror'],
    ['include', '192.0.2.1', 'permerror'],
    ['include:', '192.0.2.1', 'permerror'],
    ['include:pass.example.net/24', '192.0.2.1', 'permerror'],
    ['include:%{h1}', '192.0.2.1', 'permerror'],
    ['ip4:192.0.2.1 include:nothing.example.net', '192.0.2.1', 'pass'],
  ])('%s -all for %s is %s', async (term, ip, result) => {
    expect(await resultOf(`v=spf1 ${term} -all`, ip, zones)).toBe(result)
  })

  test('says which record is at fault', async () => {
    const { tree } = await check('v=spf1 include:deep.example.net -all', '192.0.2.1', zones)
    expect(tree).toMatchObject({
      result: 'temperror',
      why: 'TXT of broken.example.net could not be looked up: SERVFAIL (RFC 7208 §2.6.6)',
    })
    const none = await check('v=spf1 include:none.example.net -all', '192.0.2.1', zones)
    expect(none.tree.why).toBe(
      'include:none.example.net: none.example.net has no SPF record (RFC 7208 §4.5) (RFC 7208 §5.2)',
    )
  })
})
