import { a, caa, cname, srv, tlsa, txt } from '../rrsets.js'
import type { Transition } from './transition.js'

/** Hex of so many octets; those of another seed differ. */
function hexOf(octets: number, seed: number): string {
  return Array.from({ length: octets }, (_, index) =>
    ((index * 37 + seed * 101 + 11) % 256).toString(16).padStart(2, '0'),
  ).join('')
}

const ACCOUNT =
  'letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/123456789; validationmethods=dns-01'
const LONG = `ca.example.net; policy=${'0123456789'.repeat(29)}`
const www = a('www', ['192.0.2.80'])
const strangers = [caa('@', [0, 'issue', 'ca.example.net'], [128, 'iodef', 'mailto:pki@example.net']), www]
const certificates = Array.from({ length: 12 }, (_, index): [number, number, number, string] => [
  3,
  index % 2,
  1,
  hexOf(32, index),
])

/** SRV, TLSA, CAA and CNAME, whose rdata have forms of their own at many providers. */
export const typedTransitions: readonly Transition[] = [
  {
    title: 'an SRV appears, changes and goes',
    states: [
      [www],
      [www, srv('_imaps._tcp', [0, 1, 993, 'mail.example.com.'])],
      [www, srv('_imaps._tcp', [0, 1, 993, 'imap.example.net.'])],
      [www],
    ],
  },
  {
    title: 'an SRV says that a service is not offered, and is',
    states: [
      [],
      [srv('_imap._tcp', [0, 0, 0, '.'])],
      [srv('_imap._tcp', [0, 1, 143, 'mail.example.com.'])],
      [srv('_imap._tcp', [0, 0, 0, '.'])],
      [],
    ],
  },
  {
    title: 'several SRV at one name, which change in one number each',
    states: [
      [srv('_submissions._tcp', [10, 5, 465, 'mx1.example.com.'])],
      [
        srv(
          '_submissions._tcp',
          [10, 5, 465, 'mx1.example.com.'],
          [10, 20, 465, 'mx2.example.com.'],
          [65535, 65535, 65535, 'mx3.example.net.'],
        ),
      ],
      [
        srv(
          '_submissions._tcp',
          [10, 6, 465, 'mx1.example.com.'],
          [20, 20, 465, 'mx2.example.com.'],
          [65535, 65535, 1, 'mx3.example.net.'],
        ),
      ],
      [srv('_submissions._tcp', [20, 20, 465, 'mx2.example.com.'])],
    ],
  },
  {
    title: 'a CAA appears, changes and goes',
    states: [[], [caa('@', [0, 'issue', 'letsencrypt.org'])], [caa('@', [0, 'issue', 'ca.example.net'])], []],
  },
  {
    title: 'CAA beside those of strangers, with and without the critical flag',
    states: [
      strangers,
      [
        caa(
          '@',
          [0, 'issue', 'ca.example.net'],
          [128, 'iodef', 'mailto:pki@example.net'],
          [128, 'issue', 'letsencrypt.org'],
        ),
        www,
      ],
      strangers,
    ],
  },
  {
    title: 'CAA values with parameters, and with a semicolon alone',
    states: [[], [caa('@', [0, 'issue', ACCOUNT], [0, 'issuewild', ';'])], [caa('@', [0, 'issue', ACCOUNT])], []],
  },
  {
    title: 'a CAA of no octets',
    states: [[], [caa('@', [0, 'issue', ''])], []],
  },
  {
    title: 'CAA values with quotes and backslashes',
    states: [[], [caa('@', [0, 'issue', 'say "ca" \\\\ twice\\"'])], []],
  },
  {
    title: 'a CAA value of 313 octets',
    states: [[], [caa('@', [0, 'issue', LONG])], [caa('@', [0, 'issue', LONG], [0, 'issuewild', `${LONG}-`])], []],
  },
  {
    title: 'CAA tags of a stranger keep their case beside ours',
    states: [
      [caa('@', [0, 'Issue', 'ca.example.net'], [0, 'IODEF', 'mailto:pki@example.net'])],
      [
        caa(
          '@',
          [0, 'Issue', 'ca.example.net'],
          [0, 'IODEF', 'mailto:pki@example.net'],
          [0, 'issue', 'letsencrypt.org'],
        ),
      ],
      [caa('@', [0, 'Issue', 'ca.example.net'], [0, 'IODEF', 'mailto:pki@example.net'])],
    ],
  },
  {
    title: 'CAA of the tags that mail and others have',
    states: [
      [],
      [
        caa(
          'mail',
          [0, 'issuemail', 'ca.example.net'],
          [0, 'issuevmc', 'ca.example.net'],
          [0, 'contactemail', 'pki@example.com'],
        ),
      ],
      [],
    ],
  },
  {
    title: 'a TLSA of 64 octets, and the next one',
    states: [
      [],
      [tlsa('_25._tcp.mail', [1, 0, 2, hexOf(64, 1)])],
      [tlsa('_25._tcp.mail', [1, 0, 2, hexOf(64, 1)], [1, 0, 2, hexOf(64, 2)])],
      [tlsa('_25._tcp.mail', [1, 0, 2, hexOf(64, 2)])],
      [],
    ],
  },
  {
    title: 'twelve TLSA at one name',
    states: [
      [tlsa('_25._tcp.mail', ...certificates.slice(0, 11))],
      [tlsa('_25._tcp.mail', ...certificates)],
      [tlsa('_25._tcp.mail', ...certificates.slice(6))],
    ],
  },
  {
    title: 'a TLSA whose hex looks like a number',
    states: [
      [],
      [
        tlsa(
          '_25._tcp.mail',
          [3, 1, 1, '0123456789'.repeat(6).concat('0012')],
          [3, 1, 1, '12345678e'.repeat(7).concat('1')],
        ),
      ],
      [],
    ],
  },
  {
    title: 'a CNAME at a name with underscores leads to another name',
    states: [
      [],
      [cname('s1._domainkey', 's1.domainkey.u1.wl.sendgrid.net.')],
      [cname('s1._domainkey', 'abc._domainkey.example.onmicrosoft.com.')],
      [],
    ],
  },
  {
    title: 'a CNAME takes the place of a TXT in one write, and gives it back',
    states: [
      [txt('s1._domainkey', ['v=DKIM1; p='])],
      [cname('s1._domainkey', 's1.domainkey.u1.wl.sendgrid.net.')],
      [txt('s1._domainkey', ['v=DKIM1; p='])],
    ],
  },
]
