import { describe, expect, test } from 'vitest'
import { a, aaaa, at, caa, cname, mx, ptr, srv, tlsa, txt } from '../../../conformance/rrsets.js'
import { ZONE } from '../../../conformance/subject.js'
import { octodnsZone, readZoneFile } from '../../../providers/yaml/zone-text.js'
import { MailsyncError } from '../../../records/error.js'
import type { Name } from '../../../records/rr/name.js'
import { type AnyRRset, isKnown, opaque, type RRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'

function readAll(text: string): AnyRRset[] {
  return readZoneFile(text, ZONE, { file: 'zones/example.com.yaml' })
}

function read(text: string): RRset[] {
  return readAll(text).filter(isKnown)
}

describe('a zone file is read as octoDNS reads it', () => {
  const files: readonly [what: string, text: string, rrsets: readonly RRset[]][] = [
    ['an empty file', '', []],
    ['a file of comments', '---\n# nothing yet\n', []],
    ['an empty mapping', '---\n{}\n', []],
    [
      'the apex, a TTL, and the default TTL',
      "'':\n  type: A\n  ttl: 60\n  value: 192.0.2.1\nb:\n  type: A\n  value: 192.0.2.2\n",
      [a('@', ['192.0.2.1'], 60), a('b', ['192.0.2.2'])],
    ],
    ['a quoted TTL', 'b:\n  type: A\n  ttl: "60"\n  value: 192.0.2.1\n', [a('b', ['192.0.2.1'], 60)]],
    [
      'the dump of octoDNS',
      "---\n? ''\n: - ttl: 60\n    type: A\n    value: 192.0.2.1\n  - type: TXT\n    values:\n    - one\n    - two\n",
      [a('@', ['192.0.2.1'], 60), txt('@', ['one', 'two'])],
    ],
    [
      'a list under value, and one value under values',
      'b:\n- type: A\n  value: [192.0.2.1, 192.0.2.2]\n- type: TXT\n  values: one\n',
      [a('b', ['192.0.2.1', '192.0.2.2']), txt('b', ['one'])],
    ],
    [
      'both spellings of an MX',
      'b:\n  type: MX\n  values:\n    - {preference: 10, exchange: Mail.Example.net.}\n    - {priority: 0, value: .}\n',
      [mx('b', [0, '.'], [10, 'mail.example.net.'])],
    ],
    [
      'the fields of SRV, TLSA and CAA, a flag of 0 left out',
      'b:\n- type: SRV\n  values:\n    - {port: 993, priority: 0, target: Mail.Example.net., weight: 1}\n    - {port: 0, priority: 0, target: ., weight: 0}\n- type: TLSA\n  value: {certificate_association_data: ABCD, certificate_usage: 3, matching_type: 1, selector: 1}\n- type: CAA\n  values:\n    - {tag: issue, value: ca.example.net; account=1}\n    - {flags: 128, tag: iodef, value: "mailto:a@example.net"}\n',
      [
        caa('b', [0, 'issue', 'ca.example.net; account=1'], [128, 'iodef', 'mailto:a@example.net']),
        srv('b', [0, 1, 993, 'mail.example.net.'], [0, 0, 0, '.']),
        tlsa('b', [3, 1, 1, 'abcd']),
      ],
    ],
    [
      'names in U-labels and in capitals',
      'Bücher:\n  type: CNAME\n  value: Straße.example.net.\n',
      [cname('xn--bcher-kva', 'xn--strae-oqa.example.net.')],
    ],
    ['an IPv6 address in any form', 'b:\n  type: AAAA\n  value: 2001:0DB8::0:1\n', [aaaa('b', ['2001:db8::1'])]],
    [
      'semicolons with and without their backslash',
      'b:\n  type: TXT\n  values:\n    - v=DMARC1\\; p=none\n    - v=X1; y\n',
      [txt('b', ['v=DMARC1; p=none', 'v=X1; y'])],
    ],
    ['quoted character-strings', 'b:\n  type: TXT\n  value: \'"one " "and \\b"\'\n', [txt('b', ['one and \\b'])]],
    [
      'YAML of all kinds',
      'b: !!map\n  type: TXT\n  values:\n    - |-\n      two\n      lines\n    - !!str 12\n    - "\\x41"\n',
      [txt('b', ['12', 'A', 'two\nlines'])],
    ],
    [
      'a TTL by merge and alias',
      'a: &d {ttl: &t 60, type: NAPTR}\nb:\n  <<: *d\n  type: A\n  value: 192.0.2.1\nc:\n  ttl: *t\n  type: A\n  value: 192.0.2.1\n',
      [a('b', ['192.0.2.1'], 60), a('c', ['192.0.2.1'], 60)],
    ],
  ]
  test.each(files)('%s', (_, text, rrsets) => {
    expect(read(text)).toEqual(rrsets)
  })

  test('its own defaults may be others', () => {
    const file = 'b:\n  type: TXT\n  value: a\\;b\n'
    expect(readZoneFile(file, ZONE, { defaultTtl: 60, escapedSemicolons: false })).toEqual([txt('b', ['a\\;b'], 60)])
  })

  test('types that mailsync does not write are seen, whatever they say', () => {
    expect(
      readAll(
        'b:\n- type: NAPTR\n  values: {odd: [~, 1.5]}\n- type: X\n- type: SSHFP\n  ttl: soon\n  value: 2026-11-22\n- type: SOA\n',
      ),
    ).toEqual([opaque(at('b'), 'NAPTR', 3600), opaque(at('b'), 'SSHFP', 3600), opaque(at('b'), 'X', 3600)])
  })

  test('a key that is no name is left out', () => {
    expect(read('"not a name":\n  type: A\n  value: 192.0.2.1\n')).toEqual([])
  })
})

describe('what must not be changed is locked, with the reason and the line', () => {
  const locks: readonly [text: string, reason: RegExp][] = [
    ['b:\n  type: A\n  value: 192.0.2.300\n', /^"192.0.2.300" is no IPv4 address \(line 2\)$/],
    ['b:\n  type: A\n  values: [192.0.2.1, "2001:db8::1"]\n', /^"2001:db8::1" is no IPv4 address/],
    ['b:\n  type: AAAA\n  value: 1:2:3:4:5:6:7:8\n', /1:2:3:4:5:6:7:8 is not text to octoDNS: quote it/],
    ['b:\n  type: TXT\n  values: [one, 12345]\n', /12345 is not text to octoDNS: quote it/],
    ['b:\n  type: TXT\n  value: 2026-11-22\n', /2026-11-22 is not text/],
    ['b:\n  type: TXT\n  value:\n', /is empty/],
    ['b:\n  type: TXT\n  values: [[a]]\n', /not text/],
    ['b:\n  type: TXT\n', /^it has no value/],
    ['b:\n  type: A\n  values: []\n', /^it has no value/],
    ['b:\n  type: A\n  ttl: 1h\n  value: 192.0.2.1\n', /its ttl is "1h", not a number/],
    ['b:\n  type: A\n  ttl: 010\n  value: 192.0.2.1\n', /its ttl is "010", not a number/],
    ['b:\n  type: CNAME\n  value: www.example.com\n', /"www.example.com" does not end in a dot; add the dot/],
    ['b:\n  type: CNAME\n  value: 2001:db8::1\n', /"2001:db8::1" is an address, and an address is no name/],
    [
      'b:\n  type: MX\n  value: {preference: 10, exchange: 192.0.2.7}\n',
      /^the exchange of MX the name "192.0.2.7" is an address, and an address is no name \(line 2\)$/,
    ],
    ['b:\n  type: MX\n  value: mail.example.com.\n', /not a mapping of exchange, preference/],
    ['b:\n  type: MX\n  value: {exchange: mail.example.com.}\n', /the preference of MX is missing/],
    ['b:\n  type: MX\n  value: {preference: 65536, exchange: .}\n', /65536/],
    ['b:\n  type: SRV\n  value: 0 1 993 mail.example.com.\n', /SRV is not a mapping of port, priority, target, weight/],
    [
      'b:\n  type: SRV\n  value: {port: 993, priority: 0, target: mail.example.com, weight: 1}\n',
      /does not end in a dot/,
    ],
    ['b:\n  type: SRV\n  value: {port: 993, priority: 0, target: .}\n', /the weight of SRV is missing/],
    [
      'b:\n  type: CAA\n  value: {flags: 256, tag: issue, value: x}\n',
      /the flags of CAA is "256", not a number from 0/,
    ],
    ['b:\n  type: CAA\n  value: {tag: is sue, value: x}\n', /one of its values is no CAA record/],
    [
      'b:\n  type: TLSA\n  value: {certificate_association_data: 1234, certificate_usage: 3, matching_type: 1, selector: 1}\n',
      /1234 is not text to octoDNS: quote it/,
    ],
    [
      'b:\n  type: TLSA\n  value: {certificate_association_data: xyz, certificate_usage: 3, matching_type: 1, selector: 1}\n',
      /no TLSA record/,
    ],
    ['b:\n  type: MX\n  value: {preference: 1}\n', /the exchange of MX is missing/],
    ['b:\n  type: A\n  value: 192.0.2.1\n  values: [192.0.2.2]\n', /both value and values/],
    ['b:\n  type: A\n  value: 192.0.2.1\n  value: 192.0.2.2\n', /its value is written twice/],
    ['b:\n- {type: A, value: 192.0.2.1}\n- {type: A, value: 192.0.2.2}\n', /two records of this name and type/],
    ['b:\n  type: A\n  value: 192.0.2.1\n  dynamic: {pools: {}, rules: []}\n', /geo or dynamic/],
    ['b:\n  type: A\n  value: 192.0.2.1\n  geo: {NA: [192.0.2.2]}\n', /geo or dynamic/],
    ['b:\n  type: A\n  value: 192.0.2.1\n  octodns: {healthcheck: {port: 80}}\n', /health check/],
    ['b:\n  type: A\n  value: 192.0.2.1\n  octodns: {ignored: true}\n', /^octoDNS ignores it, so that nobody is/],
    ['b:\n  type: A\n  value: 192.0.2.1\n  octodns: {ignored: 1}\n', /^octoDNS ignores it/],
    ['b:\n  type: A\n  value: 192.0.2.1\n  octodns: {ignored: "no"}\n', /^octoDNS ignores it/],
    ['b:\n  octodns: {cloudflare: {auto-ttl: true, proxied: true}}\n  type: A\n  value: 192.0.2.1\n', /proxied: other/],
    [
      'a: &x {type: NAPTR}\nb:\n  <<: *x\n  type: TXT\n  values: &v [one]\nc:\n  type: NAPTR\n  values: *v\n',
      /repeat its values by a YAML alias/,
    ],
    ['a:\n  type: NAPTR\n  values: &v [one]\nb:\n  type: TXT\n  values: *v\n', /its values is the YAML alias \*v/],
    ['a: &x {type: NAPTR, value: one}\nb:\n  <<: *x\n  type: TXT\n', /its value comes from a YAML merge/],
    ['on:\n  type: A\n  value: 192.0.2.1\n', /its name on is not text to octoDNS: quote it/],
  ]
  test.each(locks)('%j', (text, reason) => {
    expect(read(text).map(({ locked }) => locked)).toEqual([expect.stringMatching(reason)])
  })

  test.each([
    '{ignored: false}',
    '{ignored: off}',
    '{ignored: 0}',
    "{ignored: ''}",
    '{lenient: true}',
    '{excluded: [other]}',
    '{cloudflare: {proxied: false, auto-ttl: true}}',
    '{cloudflare: proxied}',
    '',
  ])('not what octoDNS has no word against: octodns: %s', (extras) => {
    const text = `b:\n  type: A\n  value: 192.0.2.1\n  octodns: ${extras}\n`
    expect(read(text)).toEqual([a('b', ['192.0.2.1'])])
  })

  test('not a record that Cloudflare does not proxy, whatever it says', () => {
    const text =
      'b:\n  type: MX\n  value: {preference: 1, exchange: mx.example.net.}\n  octodns: {cloudflare: {proxied: true}}\n'
    expect(read(text).map(({ locked }) => locked)).toEqual([undefined])
  })

  test('both records of which one is the alias of the other', () => {
    expect(read('a: &x {type: A, value: 192.0.2.1}\nb: *x\n')).toEqual([
      { ...a('a', ['192.0.2.1']), locked: 'other places of the file repeat it by a YAML alias (line 1)' },
      { ...a('b', ['192.0.2.1']), locked: 'it is the YAML alias *x (line 1)' },
    ])
  })

  test.each(['ALIAS', 'Route53Provider/ALIAS'])('what stands beside an %s is not answered', (type) => {
    const zone = zoneWith(ZONE, readAll(`b:\n- type: ${type}\n  ttl: 60\n  value: x.example.net.\n`))
    expect(zone.rrsets).toEqual([opaque(at('b'), 'ALIAS', 60)])
    for (const mine of ['A', 'AAAA']) expect(zone.inTheWay(at('b'), mine)).toEqual([{ kind: 'alias', type: 'ALIAS' }])
    expect(zone.inTheWay(at('b'), 'MX')).toEqual([])
  })

  test('nor what lies below a DNAME', () => {
    const zone = zoneWith(ZONE, readAll('b:\n  type: DNAME\n  value: x.example.net.\n'))
    expect(zone.inTheWay(at('s1._domainkey.b'), 'TXT')).toEqual([{ kind: 'dname', at: at('b') }])
  })

  test('names that look like numbers, truth values or nothing are not, when quoted', () => {
    const labels = ['10', '010', 'on', 'null', 'y']
    const text = labels.map((label) => `'${label}':\n  type: A\n  value: 192.0.2.1\n`).join('')
    expect(read(text).filter(({ locked }) => locked)).toEqual([])
    expect(read('10:\n  type: A\n  value: 192.0.2.1\ny:\n  type: A\n  value: 192.0.2.1\n')).toEqual([
      a('10', ['192.0.2.1']),
      a('y', ['192.0.2.1']),
    ])
  })
})

describe('what is no zone file is refused, with its place', () => {
  const files: readonly [text: string, message: RegExp, line: number, column: number][] = [
    ['a:\n  type: A\n value: 192.0.2.1\n', /not valid YAML/, 3, 2],
    ['a: [\n', /not valid YAML/, 2, 1],
    ['a: *nowhere\n', /no anchor &nowhere stands above/, 1, 4],
    ['a: \0\n', /not valid YAML/, 1, 4],
    ['- a\n- b\n', /is a mapping of names/, 1, 1],
    ['just text\n', /is a mapping of names/, 1, 1],
    ['a: {type: A, value: 192.0.2.1}\n---\nb: {}\n', /one YAML document/, 3, 1],
    ['a: {type: A}\nb: {type: A}\na: {type: TXT}\n', /'a' is written twice/, 3, 1],
    ["'@':\n  type: A\n", /'@' is no relative name/, 1, 1],
    ['www.example.com.:\n  type: A\n', /no relative name/, 1, 1],
    ['<<: {a: {type: A}}\n', /merges others/, 1, 1],
    ['a: 192.0.2.1\n', /not a mapping with type and value/, 1, 4],
    ['a:\n', /not a mapping with type and value/, 1, 1],
    ['a:\n  - type: A\n    value: 192.0.2.1\n  - 192.0.2.2\n', /not a mapping/, 4, 5],
    ['a: {value: 192.0.2.1}\n', /a record of 'a' has no type/, 1, 4],
    ['a: !include other.yaml\n', /includes others is not supported/, 1, 13],
    ['[a]: {type: A}\n', /a name is text/, 1, 1],
  ]
  test.each(files)('%j', (text, message, line, column) => {
    const refused = (): RRset[] => read(text)
    expect(refused).toThrow(MailsyncError)
    expect(refused).toThrow(message)
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'io',
        hint: expect.stringMatching(/./),
        where: { zone: ZONE, file: 'zones/example.com.yaml', line, column },
      }),
    )
  })
})

