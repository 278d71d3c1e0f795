import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'
import type { Severity } from '../../records/finding.js'
import { compiled, keyOf, serving } from './compile/compiled.js'

/** A spec that a rule speaks up for, and one as near to it as can be that it has nothing to say about. */
interface Case {
  readonly severity: Severity
  readonly speaksUp: string
  readonly isSilent: string
  readonly keys?: readonly DkimPublicKey[]
  /** Of `isSilent`, where they are others. */
  readonly silentKeys?: readonly DkimPublicKey[]
  /** Part of the message. */
  readonly says: string
}

const PUBLIC = '9.9.9.10'
const host = (name: string, more: string) => `hosts: { ${name}: ${more} }\n`
const mail = host('mail.example.com', `{ addresses: [${PUBLIC}] }`)
const domain = (more: string) => `domains: { example.com: ${more} }\n`
const example = serving('example.com')
const reverse = serving('example.com', '9.9.9.in-addr.arpa')
const includes = (count: number) => Array.from({ length: count }, (_, index) => `_spf${index}.example.org`).join(', ')

const hash = (index: number) => String(index).padStart(64, '0')
const keys = (count: number) => Array.from({ length: count }, (_, index) => `3 1 1 ${hash(index)}`)
const withTlsa = (records: readonly string[], more = '') =>
  host('mail.example.com', `{ addresses: [${PUBLIC}], tlsa: { records: [${records.join(', ')}]${more} } }`)
const receives = domain('{ mx: [mail.example.com] }')

const OFFERS = 'host: mail.example.com, services: [imaps]'
const twoDomains = (services: string) =>
  `${example}domains: { example.com: { clients: { ${OFFERS}, autodiscover: srv } }, b.example.com: { clients: { host: mail.example.com, services: ${services}, autodiscover: srv } } }\n`

