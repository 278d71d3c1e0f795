import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { a, aaaa, cname, mx, txt } from '../../../conformance/rrsets.js'
import { MailsyncError } from '../../../records/error.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { edited, lineDiff, octodns } from './edited.js'

const handWritten = readFileSync(new URL('kept-by-hand.txt', import.meta.url), 'utf8')
const apexTxt = ['MS=ms123; kept', 'a long story', 'google-site-verification=abc']

describe('in a file kept by hand only these lines change', () => {
  const cases: readonly [when: string, wanted: readonly RRset[], diff: readonly string[]][] = [
    [
      'our value among strangers’ is replaced',
      [txt('@', [...apexTxt, 'v=spf1 -all'], 1800)],
      ['-        - v=spf1 ip4:192.0.2.10 ~all   # mail', '+        - v=spf1 -all   # mail'],
    ],
    ['our value among strangers’ goes', [txt('@', apexTxt, 1800)], ['-        - v=spf1 ip4:192.0.2.10 ~all   # mail']],
    [
      'a value joins strangers’',
      [txt('@', [...apexTxt, 'v=spf1 ip4:192.0.2.10 ~all', 'x; y'], 1800)],
      ['+        - x\\; y'],
    ],
    ['a record gets a TTL of its own', [a('mail', ['192.0.2.10'], 60)], ['+    ttl: 60']],
    [
      'a TTL that was an alias changes',
      [cname('www', 'example.com.')].map((rrset) => ({ ...rrset, ttl: 60 })),
      ['-    ttl: *hour', '+    ttl: 60'],
    ],
    [
      'a single value is replaced',
      [a('mail', ['192.0.2.11'])],
      ['-    value: 192.0.2.10   # rack 3', '+    value: 192.0.2.11   # rack 3'],
    ],
    [
      'one value grows to two',
      [a('mail', ['192.0.2.10', '192.0.2.11'])],
      ['-    value: 192.0.2.10   # rack 3', '+    values:', '+      - 192.0.2.10   # rack 3', '+      - 192.0.2.11'],
    ],
    [
      'a second type comes to a name',
      [aaaa('mail', ['2001:db8::10'])],
      ['-    type: A', '+  - type: A', '+  - type: AAAA', '+    value: 2001:db8::10'],
    ],
    [
      'a record on one line changes',
      [txt('_dmarc', ['v=DMARC1; p=reject'], 300)],
      [
        '-"_dmarc":   {type: TXT, value: v=DMARC1\\; p=none}',
        '+"_dmarc":   {ttl: 300, type: TXT, value: v=DMARC1\\; p=reject}',
      ],
    ],
    [
      'one of two MX goes',
      [mx('@', [20, 'backup.example.net.'])],
      [
        '-      values:',
        '-        - {preference: 10, exchange: mail.example.com.}',
        "-        - exchange: backup.example.net.   # the friend's machine",
        '-          preference: 20',
        '+      value:',
        "+        exchange: backup.example.net.   # the friend's machine",
        '+        preference: 20',
      ],
    ],
    [
      'the preference of one MX changes',
      [mx('@', [10, 'mail.example.com.'], [30, 'backup.example.net.'])],
      ['-          preference: 20', '+          preference: 30'],
    ],
    [
      'one record of a name goes',
      [mx('@')],
      [
        '-    - type: MX',
        '-      values:',
        '-        - {preference: 10, exchange: mail.example.com.}',
        "-        - exchange: backup.example.net.   # the friend's machine",
        '-          preference: 20',
      ],
    ],
    ['a name goes', [txt('_dmarc', [])], ['-"_dmarc":   {type: TXT, value: v=DMARC1\\; p=none}']],
    [
      'a name comes, where octoDNS’s order wants it',
      [a('mx2', ['192.0.2.12'])],
      ['+', '+mx2:', '+    type: A', '+    value: 192.0.2.12'],
    ],
    [
      'many things happen at once',
      [
        txt('@', [...apexTxt, 'v=spf1 -all'], 1800),
        mx('@'),
        aaaa('mail', ['2001:db8::10']),
        txt('_dmarc', []),
        txt('s1._domainkey', ['v=DKIM1; p=']),
      ],
      [
        '-    - type: MX',
        '-      values:',
        '-        - {preference: 10, exchange: mail.example.com.}',
        "-        - exchange: backup.example.net.   # the friend's machine",
        '-          preference: 20',
        '-        - v=spf1 ip4:192.0.2.10 ~all   # mail',
        '+        - v=spf1 -all   # mail',
        '-"_dmarc":   {type: TXT, value: v=DMARC1\\; p=none}',
        '-    type: A',
        '+  - type: A',
        '+  - type: AAAA',
        '+    value: 2001:db8::10',
        '-    value: "v=DKIM1\\\\; k=rsa\\\\; \\',
        '-      p=MIIB"',
        '+    value: v=DKIM1\\; p=',
      ],
    ],
  ]
  test.each(cases)('when %s', (_, wanted, diff) => {
    expect(lineDiff(handWritten, edited(handWritten, wanted))).toEqual(diff)
  })
})

