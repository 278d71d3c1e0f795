import { describe, expect, test } from 'vitest'
import { families } from '../../../records/families/index.js'
import { compiled, serving } from './compiled.js'

const ZONES = serving('example.com', '2.0.192.in-addr.arpa', '8.b.d.0.1.0.0.2.ip6.arpa')
const V6 = '0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.'

describe('a host', () => {
  test('has its addresses as A and AAAA, a PTR each, and an SPF for the HELO check', async () => {
    const { records, manual } = await compiled(`${ZONES}
hosts: { mail.example.com: { addresses: [192.0.2.11, "2001:DB8:0::10", 192.0.2.10] } }
domains: {}`)
    expect(records()).toEqual([
      '10.2.0.192.in-addr.arpa. PTR mail.example.com.',
      '11.2.0.192.in-addr.arpa. PTR mail.example.com.',
      `${V6} PTR mail.example.com.`,
      'mail.example.com. A 192.0.2.10',
      'mail.example.com. A 192.0.2.11',
      'mail.example.com. AAAA 2001:db8::10',
      'mail.example.com. TXT v=spf1 a -all',
    ])
    expect(manual).toEqual([])
  })

  test('has its own TTL, else the default one', async () => {
    const { zones } = await compiled(`${ZONES}
defaults: { ttl: 900 }
hosts: { a.example.com: { addresses: [192.0.2.1], ttl: 60 }, b.example.com: { addresses: [192.0.2.2] } }
domains: {}`)
    const ttls = [...zones.values()].flat().map(({ rrset }) => `${rrset.name} ${rrset.type} ${rrset.ttl}`)
    expect(ttls).toContain('a.example.com. A 60')
    expect(ttls).toContain('1.2.0.192.in-addr.arpa. PTR 60')
    expect(ttls).toContain('b.example.com. TXT 900')
  })

  test('has a TTL by record where it says so, and of the others its default, else that of the spec', async () => {
    const ttls = async (ttl: string) => {
      const { zones } = await compiled(`${ZONES}
defaults: { ttl: 900 }
hosts: { a.example.com: { addresses: [192.0.2.1, "2001:db8::1"], ttl: ${ttl} } }
domains: {}`)
      return [...zones.values()].flat().map(({ rrset }) => `${rrset.type} ${rrset.ttl}`)
    }
    expect(await ttls('{ aaaa: 60, ptr: 86400 }')).toEqual(
      expect.arrayContaining(['A 900', 'AAAA 60', 'PTR 86400', 'TXT 900']),
    )
    expect(await ttls('{ default: 5, a: 0 }')).toEqual(expect.arrayContaining(['A 0', 'AAAA 5', 'PTR 5', 'TXT 5']))
  })

  test('owns its address RRsets whole, and of TXT its own value only', async () => {
    const { zones } = await compiled(`${ZONES}
hosts: { mail.example.com: { addresses: [192.0.2.10] } }
domains: {}`)
    const scopes = [...zones.values()]
      .flat()
      .map(({ rrset, purpose }) => [rrset.type, families[purpose].isOwn?.('v=spf1 a -all', rrset.type) ?? 'whole'])
    expect(scopes).toEqual([
      ['PTR', 'whole'],
      ['A', 'whole'],
      ['TXT', true],
    ])
  })

  test('behind NAT says so in its HELO SPF, and has no record for addresses that are not its own', async () => {
    const { records } = await compiled(`${ZONES}
hosts: { nat.example.com: { egress: [198.51.100.7] }, mail.example.com: { addresses: [192.0.2.10], egress: [198.51.100.8] } }
domains: {}`)
    expect(records('spf')).toEqual([
      'mail.example.com. TXT v=spf1 a ip4:198.51.100.8 -all',
      'nat.example.com. TXT v=spf1 ip4:198.51.100.7 -all',
    ])
    expect(records('A')).toEqual(['mail.example.com. A 192.0.2.10'])
    expect(records('PTR')).toEqual(['10.2.0.192.in-addr.arpa. PTR mail.example.com.'])
  })

  test('with helo_spf: false has no SPF of its own', async () => {
    const { records } = await compiled(`${ZONES}
hosts: { mail.example.com: { addresses: [192.0.2.10], helo_spf: false } }
domains: {}`)
    expect(records('spf')).toEqual([])
  })

  test('that is a mail domain itself has one SPF, the domain’s', async () => {
    const { records } = await compiled(`${ZONES}
hosts: { example.com: { addresses: [192.0.2.10] } }
domains: { example.com: { mx: [example.com] } }`)
    expect(records('spf')).toEqual(['example.com. TXT v=spf1 ip4:192.0.2.10 ~all'])
  })

  test('that is a mail domain without SPF keeps its own', async () => {
    const { records } = await compiled(`${ZONES}
hosts: { example.com: { addresses: [192.0.2.10] } }
domains: { example.com: { mx: [example.com], spf: false } }`)
    expect(records('spf')).toEqual(['example.com. TXT v=spf1 a -all'])
  })

  test('whose name nobody here serves is a manual step, its SPF too, and its PTR is not', async () => {
    const { records, manual } = await compiled(`${ZONES}
hosts: { mail.example.net: { addresses: [192.0.2.10] } }
domains: {}`)
    expect(records()).toEqual(['10.2.0.192.in-addr.arpa. PTR mail.example.net.'])
    expect(manual.map(({ what }) => what)).toEqual([
      'publish mail.example.net. A 192.0.2.10, at whoever serves the name',
      'publish mail.example.net. TXT "v=spf1 a -all", at whoever serves the name',
    ])
  })
})

