import { describe, expect, test } from 'vitest'
import { problemsOf } from '../load.js'

const around = (domain: string) => `providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
hosts: { web.example.com: { addresses: [192.0.2.1] } }
domains: { example.com: ${domain} }`

test('a wildcard has none of them', async () => {
  const found = await problemsOf(
    around('{}').replace('example.com: {}', '"*.example.com": { mx: [a.example.net], mta_sts: {} }'),
  )
  expect(found).toEqual([
    'mailsync.yaml:4:52 wildcard-with-mail: a wildcard has no mta_sts: in _mta-sts.*.example.com the asterisk is not the first label, so it stands for nothing (RFC 4592 §2.1.1)\n  remove mta_sts, or name the domains that have it',
  ])
})

describe('what is wrong with MTA-STS, TLS reports and BIMI is told where it stands', () => {
  test.each([
    [
      '{ mta_sts: { id: 1, mode: enforce, max_age: 1 } }',
      '4:45 mta-sts-id-and-policy: mode cannot stand beside id: an id names a policy that somebody else keeps\n  remove id, and mailsync makes one from the policy; or remove mode and max_age',
      '4:60 mta-sts-id-and-policy: max_age cannot stand beside id: an id names a policy that somebody else keeps\n  remove id, and mailsync makes one from the policy; or remove mode and max_age',
    ],
    [
      '{ mta_sts: { host: a_b.example.com } }',
      expect.stringMatching(/^4:44 name: "a_b\.example\.com": a host name has/),
    ],
    [
      '{ mta_sts: { host: wbe.example.com } }',
      '4:44 mta-sts-host-mistyped: wbe.example.com is no host of this spec\n  did you mean web.example.com?',
    ],
    [
      '{ mta_sts: { host: { cname: localhost } } }',
      expect.stringMatching(/^4:53 name: "localhost" has a single label/),
    ],
    ['{ tls_rpt: {} }', '4:36 tls-rpt-to-nobody: it does not say who gets the reports\n  write rua: [tls@example.com]'],
    [
      '{ tls_rpt: { rua: [tls, http://example.com/] } }',
      '4:44 report-address: "tls" is neither a mail address nor an https: URI (RFC 8460 §3)\n  write it as tls@example.com or https://reports.example.com/tls',
      '4:49 report-address: "http://example.com/" is neither a mail address nor an https: URI (RFC 8460 §3)\n  write it as tls@example.com or https://reports.example.com/tls',
    ],
    [
      '{ mail: none, tls_rpt: { rua: [tls@example.com] } }',
      '4:39 parked-with-mail: tls_rpt cannot stand beside mail: none\n  remove tls_rpt, or mail: none',
    ],
    [
      '{ bimi: { location: http://example.com/a.svg, authority: a.pem } }',
      '4:45 bimi-uri: "http://example.com/a.svg": it is no https: URI with commas and semicolons percent-encoded (BIMI draft-14 §4.3)\n  write it as https://example.com/logo.svg',
      '4:82 bimi-uri: "a.pem": it is no https: URI with commas and semicolons percent-encoded (BIMI draft-14 §4.3)\n  write it as https://example.com/logo.svg',
    ],
    [
      '{ bimi: {} }',
      '4:33 bimi-without-logo: it names no logo\n  write location: https://…/logo.svg; or location: none, which says that none is wanted',
    ],
  ])('%s', async (domain, ...told) => {
    const found = await problemsOf(around(domain))
    expect(found.map((text) => text.replace('mailsync.yaml:', ''))).toEqual(told)
  })
})