const cases: Readonly<Record<string, Case>> = {
  'gmail-account': {
    severity: 'note',
    speaksUp: example + domain('{ relays: [gmail-account] }'),
    isSilent: example + domain('{ relays: [fastmail] }'),
    says: 'passes SPF and DKIM for gmail.com, never for example.com',
  },
  'gmail-account-fails-dmarc': {
    severity: 'warning',
    speaksUp: example + domain('{ relays: [gmail-account], dmarc: { policy: quarantine } }'),
    isSilent: example + domain('{ relays: [gmail-account], dmarc: { policy: none } }'),
    says: 'example.com asks to quarantine what fails DMARC',
  },
  'relay-unaligned': {
    severity: 'note',
    speaksUp: example + domain('{ relays: [mandrill] }'),
    isSilent: example + domain('{ relays: { mandrill: { return_path: md } } }'),
    says: 'SPF passes and does not align, so DMARC passes by DKIM alone',
  },
  'relay-unsigned': {
    severity: 'note',
    speaksUp: example + domain('{ relays: [google] }'),
    isSilent: example + domain('{ relays: [google], dkim: { keys: { google: { cname: k.example.net } } } }'),
    says: 'Google Workspace has no DKIM key of example.com here',
  },
  'address-documentation': {
    severity: 'note',
    speaksUp: example + host('mail.example.com', '{ addresses: [192.0.2.10] }') + domain('{}'),
    isSilent: example + host('mail.example.com', '{ addresses: [192.0.3.10] }') + domain('{}'),
    says: '192.0.2.10 is an address for documentation',
  },
  'address-private': {
    severity: 'error',
    speaksUp: example + host('mail.example.com', '{ addresses: [10.0.0.1], reverse: manual }') + domain('{}'),
    isSilent:
      serving('example.com', '10.in-addr.arpa') + host('mail.example.com', '{ addresses: [10.0.0.1] }') + domain('{}'),
    says: '10.0.0.1 is a private address',
  },
  'ptr-two-names': {
    severity: 'error',
    speaksUp: `${reverse}hosts: { a.example.com: { addresses: [${PUBLIC}] }, b.example.com: { addresses: [${PUBLIC}] } }\n${domain('{}')}`,
    isSilent: `${reverse}hosts: { a.example.com: { addresses: [${PUBLIC}] }, b.example.com: { addresses: [${PUBLIC}], reverse: false } }\n${domain('{}')}`,
    says: '10.9.9.9.in-addr.arpa. would have two names, a.example.com. and b.example.com.',
  },
  'ptr-by-hand-twice': {
    severity: 'warning',
    speaksUp: `${example}hosts: { a.example.com: { addresses: [${PUBLIC}] }, b.example.com: { addresses: [${PUBLIC}], reverse: manual } }\n${domain('{}')}`,
    isSilent: `${example}hosts: { a.example.com: { addresses: [${PUBLIC}] }, b.example.com: { addresses: [${PUBLIC}], reverse: false } }\n${domain('{}')}`,
    says: 'is to be set by hand to both a.example.com and b.example.com',
  },
  'reverse-provider': {
    severity: 'error',
    speaksUp: reverse + host('mail.example.com', `{ addresses: [${PUBLIC}], reverse: other }`) + domain('{}'),
    isSilent: reverse + host('mail.example.com', `{ addresses: [${PUBLIC}], reverse: dns }`) + domain('{}'),
    says: `no reverse zone of other covers ${PUBLIC}`,
  },
  'reverse-zones-equal': {
    severity: 'error',
    speaksUp: serving('example.com', '0/26.9.9.9.in-addr.arpa', '0-63.9.9.9.in-addr.arpa') + mail + domain('{}'),
    isSilent: serving('example.com', '0/26.9.9.9.in-addr.arpa', '0-31.9.9.9.in-addr.arpa') + mail + domain('{}'),
    says: `${PUBLIC} is in 0-63.9.9.9.in-addr.arpa and in 0/26.9.9.9.in-addr.arpa`,
  },
  'reverse-off': {
    severity: 'note',
    speaksUp:
      example +
      host('mail.example.com', `{ addresses: [${PUBLIC}], reverse: false }`) +
      domain('{ mx: [mail.example.com] }'),
    isSilent:
      example +
      host('mail.example.com', `{ addresses: [${PUBLIC}], reverse: false }`) +
      domain('{ mx: [mail.example.com], spf: { mx: false } }'),
    says: 'Gmail refuses mail from an address without one',
  },
  'ptr-unconfirmed': {
    severity: 'warning',
    speaksUp: reverse + host('mail.example.org', `{ addresses: [${PUBLIC}] }`) + domain('{}'),
    isSilent: reverse + mail + domain('{}'),
    says: 'the PTR leads to mail.example.org., whose address is in no zone of this spec',
  },
  'egress-without-ptr': {
    severity: 'note',
    speaksUp: example + host('mail.example.com', `{ addresses: [${PUBLIC}], egress: [9.9.9.11] }`) + domain('{}'),
    isSilent: `${example}hosts: { mail.example.com: { egress: [9.9.9.11] }, gw.example.com: { addresses: [9.9.9.11] } }\n${domain('{}')}`,
    says: 'mail leaves from 9.9.9.11',
  },
  'host-unused': {
    severity: 'note',
    speaksUp: example + mail + domain('{ mx: none }'),
    isSilent: example + mail + domain('{ spf: { hosts: [mail.example.com] } }'),
    says: 'no domain names mail.example.com',
  },
  'records-not-together': {
    severity: 'error',
    speaksUp: `${example}hosts: { mta-sts.example.com: { addresses: [${PUBLIC}] } }\n${domain('{ mx: [mx.example.org], mta_sts: { host: web.example.org } }')}`,
    isSilent: `${example}hosts: { mta-sts.example.com: { addresses: [${PUBLIC}] } }\n${domain('{ mx: [mx.example.org], mta_sts: {} }')}`,
    says: 'mta-sts.example.com. CNAME (policy host) and mta-sts.example.com. A (address) cannot both be there',
  },
  'mta-sts-without-mx': {
    severity: 'error',
    speaksUp: example + domain('{ mx: none, mta_sts: { mode: enforce } }'),
    isSilent: example + domain('{ mx: none, mta_sts: { mode: none } }'),
    says: 'the MTA-STS policy of example.com would allow no MX: its MX is the null MX (RFC 8461 §3.2)',
  },
  'mta-sts-max-age-long': {
    severity: 'error',
    speaksUp: example + domain('{ mx: [mx.example.org], mta_sts: { max_age: 31557601 } }'),
    isSilent: example + domain('{ mx: [mx.example.org], mta_sts: { max_age: 31557600 } }'),
    says: '31557600 seconds, a year (RFC 8461 §3.2): 31557601',
  },
  'mta-sts-max-age-short': {
    severity: 'warning',
    speaksUp: example + domain('{ mx: [mx.example.org], mta_sts: { mode: enforce, max_age: 86399 } }'),
    isSilent: example + domain('{ mx: [mx.example.org], mta_sts: { mode: enforce, max_age: 86400 } }'),
    says: 'senders forget the policy of example.com after 86399 seconds',
  },
  'mta-sts-ends': {
    severity: 'note',
    speaksUp: example + domain('{ mx: [mx.example.org], mta_sts: { mode: none } }'),
    isSilent: example + domain('{ mx: [mx.example.org], mta_sts: { mode: enforce } }'),
    says: 'the policy of example.com asks for nothing any more',
  },
  'mta-sts-testing-unseen': {
    severity: 'note',
    speaksUp: example + domain('{ mx: [mx.example.org], mta_sts: {} }'),
    isSilent: example + domain('{ mx: [mx.example.org], mta_sts: {}, tls_rpt: { rua: [t@example.org] } }'),
    says: 'nobody gets the reports about it',
  },
  'mta-sts-host-itself': {
    severity: 'error',
    speaksUp: example + domain('{ mx: [mx.example.org], mta_sts: { host: mta-sts.example.com } }'),
    isSilent: `${example}hosts: { mta-sts.example.com: { addresses: [${PUBLIC}] } }\n${domain('{ mx: [mx.example.org], mta_sts: { host: mta-sts.example.com } }')}`,
    says: 'mta-sts.example.com is the name that the policy is fetched at, and would lead to itself',
  },
  'mta-sts-host-without-address': {
    severity: 'error',
    speaksUp:
      example +
      host('nat.example.com', `{ egress: [${PUBLIC}] }`) +
      domain('{ mx: [mx.example.org], mta_sts: { host: nat.example.com } }'),
    isSilent:
      example +
      host('nat.example.com', `{ addresses: [${PUBLIC}] }`) +
      domain('{ mx: [mx.example.org], mta_sts: { host: nat.example.com } }'),
    says: 'nat.example.com has no addresses in this spec',
  },
  'tls-rpt-without-mx': {
    severity: 'warning',
    speaksUp: example + domain('{ tls_rpt: { rua: [t@example.org] } }'),
    isSilent: example + domain('{ mx: [mx.example.org], tls_rpt: { rua: [t@example.org] } }'),
    says: 'example.com takes no mail as this spec has it',
  },
  'tls-rpt-null-mx': {
    severity: 'warning',
    speaksUp: `${serving('example.com', 'example.net')}domains: { example.com: { mx: [mx.example.org], tls_rpt: { rua: [t@example.net] } }, example.net: { mail: none } }\n`,
    isSilent: `${serving('example.com', 'example.net')}domains: { example.com: { mx: [mx.example.org], tls_rpt: { rua: [t@example.net] } }, example.net: { mx: [mx.example.org] } }\n`,
    says: 'TLS reports of example.com go to example.net, which takes no mail',
  },
  'bimi-without-dmarc': {
    severity: 'warning',
    speaksUp:
      example +
      domain('{ bimi: { location: https://example.com/a.svg }, dmarc: { policy: reject, subdomains: none } }'),
    isSilent: example + domain('{ bimi: { location: https://example.com/a.svg }, dmarc: { policy: quarantine } }'),
    says: 'its DMARC policy is none for subdomains (BIMI draft-14 §7.1)',
  },
  'bimi-no-svg': {
    severity: 'warning',
    speaksUp: example + domain('{ bimi: { location: https://example.com/a.png }, dmarc: { policy: quarantine } }'),
    isSilent:
      example + domain('{ bimi: { location: "https://example.com/a.svg?v=2" }, dmarc: { policy: quarantine } }'),
    says: 'the logo of example.com does not end in .svg',
  },
  'host-is-parked': {
    severity: 'error',
    speaksUp: `${example}${mail}domains: { example.com: { mx: [mail.example.com] }, mail.example.com: { mail: none } }\n`,
    isSilent: `${example}${mail}domains: { example.com: { mx: [mail.example.com] }, www.example.com: { mail: none } }\n`,
    says: 'mail.example.com is parked, and mail of other domains goes through the host of that name',
  },
  'ptr-classless': {
    severity: 'note',
    speaksUp:
      serving('example.com', '9.9.9.in-addr.arpa', '0/25.9.9.9.in-addr.arpa') +
      mail +
      domain('{ mx: [mail.example.com] }'),
    isSilent: serving('example.com', '0/25.9.9.9.in-addr.arpa') + mail + domain('{ mx: [mail.example.com] }'),
    says: 'receivers ask for 10.9.9.9.in-addr.arpa.: the zone 9.9.9.in-addr.arpa has to lead there',
  },
  'name-too-long': {
    severity: 'error',
    // With '._report._dmarc.example.net.' and the octet of the first label, 226 make 255.
    speaksUp: `${serving('com', 'example.net')}domains: { ${longName(227)}: { mx: none, dmarc: { rua: [d@example.net] } } }\n`,
    isSilent: `${serving('com', 'example.net')}domains: { ${longName(226)}: { mx: none, dmarc: { rua: [d@example.net] } } }\n`,
    says: 'a name has at most 255',
  },
  'txt-too-long': {
    severity: 'error',
    speaksUp: example + domain(`{ spf: { addresses: [${manyAddresses(4000)}] } }`),
    isSilent: example + domain(`{ spf: { addresses: [${manyAddresses(3000)}] } }`),
    says: 'and a record holds 65535',
  },
  'domain-outside-zones': {
    severity: 'error',
    speaksUp: `${example}domains: { notexample.com: {} }`,
    isSilent: `${example}domains: { not.example.com: {} }`,
    says: 'notexample.com is in no zone of this spec',
  },
  'mx-target-without-address': {
    severity: 'warning',
    speaksUp: example + domain('{ mx: [mail.example.com] }'),
    isSilent: example + domain('{ mx: [mail.example.org] }'),
    says: 'mail.example.com is no host of this spec, and its zone is ours',
  },
  'record-twice': {
    severity: 'error',
    speaksUp: example + mail + domain('{ mx: [mail.example.com] }'),
    isSilent: example + mail + domain('{ mx: [mail.example.com], dkim: false }'),
    keys: [keyOf('example.com.', 's1'), keyOf('example.com.', 's1', { algorithm: 'ed25519' })],
    says: 's1._domainkey.example.com. TXT dkim is asked for twice',
  },
  'spf-lookups': {
    severity: 'error',
    speaksUp: example + domain(`{ spf: { include: [${includes(11)}] } }`),
    isSilent: example + domain(`{ spf: { include: [${includes(10)}] } }`),
    says: 'needs at least 11 DNS look-ups',
  },
  'spf-include-loop': {
    severity: 'error',
    speaksUp: `${example}domains: { example.com: { spf: { include: [a.example.com] } }, a.example.com: { spf: { include: [example.com] } } }\n`,
    isSilent: `${example}domains: { example.com: { spf: { include: [a.example.com] } }, a.example.com: { spf: { include: [b.example.com] } } }\n`,
    says: 'the SPF of a.example.com includes example.com, which includes it again: receivers answer permerror',
  },
  'spf-include-without-spf': {
    severity: 'warning',
    speaksUp: `${example}domains: { example.com: { spf: { include: [a.example.com] } }, a.example.com: { spf: false } }\n`,
    isSilent: `${example}domains: { example.com: { spf: { include: [a.example.com] } }, a.example.com: { mail: none } }\n`,
    says: 'the SPF of example.com includes a.example.com, which has no SPF in this spec',
  },
  'spf-everybody': {
    severity: 'warning',
    speaksUp: example + domain('{ spf: { addresses: [0.0.0.0/1, 128.0.0.0/1] } }'),
    isSilent: example + domain('{ spf: { addresses: [0.0.0.0/2, 17.0.0.0/8] } }'),
    says: 'lets half of the Internet or more send in its name: ip4:0.0.0.0/1 ip4:128.0.0.0/1',
  },
  'spf-too-long': {
    severity: 'warning',
    // 'v=spf1 ' and '~all' are 11 octets, and 22 of these terms 440 or 439.
    speaksUp: example + domain(`{ spf: { addresses: [${longAddresses(22)}] } }`),
    isSilent: example + domain(`{ spf: { addresses: [${longAddresses(21)}, 100.100.100.1] } }`),
    says: 'has 451 octets',
  },
  'spf-ptr': {
    severity: 'warning',
    speaksUp: example + domain('{ spf: { terms: [ptr:example.net] } }'),
    isSilent: example + domain('{ spf: { terms: ["a:ptr.example.net"] } }'),
    says: 'asks for the PTR of every client',
  },
  'spf-not-flattened': {
    severity: 'error',
    speaksUp: example + domain('{ spf: { flatten: [relay.example] } }'),
    isSilent: example + domain('{ spf: { include: [relay.example] } }'),
    says: 'what the SPF of relay.example means for example.com is not in spf-lock.json',
  },
  'spf-nobody': {
    severity: 'warning',
    speaksUp: example + mail + domain('{ mx: [mail.example.com], spf: { mx: false } }'),
    isSilent: example + mail + domain('{ mx: [mail.example.com] }'),
    says: 'the SPF of example.com lets nobody send',
  },
  'null-mx-sends': {
    severity: 'warning',
    speaksUp: example + domain('{ mx: none, spf: { include: [_spf.google.com] } }'),
    isSilent: example + domain('{ spf: { include: [_spf.google.com] } }'),
    says: 'example.com sends mail, and its null MX says that no answer can reach it',
  },
  'dmarc-report-null-mx': {
    severity: 'warning',
    speaksUp: `${example}domains: { example.com: { dmarc: { rua: [d@a.example.com] } }, a.example.com: { mx: none, spf: false } }\n`,
    isSilent: `${example}domains: { example.com: { dmarc: { rua: [d@a.example.com] } }, a.example.com: { spf: false } }\n`,
    says: 'DMARC reports of example.com go to a.example.com, which takes no mail: its MX is the null MX',
  },
  'dkim-relays-only': {
    severity: 'note',
    speaksUp: example + domain('{ spf: { include: [_spf.google.com] } }'),
    isSilent: example + mail + domain('{ spf: { include: [_spf.google.com], hosts: [mail.example.com] } }'),
    says: 'only relays send for it',
  },
  'dkim-rotate-every': {
    severity: 'error',
    speaksUp: example + mail + domain('{ mx: [mail.example.com], dkim: { rotate: { every: 2d } } }'),
    isSilent: example + mail + domain('{ mx: [mail.example.com], dkim: { rotate: { every: 3d } } }'),
    says: 'a key would sign for 2d, and the next one takes 2d until it can',
  },
  'dkim-rotate-drain': {
    severity: 'warning',
    speaksUp: example + mail + domain('{ mx: [mail.example.com], dkim: { rotate: { drain: 4d } } }'),
    isSilent: example + mail + domain('{ mx: [mail.example.com], dkim: { rotate: { drain: 5d } } }'),
    says: 'a key leaves DNS 4d after it signed',
  },
  'dkim-rsa-short': {
    severity: 'warning',
    speaksUp: example + mail + domain('{ mx: [mail.example.com] }'),
    isSilent: example + mail + domain('{ mx: [mail.example.com] }'),
    keys: [keyOf('example.com.', 's1', { algorithm: 'rsa-1024' })],
    silentKeys: [keyOf('example.com.', 's1', { algorithm: 'rsa-1024', state: 'revoked' }), keyOf('example.com.', 's2')],
    says: 'the DKIM key s1 of example.com has 1024 bits',
  },
  'dmarc-reject-without-dkim': {
    severity: 'warning',
    speaksUp: example + mail + domain('{ mx: [mail.example.com], dkim: false, dmarc: { policy: reject } }'),
    isSilent: example + mail + domain('{ mx: [mail.example.com], dkim: false, dmarc: { policy: quarantine } }'),
    says: 'nothing of ours signs with DKIM',
  },
  'dmarc-only-watches': {
    severity: 'note',
    speaksUp: example + domain('{ dmarc: { policy: none } }'),
    isSilent: example + domain('{ dmarc: { policy: none, rua: [d@example.com] } }'),
    says: 'it has no effect',
  },
  'dmarc-ramp': {
    severity: 'note',
    speaksUp: example + domain('{ dmarc: { policy: reject, rua: [d@example.com], ramp: {} } }'),
    isSilent: example + domain('{ dmarc: { policy: reject, rua: [d@example.com] } }'),
    says: 'the DMARC policy of example.com is none, on its way to reject',
  },
  'dmarc-report-elsewhere': {
    severity: 'note',
    speaksUp: example + domain('{ dmarc: { rua: [d@example.org] } }'),
    isSilent: example + domain('{ dmarc: { rua: [d@mail.example.com] } }'),
    says: 'reports of example.com go to example.org, which must allow it',
  },
  'caa-restricts-nothing': {
    severity: 'note',
    speaksUp: example + domain('{ caa: { iodef: "mailto:pki@example.com" } }'),
    isSilent: example + domain('{ caa: { iodef: "mailto:pki@example.com", issue: none } }'),
    says: 'the CAA of example.com says where to report, and lets every CA issue',
  },
  'clients-name-taken': {
    severity: 'error',
    speaksUp:
      example + host('autoconfig.example.com', `{ addresses: [${PUBLIC}] }`) + domain(`{ clients: { ${OFFERS} } }`),
    isSilent:
      example +
      host('autoconfig.example.com', `{ addresses: [${PUBLIC}] }`) +
      domain(`{ clients: { ${OFFERS}, autoconfig: false } }`),
    says: 'autoconfig.example.com would be a CNAME of mail.example.com., and this spec puts A, TXT there',
  },
  'clients-start-plain': {
    severity: 'note',
    speaksUp: example + domain('{ clients: { host: mail.example.com, services: [imap] } }'),
    isSilent: example + domain('{ clients: { host: mail.example.com, services: [imap, imaps] } }'),
    says: 'example.com offers imap and no imaps',
  },
  'clients-documents-differ': {
    severity: 'warning',
    speaksUp: twoDomains('[imaps, pop3s]'),
    isSilent: twoDomains('[imaps]'),
    says: 'example.com and b.example.com offer different services',
  },
  'tlsa-too-many': {
    severity: 'error',
    speaksUp: example + withTlsa(keys(13)) + receives,
    isSilent: example + withTlsa([...keys(12), ...keys(12)]) + receives,
    says: 'mail.example.com would have 13 TLSA records',
  },
  'tlsa-whole-certificate': {
    severity: 'warning',
    speaksUp: example + withTlsa([`3 0 1 ${hash(1)}`]) + receives,
    isSilent: example + withTlsa([`3 1 1 ${hash(1)}`]) + receives,
    says: '3 0 1 is the hash of a whole certificate',
  },
  'tlsa-usage-unused': {
    severity: 'warning',
    speaksUp: example + withTlsa([`1 1 1 ${hash(1)}`]) + receives,
    isSilent: example + withTlsa([`1 1 1 ${hash(1)}`], ', ports: [443]') + receives,
    says: 'usage 1 means nothing to senders of mail',
  },
  'tlsa-not-mx': {
    severity: 'note',
    speaksUp: example + withTlsa(keys(2)) + domain('{ spf: { hosts: [mail.example.com] } }'),
    isSilent: example + withTlsa(keys(2)) + receives,
    says: 'mail.example.com is no MX of a domain here',
  },
  'tlsa-no-next': {
    severity: 'note',
    speaksUp: example + withTlsa(keys(1)) + receives,
    isSilent: example + withTlsa(keys(2)) + receives,
    says: 'mail.example.com has one key only',
  },
  'tlsa-issuer-may-change': {
    severity: 'note',
    speaksUp: example + withTlsa([`2 1 1 ${hash(1)}`]) + receives,
    isSilent: example + withTlsa([`2 1 1 ${hash(1)}`, `3 1 1 ${hash(2)}`]) + receives,
    says: 'mail.example.com is known by the keys of its CA alone',
  },
}