describe('the PTR', () => {
  const manualPtr =
    'set the PTR of 192.0.2.10 to mail.example.com, at whoever gave you the address (PTR name: 10.2.0.192.in-addr.arpa.)'

  const specWith = (zone: string, reverse: string) => `
providers: { dns: { class: yaml }, other: { class: yaml } }
zones: { example.com: { targets: [dns] }, ${zone}: { targets: [dns, other] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: ${reverse} } }
domains: {}`

  test.each([
    ['2.0.192.in-addr.arpa', '10.2.0.192.in-addr.arpa.'],
    ['192.in-addr.arpa', '10.2.0.192.in-addr.arpa.'],
    ['0/25.2.0.192.in-addr.arpa', '10.0/25.2.0.192.in-addr.arpa.'],
    ['0-25.2.0.192.in-addr.arpa', '10.0-25.2.0.192.in-addr.arpa.'],
    ['0-127.2.0.192.in-addr.arpa', '10.0-127.2.0.192.in-addr.arpa.'],
  ])('in the zone %s is at %s', async (zone, name) => {
    const { records, manual } = await compiled(specWith(zone, 'auto'))
    expect(records('PTR')).toEqual([`${name} PTR mail.example.com.`])
    const led = manual.flatMap(({ rrset }) => `${rrset.name} ${rrset.type} ${rrset.rdata[0]}`)
    expect(led).toEqual(/^\d+[/-]/.test(zone) ? [`10.2.0.192.in-addr.arpa. CNAME ${name}`] : [])
  })

  test('is a manual step where no declared zone covers the address', async () => {
    const { records, manual } = await compiled(specWith('128/25.2.0.192.in-addr.arpa', 'auto'))
    expect(records('PTR')).toEqual([])
    expect(manual.map(({ what }) => what)).toEqual([manualPtr])
  })

  test('is a manual step with reverse: manual, even where a zone would cover it', async () => {
    const { records, manual } = await compiled(specWith('2.0.192.in-addr.arpa', 'manual'))
    expect(records('PTR')).toEqual([])
    expect(manual.map(({ what }) => what)).toEqual([manualPtr])
  })

  test('is nobody’s business with reverse: false', async () => {
    const { records, manual } = await compiled(specWith('2.0.192.in-addr.arpa', 'false'))
    expect({ ptr: records('PTR'), manual }).toEqual({ ptr: [], manual: [] })
  })

  test('is written where the provider of reverse: NAME has the zone', async () => {
    const { records, rules } = await compiled(specWith('2.0.192.in-addr.arpa', 'other'))
    expect(records('PTR')).toEqual(['10.2.0.192.in-addr.arpa. PTR mail.example.com.'])
    expect(rules).not.toContain('reverse-provider')
  })
})