describe('RRsets as a zone file', () => {
  test('are in octoDNS’s order, with every TTL, a list only where there are several', () => {
    const rrsets = [
      txt('a10', ['v=DMARC1; p=none', 'no'], 60),
      mx('@', [20, 'backup.example.net.'], [10, 'mail.example.com.']),
      a('@', ['192.0.2.1']),
      a('a2', ['192.0.2.1', '192.0.2.2']),
    ]
    expect(octodnsZone(ZONE, rrsets)).toBe(`---
'':
  - ttl: 3600
    type: A
    value: 192.0.2.1
  - ttl: 3600
    type: MX
    values:
      - exchange: backup.example.net.
        preference: 20
      - exchange: mail.example.com.
        preference: 10
a2:
  ttl: 3600
  type: A
  values:
    - 192.0.2.1
    - 192.0.2.2
a10:
  ttl: 60
  type: TXT
  values:
    - v=DMARC1\\; p=none
    - 'no'
`)
  })

  test('of a reverse zone have numbers for names, in their order', () => {
    const zone = '2.0.192.in-addr.arpa.' as Name
    const rrsets = [ptr('10', zone, 'mail.example.com.'), ptr('9', zone, 'www.example.com.')]
    const text = octodnsZone(zone, rrsets)
    expect(text.match(/^\S+(?=:$)/gm)).toEqual(["'9'", "'10'"])
    expect(readZoneFile(text, zone)).toEqual(rrsets.toReversed())
  })

  test('that are none make an empty zone', () => {
    expect(octodnsZone(ZONE, [])).toBe('---\n{}\n')
  })
})