function manyAddresses(count: number): string {
  return Array.from({ length: count }, (_, index) => `100.100.${100 + (index >> 7)}.${100 + (index & 127)}`).join(', ')
}

/** A name below com of so many octets, without the dot at its end. */
function longName(octets: number): string {
  const rest = octets - '.com'.length - 3 * 61
  return `${'a'.repeat(rest)}.${`${'b'.repeat(60)}.`.repeat(3)}com`
}

function longAddresses(count: number): string {
  return Array.from({ length: count }, (_, index) => `100.100.100.${100 + index}`).join(', ')
}

describe.each(Object.entries(cases))('%s', (rule, { severity, speaksUp, isSilent, says, keys = [], silentKeys }) => {
  test('speaks up, once', async () => {
    const { findings } = await compiled(speaksUp, keys)
    expect(findings.filter((finding) => finding.rule === rule)).toEqual([
      expect.objectContaining({ severity, message: expect.stringContaining(says) }),
    ])
  })

  test('is silent where all is well', async () => {
    expect((await compiled(isSilent, silentKeys ?? keys)).rules).not.toContain(rule)
  })
})

test('a gateway with a private address is told, too: its SPF would let nobody through', async () => {
  const { finding } = await compiled(example + host('nat.example.com', '{ egress: [192.168.1.1] }') + domain('{}'))
  expect(finding('address-private')?.from).toEqual(['hosts', 'nat.example.com', 'egress', 0])
})

