import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { at, told, txt } from './told.js'

const mx = (name: string, exchange: string): RRset => ({
  type: 'MX',
  name: at(name),
  ttl: 60,
  rdata: [{ preference: 0, exchange: exchange as Name }],
})
const address = (name: string): RRset => ({ type: 'AAAA', name: at(name), ttl: 60, rdata: ['2a00::1'] }) as RRset
const reporting = (mailbox: string, dkim = 'dkim: false') =>
  `domains: { example.com: { spf: false, ${dkim}, dmarc: { policy: none, rua: [${mailbox}] } } }\n`
const undelivered = 'warning dmarc-report-undelivered: DMARC reports of example.com go to'

describe('reports to a mailbox in the zone that was read', () => {
  test('at a name that has neither MX nor address', async () => {
    expect(await told(reporting('d@example.com'), [])).toEqual([
      `${undelivered} example.com, which has neither MX nor address: no mail reaches it (RFC 5321 §5.1)`,
    ])
    expect(await told(reporting('d@reports.example.com'), [txt('reports', 'x')])).toEqual([
      expect.stringContaining(`${undelivered} reports.example.com, which has neither`),
    ])
  })

  test('at a name whose MX takes no mail, which the spec does not say', async () => {
    expect(await told(reporting('d@reports.example.com'), [mx('reports', '.')])).toEqual([
      expect.stringContaining(`${undelivered} reports.example.com, whose MX is the null MX`),
    ])
  })

  test('of many domains are told once', async () => {
    const several =
      'defaults: { dkim: false, dmarc: { policy: none, rua: [d@example.com] } }\ndomains: { example.com: { spf: false }, a.example.com: { spf: false }, b.example.com: { spf: false } }\n'
    expect(await told(several, [])).toEqual([
      expect.stringContaining('DMARC reports of example.com and 2 more go to example.com, which has neither'),
    ])
  })

  test.each([
    ['with an MX', [mx('@', 'mx.example.org.')]],
    ['with an address alone (RFC 5321 §5.1)', [address('@')]],
  ])('%s', async (_, besides) => {
    expect(await told(reporting('d@example.com'), besides)).toEqual([])
  })

  test.each([
    ['that a wildcard answers for', [mx('*', 'mx.example.org.')]],
    ['that is a CNAME', [{ type: 'CNAME', name: at('reports'), ttl: 60, rdata: ['b.example.net.' as Name] } as RRset]],
    ['that is delegated', [{ type: 'NS', name: at('reports'), ttl: 60, rdata: ['ns.example.net.' as Name] } as RRset]],
  ])('at a name %s', async (_, besides) => {
    expect(await told(reporting('d@reports.example.com'), besides)).toEqual([])
  })

  test('TLS reports', async () => {
    const spec =
      'domains: { example.com: { mx: [mx.example.org], spf: false, dkim: false, dmarc: false, tls_rpt: { rua: [t@reports.example.com] } } }\n'
    expect(await told(spec, [])).toEqual([
      'warning tls-rpt-undelivered: TLS reports of example.com go to reports.example.com, which has neither MX nor address: no mail reaches it (RFC 5321 §5.1)',
    ])
  })

  test('TLS reports to two mailboxes of one domain are those of one domain', async () => {
    const spec =
      'domains: { example.com: { mx: [mx.example.org], spf: false, dkim: false, dmarc: false, tls_rpt: { rua: [t@reports.example.com, u@reports.example.com] } } }\n'
    expect(await told(spec, [])).toEqual([expect.stringContaining('TLS reports of example.com go to')])
  })
})
