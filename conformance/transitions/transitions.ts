import type { Name } from '../../records/rr/name.js'
import type { Txt } from '../../records/rr/txt.js'
import { a, aaaa, cname, mx, ptr, txt } from '../rrsets.js'
import type { ConformanceSubject, Story } from '../subject.js'
import { runTransition, type Transition } from './transition.js'
import { typedTransitions } from './typed-transitions.js'

export const CLASSLESS = '0/25.2.0.192.in-addr.arpa.' as Name
export const REVERSE = '2.0.192.in-addr.arpa.' as Name
export const REVERSE6 = '8.b.d.0.1.0.0.2.ip6.arpa.' as Name
const foreign = [
  a('www', ['192.0.2.80']),
  cname('shop', 'shops.example.net.'),
  txt('@', ['google-site-verification=abc', 'MS=ms123']),
]

/** Text of exactly so many octets, no two chunks alike, so that a lost or swapped chunk shows. */
function textOf(octets: number): string {
  let text = ''
  for (let index = 0; text.length < octets; index++) text += `${index}:`
  return text.slice(0, octets)
}

const dkim4096 = `v=DKIM1; k=rsa; p=${'MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEA'.padEnd(736, 'Qf7+/x0Z')}`

const bytes: readonly [string, string][] = [
  ...[0, 1, 254, 255, 256, 509, 510, 511, 764, 765, 766].map((octets): [string, string] => [
    `of ${octets} octets`,
    textOf(octets),
  ]),
  ['with quotes', 'say "mail" twice "'],
  ['with backslashes', 'a\\b\\\\c\\"d\\'],
  ['with semicolons', 'v=X1; a=b;c=d;'],
  ['with spaces at the ends', '  inner  spaces  '],
  ['with UTF-8', 'grüße 📬 例え'],
  ['with UTF-8 across the 255th octet', `${'x'.repeat(254)}é and ${'y'.repeat(250)}📬`],
  ['of a 4096-bit DKIM key', dkim4096],
  ['that looks like a number', '0012345'],
  ['that looks like a comment', 'a # b ; c // d'],
  ['with a dollar, a percent and braces', '$ORIGIN %{i} $ {x} @'],
]

/** As strangers cut them. */
const borders: readonly [string, Txt[]][] = [
  ['of several strings', [['path=/a', 'q=1'], 'MS=ms123']],
  ['with empty strings', [['', 'a', '', 'b', '']]],
  ['that differ only in their borders', ['ab', ['a', 'b'], ['', 'ab']]],
]

const transitions: readonly Transition[] = [
  ...bytes.map(
    ([what, value]): Transition => ({ title: `a TXT value ${what}`, states: [[], [txt('t', [value])], []] }),
  ),
  ...borders.map(
    ([what, values]): Transition => ({
      title: `TXT values ${what} keep their borders`,
      states: [
        [txt('@', values)],
        [txt('@', [...values, 'v=spf1 -all'])],
        [txt('@', [...values, 'v=spf1 ip4:192.0.2.1 -all'])],
        [txt('@', values)],
      ],
    }),
  ),
  {
    title: 'TXT values keep their case',
    states: [[txt('t', ['Token=AbC', 'p=QUJD'])], [txt('t', ['Token=AbC', 'p=qujd'])], [txt('t', ['Token=AbC'])]],
  },
  {
    title: 'TXT values that differ only in case are two values',
    states: [
      [txt('@', ['Token=AbC', 'token=abc'])],
      [txt('@', ['Token=AbC', 'token=abc', 'v=spf1 -all'])],
      [txt('@', ['Token=AbC', 'token=abc'])],
    ],
  },
  {
    title: 'an address appears, changes and goes',
    states: [foreign, [...foreign, a('mail', ['192.0.2.10'])], [...foreign, a('mail', ['192.0.2.11'])], foreign],
  },
  {
    title: 'one value grows to two, and back',
    states: [[a('mail', ['192.0.2.10'])], [a('mail', ['192.0.2.10', '192.0.2.11'])], [a('mail', ['192.0.2.11'])]],
  },
  { title: 'only the TTL changes', states: [[a('mail', ['192.0.2.10'], 3600)], [a('mail', ['192.0.2.10'], 300)]] },
  {
    title: 'only the TTL of two TXT values changes',
    states: [[txt('@', ['one', 'two'], 3600)], [txt('@', ['one', 'two'], 600)]],
  },
  {
    title: 'IPv6 in any spelling',
    states: [[], [aaaa('mail', ['2001:db8:0:0:0:0:0:10', '2001:0DB8::1'])], [aaaa('mail', ['2001:db8::10'])]],
  },
  {
    title: 'MX with preference 0',
    states: [[], [mx('@', [0, 'mail.example.com.'], [10, 'backup.example.net.'])], [mx('@', [5, 'mail.example.com.'])]],
  },
  {
    title: 'MX becomes null MX and back',
    states: [[mx('@', [10, 'mail.example.com.'])], [mx('@', [0, '.'])], [mx('@', [10, 'mail.example.com.'])]],
  },
  {
    title: 'names with an underscore, a wildcard and an A-label',
    states: [
      [],
      [txt('_dmarc', ['v=DMARC1; p=none']), txt('*._domainkey', ['v=DKIM1; p=']), a('xn--bcher-kva', ['192.0.2.1'])],
      [],
    ],
  },
  {
    title: 'PTR in an octet zone',
    zone: REVERSE,
    states: [[], [ptr('10', REVERSE, 'mail.example.com.')], [ptr('10', REVERSE, 'smtp.example.com.')], []],
  },
  {
    title: 'PTR in a classless zone (RFC 2317)',
    zone: CLASSLESS,
    states: [[], [ptr('10', CLASSLESS, 'mail.example.com.')], []],
  },
  {
    title: 'PTR below ip6.arpa',
    zone: REVERSE6,
    states: [[], [ptr('0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0', REVERSE6, 'mail.example.com.')], []],
  },
  {
    title: 'many changes at once: create, update and delete in one write',
    states: [
      [...foreign, a('old', ['192.0.2.1']), a('mail', ['192.0.2.2'])],
      [
        ...foreign,
        a('mail', ['192.0.2.10']),
        aaaa('mail', ['2001:db8::10']),
        mx('@', [10, 'mail.example.com.']),
        txt('_dmarc', ['v=DMARC1; p=none']),
      ],
    ],
  },
  { title: 'a value moves from one name to another', states: [[txt('one', ['value'])], [txt('two', ['value'])]] },
  ...typedTransitions,
  ...[99, 100, 101, 299, 300, 301].map((count): Transition => {
    const crowd = Array.from({ length: count }, (_, index) => a(`h${index}`, ['192.0.2.1']))
    return {
      title: `a zone of ${count} names is read to its end`,
      states: [crowd, [...crowd, txt('@', ['v=spf1 -all'])]],
    }
  }),
]

export function transitionCases(subject: ConformanceSubject): Story[] {
  return transitions.map((transition) => ({
    title: transition.title,
    ...(transition.zone && { zone: transition.zone }),
    rrsets: transition.states.flat(),
    run: () => runTransition(subject, transition),
  }))
}