test('an MX that leads to a host with egress only is one without address', async () => {
  const { finding } = await compiled(
    example + host('nat.example.com', '{ egress: [9.9.9.11] }') + domain('{ mx: [nat.example.com] }'),
  )
  expect(finding('mx-target-without-address')?.message).toMatch(/^nat\.example\.com has no addresses in this spec/)
})

test('SPF look-ups are counted into the includes that we publish ourselves, and no loop is endless', async () => {
  const { findings } = await compiled(`${example}domains:
  example.com: { spf: { include: [a.example.com, b.example.com] } }
  a.example.com: { spf: { include: [${includes(4)}] } }
  b.example.com: { spf: { include: [${includes(4)}, example.com] } }`)
  const messages = findings.filter(({ rule }) => rule === 'spf-lookups').map(({ message }) => message)
  expect(messages).toEqual([
    expect.stringMatching(/^the SPF of example\.com needs at least 11 DNS look-ups/),
    expect.stringMatching(/^the SPF of b\.example\.com needs at least 11 DNS look-ups/),
  ])
})

test.each([
  ['an MX target that does not send', '{ mx: [mail.example.com], spf: { mx: false, include: [x.example.org] } }', true],
  ['a host that only sends', '{ spf: { hosts: [mail.example.com] } }', true],
  ['a host that nothing leads to', '{ mx: none }', false],
])('the name of %s: a parked one is an error, %#', async (_, more, isError) => {
  const { rules } = await compiled(
    `${example}${mail}domains: { example.com: ${more}, mail.example.com: { mail: none } }\n`,
  )
  expect(rules.includes('host-is-parked')).toBe(isError)
})