describe('what came and went leaves the file as it was', () => {
  const dumped = `---
? ''
: ttl: 300
  type: TXT
  value: google-site-verification=abc
_dmarc:
  type: TXT
  value: v=DMARC1\\; p=none
www:
- type: A
  values:
  - 192.0.2.80
  - 192.0.2.81
- type: AAAA
  value: 2001:db8::80
`
  const folded = `---
txt:
  type: TXT
  value: >-
    a long
    story   # no comment

www: {type: A, value: 192.0.2.80}
`
  const files: readonly [what: string, text: string][] = [
    ['kept by hand', handWritten],
    ['as octoDNS dumps it', dumped],
    ['with folded text and a record on one line', folded],
    ['of Windows, and without a line break at its end', dumped.replaceAll('\n', '\r\n').slice(0, -2)],
    ['with a byte order mark', `\ufeff${folded.slice(4)}`],
    ['of blank lines and comments only', '\n# nothing yet\n'],
  ]
  const visitors: readonly RRset[] = [
    a('a1', ['192.0.2.1']),
    aaaa('mail', ['2001:db8::10']),
    txt('www', ['one', 'two; three']),
    txt('zz', ['last'], 60),
    mx('apex', [10, 'mail.example.com.'], [20, 'mail.example.net.']),
  ]
  test.each(files)('%s', (_, text) => {
    const visited = edited(text, visitors)
    expect(visited).not.toBe(text)
    const left = edited(
      visited,
      visitors.map((rrset) => ({ ...rrset, rdata: [] })),
    )
    const empty = text.includes('nothing yet') ? `${text}{}\n` : text
    expect(left).toBe(empty)
  })

  test('a second value', () => {
    const google = 'google-site-verification=abc'
    const visited = edited(dumped, [txt('@', [google, 'v=spf1 -all'], 300)])
    expect(edited(visited, [txt('@', [google], 300)])).toBe(dumped)
    expect(
      edited(edited(folded, [txt('txt', ['a long story   # no comment', 'b'])]), [
        txt('txt', ['a long story   # no comment']),
      ]),
    ).toBe(folded)
  })
})

