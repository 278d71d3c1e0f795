import { expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { readMasterFile } from '../../../src/import/master-file/master-file.js'
import { ED25519_KEY, RSA_KEYS } from '../../fixtures/dkim-keys.js'
import { imported } from '../imported.js'
import { unsaid } from '../unsaid.js'

const ZONE = 'example.com.' as Name
const MX = '@ MX 10 mx.example.net.\n@ TXT "v=spf1 mx -all"\n_dmarc TXT "v=DMARC1; p=reject"\n'

const SES = ['a', 'b', 'c']
  .map((token) => `${token.repeat(32)}._domainkey CNAME ${token.repeat(32)}.dkim.amazonses.com.\n`)
  .join('')

/** The kinds of records that real zones hold: what a small zone has of it, and what of that a spec does not say, with the reason. */
const KINDS: readonly (readonly [kind: string, zone: string, unsaid?: readonly string[]])[] = [
  [
    'CAA',
    '@ CAA 0 issue "letsencrypt.org; accounturi=https://acme.example/1"\n@ CAA 0 issuewild ";"\n@ CAA 0 iodef "mailto:pki@example.com"\n@ CAA 0 issuemail "ca.example.net"',
  ],
  [
    'CAA of a host',
    '@ A 192.0.2.1\n@ TXT "v=spf1 ip4:192.0.2.2 -all"\n@ MX 10 mail\nmail A 192.0.2.2\nmail CAA 0 issue "letsencrypt.org"\n@ CAA 128 issue "letsencrypt.org"',
  ],
  ['null wildcard DKIM beside mail', `${MX}*._domainkey TXT "v=DKIM1; p="`],
  [
    'null wildcard DKIM beside keys, in other words',
    `${MX}*._domainkey 300 TXT "v=DKIM1;p="\nk1._domainkey CNAME dkim.mcsv.net.`,
  ],
  [
    'null wildcard DKIM of a parked domain',
    '@ MX 0 .\n@ TXT "v=spf1 -all"\n*._domainkey TXT "v=DKIM1; p="\n_dmarc TXT "v=DMARC1; p=reject"',
  ],
  [
    'null wildcard DKIM of a domain that only says that it sends nothing',
    '@ TXT "v=spf1 -all"\n*._domainkey TXT "v=DKIM1; p="\n_dmarc TXT "v=DMARC1; p=reject; sp=reject"',
  ],
  [
    'DKIM TXT of a relay',
    `${MX}google._domainkey TXT "v=DKIM1; k=rsa; p=${RSA_KEYS[2048]}"\nzmail._domainkey 600 TXT "v=DKIM1; k=rsa; p=${RSA_KEYS[2048]}"`,
  ],
  [
    'DKIM TXT of a signer',
    `${MX}2024._domainkey TXT "v=DKIM1; t=s; h=sha256; p=${RSA_KEYS[2048]}"\ned._domainkey TXT "v=DKIM1; k=ed25519; p=${ED25519_KEY}"\na.b._domainkey TXT "p=${RSA_KEYS[2048]}"`,
  ],
  ['a DKIM key that is revoked', `${MX}old._domainkey TXT "v=DKIM1; p="`],
  [
    "a DKIM key beside a stranger's text",
    `${MX}old._domainkey TXT "v=DKIM1; p=${RSA_KEYS[2048]}"\nold._domainkey TXT "hello"`,
  ],
  [
    'DKIM CNAMEs',
    `${MX}s1._domainkey CNAME s1.domainkey.u1.wl1.sendgrid.net.\ns2._domainkey 300 CNAME s2.domainkey.u1.wl1.sendgrid.net.\nselector1._domainkey CNAME selector1-example-com._domainkey.x.onmicrosoft.com.`,
  ],
  [
    'TTLs that differ within a domain',
    `@ 300 MX 10 mail\n@ 600 TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all"\n_dmarc 7200 TXT "v=DMARC1; p=none"\nmail 120 A 192.0.2.1\nmail 240 AAAA 2001:db8::1\nmail 360 TXT "v=spf1 a -all"\n_smtp._tls 900 TXT "v=TLSRPTv1; rua=mailto:t@example.com"\n_mta-sts 1000 TXT "v=STSv1; id=1"\nmta-sts 1100 CNAME web.example.net.\ndefault._bimi 1200 TXT "v=BIMI1; l=https://example.com/b.svg"\n@ 1300 CAA 0 issue "letsencrypt.org"\nautodiscover 1400 CNAME autodiscover.outlook.com.\nx._domainkey 1500 CNAME x.example.net.`,
  ],
  ['autodiscover and autoconfig', `${MX}autodiscover CNAME mail.example.net.\nautoconfig CNAME mail.example.net.`],
  [
    "autodiscover and autoconfig of one's own host",
    '@ MX 10 mail\nmail A 192.0.2.1\nautodiscover 300 CNAME mail\nautoconfig 300 CNAME mail\n_autodiscover._tcp 300 SRV 0 1 443 mail',
  ],
  [
    'autodiscover and autoconfig with addresses',
    '@ MX 10 mail\nmail A 192.0.2.1\nautodiscover A 192.0.2.1\nautoconfig A 192.0.2.7',
    // They are a web server's: what is not known to be a host of mail keeps its addresses.
    ['discovery autoconfig.example.com. A', 'discovery autodiscover.example.com. A'],
  ],
  [
    'autodiscover of a subdomain of the domain',
    '@ MX 10 mail\nmail A 192.0.2.1\nsub MX 10 mail\nautodiscover.sub CNAME autodiscover.outlook.com.',
  ],
  [
    'return-path and tracking CNAMEs of SendGrid',
    `${MX}s1._domainkey CNAME s1.domainkey.u1.wl1.sendgrid.net.\ns2._domainkey CNAME s2.domainkey.u1.wl1.sendgrid.net.\nem1234 CNAME u1.wl1.sendgrid.net.\nurl99 CNAME sendgrid.net.\n1234 CNAME sendgrid.net.`,
  ],
  [
    'return-path CNAME of Postmark, beside tracking of Mailgun',
    `@ MX 10 mx.example.net.\n@ TXT "v=spf1 include:mailgun.org ~all"\n20240101000000pm._domainkey TXT "k=rsa; p=${RSA_KEYS[2048]}"\npm-bounces CNAME pm.mtasv.net.\nk1._domainkey TXT "k=rsa; p=${RSA_KEYS[2048]}"\nemail CNAME mailgun.org.`,
  ],
  [
    'a MAIL FROM subdomain',
    `${MX}${SES}bounce 300 MX 10 feedback-smtp.eu-west-1.amazonses.com.\nbounce 300 TXT "v=spf1 include:amazonses.com ~all"`,
  ],
  ['TLS-RPT', `${MX}_smtp._tls TXT "v=TLSRPTv1; rua=mailto:t@example.com,https://r.example.net/v1"`],
  ["TLS-RPT without a semicolon's space", `${MX}_smtp._tls TXT "v=TLSRPTv1;rua=mailto:t@example.com;"`],
  [
    'SPF a and mx of hosts elsewhere',
    '@ MX 10 mx.example.net.\n@ TXT "v=spf1 a:web.example.net mx:example.net/24 a:%{i}.x.example.net ?a:old.example.org -all"\n_dmarc TXT "v=DMARC1; p=none"',
  ],
  ['MTA-STS', `${MX}_mta-sts TXT "v=STSv1; id=20240101T000000;"\nmta-sts CNAME mta-sts.provider.example.`],
  [
    "MTA-STS at one's own web server",
    `@ MX 10 mail\nmail A 192.0.2.1\n_mta-sts TXT "v=STSv1; id=2024"\nmta-sts A 192.0.2.1`,
  ],
  [
    'MTA-STS with both as CNAMEs',
    `${MX}_mta-sts CNAME _mta-sts.provider.example.\nmta-sts CNAME mta-sts.provider.example.`,
    // Whoever it leads to keeps it: it is seen, told, and stays.
    ['MTA-STS _mta-sts.example.com. CNAME', 'MTA-STS mta-sts.example.com. CNAME'],
  ],
  [
    'TLS-RPT as a CNAME',
    `${MX}_smtp._tls CNAME _smtp._tls.provider.example.`,
    ['TLS-RPT _smtp._tls.example.com. CNAME'],
  ],
  [
    'SRV',
    '@ MX 10 mail\nmail A 192.0.2.1\n_imaps._tcp SRV 0 1 993 mail\n_submission._tcp SRV 0 1 587 mail\n_pop3._tcp SRV 0 0 0 .\n_sieve._tcp SRV 0 1 4190 mail\n_jmap._tcp SRV 0 1 443 mail\n_submissions._tcp SRV 5 10 465 smtp.example.net.',
  ],
  ['_dmarc as CNAME', '@ MX 10 mx.example.net.\n_dmarc 300 CNAME example.com.policy.provider.example.'],
  [
    '_dmarc as CNAME of another domain of the zone',
    '@ MX 10 mx.example.net.\n_dmarc TXT "v=DMARC1; p=none"\nsub MX 10 mx.example.net.\n_dmarc.sub CNAME _dmarc',
  ],
  ['wildcard MX', `${MX}* MX 10 mx.example.net.\n* 300 TXT "v=spf1 mx -all"`],
  ['wildcard MX beside a wildcard address', `${MX}* MX 10 mx.example.net.\n* A 192.0.2.7`],
  [
    'BIMI',
    `@ MX 10 mx.example.net.\n_dmarc TXT "v=DMARC1; p=reject"\ndefault._bimi TXT "v=BIMI1; l=https://example.com/b.svg; a=https://example.com/b.pem"`,
  ],
  [
    'BIMI that wants no logo',
    `@ MX 10 mx.example.net.\n_dmarc TXT "v=DMARC1; p=reject"\ndefault._bimi TXT "v=BIMI1; l=; a=;"`,
  ],
  [
    'BIMI as a CNAME',
    `${MX}default._bimi CNAME example-com.bimi.provider.example.`,
    ['BIMI default._bimi.example.com. CNAME'],
  ],
  [
    'SPF at _spf names',
    '@ MX 10 mx.example.net.\n@ TXT "v=spf1 include:_spf.example.com -all"\n_spf TXT "v=spf1 ip4:192.0.2.0/24 include:_a._spf.example.com ~all"\n_a._spf 300 TXT "v=spf1 ip4:198.51.100.1 ip6:2001:db8::/32 -all"',
  ],
  [
    'SPF by redirect to a _spf name',
    '@ MX 10 mx.example.net.\n@ TXT "v=spf1 redirect=_spf.example.com"\n_spf TXT "v=spf1 ip4:192.0.2.0/24 ~all"',
  ],
]

test.each(KINDS)('%s: the spec says it, and the plan changes nothing', async (_, lines, left = []) => {
  const text = `$ORIGIN ${ZONE}\n$TTL 3600\n@ SOA ns hostmaster 1 2 3 4 5\n${lines}\n`
  const { rrsets } = readMasterFile(text, { file: 'zone' })
  const domains = rrsets.flatMap(({ name, type }) => (type === 'MX' && !/^(?:\*|bounce)\./.test(name) ? [name] : []))
  const { text: made, changes } = await imported({ [ZONE]: rrsets }, [...new Set([ZONE, ...domains])])
  expect({ unsaid: await unsaid(made, ZONE, rrsets), changes }).toEqual({ unsaid: left, changes: [] })
})