test('the name of a key that is yet to be made is measured, too', async () => {
  const { finding } = await compiled(
    `${serving('com')}domains: { ${longName(240)}: { mx: none, spf: { addresses: [9.9.9.9] }, dkim: {}, dmarc: false } }\n`,
  )
  expect(finding('name-too-long')?.message).toContain('_domainkey.')
})

test('every rule there is has a case here', () => {
  const ofFamilies = readdirSync('records/families', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `records/families/${name}/rules.ts`)
    .filter((file) => existsSync(file))
  const files = [...ofFamilies, ...readdirSync('records/rules').map((file) => `records/rules/${file}`)]
  const sources = files.map((file) => readFileSync(file, 'utf8'))
  const ids = sources.flatMap((text) =>
    [...text.matchAll(/'(?:error|warning|note)',\s+'([a-z-]+)'/g)].map(([, id]) => id),
  )
  expect([...ids].sort()).toEqual(Object.keys(cases).sort())
})

describe('a policy of reject, while no key of the spec signs', () => {
  const rejecting = (dkim: string) =>
    `${example}${mail}${domain(`{ mx: [mail.example.com], ${dkim}dmarc: { policy: reject } }`)}`
  const told = async (dkim: string, ...states: DkimPublicKey['state'][]) => {
    const keys = states.map((state, index) => keyOf('example.com.', `s${index}`, { state }))
    return (await compiled(rejecting(dkim), keys)).finding('dmarc-reject-without-dkim')
  }

  test('says that a published key does not sign, and how it becomes so', async () => {
    expect(await told('', 'published')).toMatchObject({
      message: expect.stringContaining('no DKIM key signs yet: s0 is published, not signing'),
      hint: 'make your signer use the key, then say so: `mailsync dkim use example.com s0`',
    })
  })

  test('says that keys are still to be made', async () => {
    expect((await told('', 'revoked'))?.message).toContain('they are still to be made')
    expect((await told(''))?.hint).toContain('mailsync dkim generate')
  })

  test('is well with one key that signs', async () => {
    expect(await told('', 'published', 'signing')).toBeUndefined()
  })
})