describe('a new name', () => {
  test('stands in octoDNS’s natural order', () => {
    const file =
      "'':\n  type: A\n  value: 192.0.2.1\na2:\n  type: A\n  value: 192.0.2.1\na10:\n  type: A\n  value: 192.0.2.1\n"
    const after = edited(
      file,
      ['*', 'a1', 'a3', 'a11', 'b'].map((label) => a(label, ['192.0.2.2'])),
    )
    expect(after.match(/^\S+(?=:$)/gm)).toEqual(["''", "'*'", 'a1', 'a2', 'a3', 'a10', 'a11', 'b'])
  })

  test('stands at the end of a file that keeps no order, or need keep none', () => {
    const disordered = 'b:\n  type: A\n  value: 192.0.2.1\na:\n  type: A\n  value: 192.0.2.1\n'
    const one = 'm:\n  type: A\n  value: 192.0.2.2\n'
    expect(edited(disordered, [a('m', ['192.0.2.2'])])).toBe(disordered + one)
    const ordered = 'z:\n  type: A\n  value: 192.0.2.1\n'
    expect(edited(ordered, [a('m', ['192.0.2.2'])], { ...octodns, enforceOrder: false })).toBe(ordered + one)
  })

  test('stands above the comment of the first name, below that of the file', () => {
    const file = '# the zone\n\n# the web\nwww:\n  type: A\n  value: 192.0.2.1\n'
    expect(edited(file, [txt('@', ['v=spf1 -all'])])).toBe(
      file.replace('# the web', "'':\n  type: TXT\n  value: v=spf1 -all\n# the web"),
    )
  })

  test('fills an empty file', () => {
    expect(edited('', [a('www', ['192.0.2.1'])])).toBe('---\nwww:\n  type: A\n  value: 192.0.2.1\n')
    expect(edited('---\n{}\n', [a('www', ['192.0.2.1'], 60)])).toBe(
      '---\nwww:\n  ttl: 60\n  type: A\n  value: 192.0.2.1\n',
    )
    expect(edited('--- {}', [txt('www', ['no'])])).toBe("--- \nwww:\n  type: TXT\n  value: 'no'")
  })

  test('joins a file of brackets in brackets', () => {
    const file = '{"b": {"type": "A", "value": "192.0.2.1"}}\n'
    const after = edited(file, [a('a', ['192.0.2.2']), mx('b', [10, 'mail.example.com.']), a('c', ['192.0.2.3'])])
    expect(after).toBe(
      '{a: {type: A, value: 192.0.2.2}, "b": [{"type": "A", "value": "192.0.2.1"}, ' +
        '{type: MX, value: {exchange: mail.example.com., preference: 10}}], c: {type: A, value: 192.0.2.3}}\n',
    )
    expect(edited(after, [a('a', []), mx('b'), a('c', [])])).toBe('{"b": [{"type": "A", "value": "192.0.2.1"}]}\n')
  })

  test('puts quotes around what PyYAML cannot read inside brackets', () => {
    const file = 'a: {type: TXT, value: v=spf1 -all}\nb: {type: AAAA, value: "::2"}\n'
    expect(edited(file, [txt('a', ['v=spf1 ?all']), aaaa('b', ['::1'])])).toBe(
      "a: {type: TXT, value: 'v=spf1 ?all'}\nb: {type: AAAA, value: '::1'}\n",
    )
  })
})

describe('a change that would change other records too is refused, and the file is named', () => {
  const refusals: readonly [what: string, text: string, wanted: RRset][] = [
    ['of a TTL that others repeat', handWritten, a('@', ['192.0.2.80', '192.0.2.81'], 60)],
    [
      'of a TTL that hides another of the same anchor',
      `a: {ttl: &t 60, type: A, value: 192.0.2.1}
b: {ttl: &t 70, type: A, value: 192.0.2.2}
c: {ttl: *t, type: A, value: 192.0.2.3}
`,
      a('b', ['192.0.2.2'], 80),
    ],
    [
      'that takes away what a stranger’s record repeats',
      'a: {ttl: &t 60, type: A, value: 192.0.2.1}\nb: {ttl: *t, type: NAPTR, value: odd}\n',
      a('a', []),
    ],
  ]
  test.each(refusals)('%s', (_, text, wanted) => {
    const refused = (): string => edited(text, [wanted])
    expect(refused).toThrow(MailsyncError)
    const where = { zone: 'example.com.', file: 'example.com.yaml' }
    expect(refused).toThrow(
      expect.objectContaining({ code: 'rejected', where, hint: expect.stringMatching('by hand') }),
    )
  })
})

test('semicolons stay as they are where octoDNS is told that they are not escaped', () => {
  const file = 't:\n  type: TXT\n  value: v=DMARC1; p=none\n'
  const options = { ...octodns, escapedSemicolons: false }
  expect(edited(file, [txt('t', ['v=DMARC1; p=reject'])], options)).toBe(file.replace('none', 'reject'))
})
