import { describe, expect, it } from 'vitest'
import type { SpfDns, SpfQueryType } from '../../records/families/spf/evaluate/dns.js'
import type { Name } from '../../records/rr/name.js'
import { servedSenders } from '../../src/prove/senders/served-senders.js'

const DOMAIN = 'example.com.' as Name

/** What a domain's SPF lets send, by the records that are served, and how often DNS was asked. */
async function sendersIn(records: Readonly<Record<string, readonly unknown[]>>) {
  let asked = 0
  const dns = (async (name: Name, type: SpfQueryType) => {
    asked += 1
    const found = records[`${name} ${type}`]
    return found === undefined ? { kind: 'nodata' } : { kind: 'answer', records: found }
  }) as SpfDns
  const senders = await servedSenders(DOMAIN, dns)
  return { told: senders.map(({ ip, term, of }) => `${ip} by ${term} of ${of}`), asked }
}

describe('whom the SPF that is served lets send', () => {
  it('single addresses, networks by their first address, the hosts of a and mx', async () => {
    const { told } = await sendersIn({
      'example.com. TXT': [
        'site=abc',
        'v=spf1 ip4:192.0.2.1 ip6:2001:db8::/64 a:out.example.com mx -ip4:192.0.2.9 ?a -all',
      ],
      'out.example.com. A': ['192.0.2.2'],
      'out.example.com. AAAA': ['2001:db8:1::2'],
      'example.com. MX': [{ preference: 10, exchange: 'mail.example.com.' }],
      'mail.example.com. A': ['192.0.2.3'],
    })
    expect(told).toEqual([
      '192.0.2.1 by ip4:192.0.2.1 of 192.0.2.1',
      '2001:db8:: by ip6:2001:db8::/64 of 2001:db8::/64',
      '192.0.2.2 by a:out.example.com of out.example.com',
      '2001:db8:1::2 by a:out.example.com of out.example.com',
      '192.0.2.3 by mx of mail.example.com',
    ])
  })

  it('those behind an include and a redirect, by the term of the domain itself', async () => {
    const { told } = await sendersIn({
      'example.com. TXT': ['v=spf1 include:relay.example redirect=_spf.example.com'],
      'relay.example. TXT': ['v=spf1 include:eu.relay.example -all'],
      'eu.relay.example. TXT': ['v=spf1 ip4:198.51.100.0/28 -all'],
      '_spf.example.com. TXT': ['v=spf1 ip4:192.0.2.5 -all'],
    })
    expect(told).toEqual([
      '198.51.100.0 by include:relay.example of 198.51.100.0/28',
      '192.0.2.5 by redirect=_spf.example.com of 192.0.2.5',
    ])
  })

  it('nobody where there is no SPF, two of them, or one that receivers cannot evaluate', async () => {
    expect((await sendersIn({})).told).toEqual([])
    expect((await sendersIn({ 'example.com. TXT': ['v=spf1 ip4:192.0.2.1', 'v=spf1 -all'] })).told).toEqual([])
    expect((await sendersIn({ 'example.com. TXT': ['v=spf1 ip4:192.0.2.1 ip4:nothing'] })).told).toEqual([])
  })

  it('no private address, and none twice', async () => {
    const { told } = await sendersIn({ 'example.com. TXT': ['v=spf1 ip4:10.0.0.1 ip4:192.0.2.1 ip4:192.0.2.1 -all'] })
    expect(told).toEqual(['192.0.2.1 by ip4:192.0.2.1 of 192.0.2.1'])
  })

  it('a few of the many of an include, and SPF that includes itself ends', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `ip4:192.0.2.${index}`)
    const networks = await sendersIn({
      'example.com. TXT': ['v=spf1 include:relay.example -all'],
      'relay.example. TXT': [`v=spf1 ${many.join(' ')} -all`],
    })
    expect(networks.told).toHaveLength(4)
    const circle = await sendersIn({ 'example.com. TXT': ['v=spf1 include:example.com include:example.com -all'] })
    expect(circle.told).toEqual([])
    expect(circle.asked).toBeLessThanOrEqual(11)
  })
})