test.each(['"*.example.com": { ', 'example.com: { mx: none, '])('%s that is said never to send', async (start) => {
  const spec = (all: string) => `${example}domains: { ${start}spf: { all: ${all} } } }\n`
  expect((await compiled(spec('fail'))).finding('spf-nobody')).toBeUndefined()
  expect((await compiled(spec('softfail'))).finding('spf-nobody')).toBeDefined()
})

test('an SPF that includes itself is told where the include is', async () => {
  const { finding } = await compiled(example + domain('{ spf: { include: [_spf.example.org, example.com] } }'))
  expect(finding('spf-include-loop')).toMatchObject({
    severity: 'error',
    from: ['domains', 'example.com', 'spf', 'include', 1],
    message: expect.stringContaining('the SPF of example.com includes itself'),
  })
  const redirected = await compiled(example + domain('{ spf: { mx: false, redirect: example.com } }'))
  expect(redirected.finding('spf-include-loop')?.hint).toContain('redirect')
})

test('a reverse name that another host of the spec sees to is not forgotten', async () => {
  const two = (reverse: string): string =>
    `${example}hosts: { a.example.com: { addresses: [${PUBLIC}]${reverse} }, b.example.com: { addresses: [${PUBLIC}], reverse: false } }
${domain('{ mx: [b.example.com] }')}`
  const rules = async (text: string): Promise<readonly string[]> => (await compiled(text)).rules
  expect(await rules(two(''))).not.toContain('reverse-off')
  expect(await rules(two(', reverse: false'))).toContain('reverse-off')
})
