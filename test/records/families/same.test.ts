import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { families, purposes } from '../../../records/families/index.js'

const { spf, dmarc } = families

describe('SPF records that mean the same', () => {
  test.each([
    ['v=spf1 a -all', 'V=SPF1  +A  -All '],
    ['v=spf1 ip4:192.0.2.1 -all', 'v=spf1 ip4:192.0.2.1/32 ip4:192.0.2.1 -all'],
    ['v=spf1 ip4:192.0.2.1 ip4:198.51.100.0/24 -all', 'v=spf1 ip4:198.51.100.9/24 ip4:192.0.2.1 -all'],
    ['v=spf1 include:A.example mx/32//128 ~all', 'v=spf1 include:a.EXAMPLE. mx ~all'],
    ['v=spf1 a', 'v=spf1 a ?all'],
    ['v=spf1 a -all', 'v=spf1 a -all mx redirect=b.example x=1'],
    ['v=spf1 -ip4:192.0.2.1 ip4:192.0.2.1 -all', 'v=spf1 -ip4:192.0.2.1 -all'],
  ])('%s', (a, b) => {
    expect(spf.same(a, b)).toBe(true)
  })
})

describe('SPF records that may not mean the same', () => {
  test.each([
    ['another end', 'v=spf1 a -all', 'v=spf1 a ~all'],
    [
      'an include before or after an address: it may end in an error',
      'v=spf1 include:a.example ip4:192.0.2.1 -all',
      'v=spf1 ip4:192.0.2.1 include:a.example -all',
    ],
    [
      'a qualifier in between',
      'v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 -all',
      'v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.1 -all',
    ],
    [
      'an include twice: it costs a look-up more',
      'v=spf1 include:a.example include:a.example -all',
      'v=spf1 include:a.example -all',
    ],
    ['redirect and include', 'v=spf1 redirect=a.example', 'v=spf1 include:a.example ?all'],
    ['an explanation', 'v=spf1 -all', 'v=spf1 -all exp=a.example'],
    ['a macro in capitals, which is escaped', 'v=spf1 exists:%{s}.a.example -all', 'v=spf1 exists:%{S}.a.example -all'],
    ['a permerror', 'v=spf1 ip4:192.0.2.0/24 -all', 'v=spf1 ip4:192.0.2.0/024 -all'],
    ['a permerror in the same way', 'v=spf1 ip4:1 -all', 'v=spf1  ip4:1 -all'],
  ])('%s', (_, a, b) => {
    expect(spf.same(a, b)).toBe(false)
  })
})

describe('DMARC policies that mean the same as v=DMARC1; p=reject; rua=mailto:d@example.com', () => {
  test.each([
    'v=DMARC1;p=reject;rua=mailto:d@example.com;',
    'v=DMARC1; rua=mailto:d@Example.COM!50m; p=Reject',
    'v=DMARC1; p=reject; sp=reject; np=reject; rua=mailto:d@example.com',
    'v=DMARC1; p=reject; adkim=r; aspf=r; fo=0; pct=100; ri=86400; rf=afrf; t=n; psd=u; rua=mailto:d@example.com',
    'v=DMARC1; p=reject; x=1; rua=mailto:d@example.com',
    'v=DMARC1; p=reject; fo=1; rua=mailto:d@example.com',
  ])('%s', (text) => {
    expect(dmarc.same(text, 'v=DMARC1; p=reject; rua=mailto:d@example.com')).toBe(true)
  })

  test.each([
    ' v=DMARC1; p=reject; rua=mailto:d@example.com',
    'v=DMARC1; p=reject; sp=none; rua=mailto:d@example.com',
    'v=DMARC1; p=reject; pct=50; rua=mailto:d@example.com',
    'v=DMARC1; p=reject; t=y; rua=mailto:d@example.com',
    'v=DMARC1; p=reject; fo=1; rua=mailto:d@example.com; ruf=mailto:f@example.com',
    'v=DMARC1; p=reject; rua=mailto:D@example.com',
    'v=DMARC1; p=reject; rua=mailto:d@example.com; adkim=x',
    'v=DMARC1; p=reject',
  ])('not: %s', (text) => {
    expect(dmarc.same(text, 'v=DMARC1; p=reject; rua=mailto:d@example.com')).toBe(false)
  })
})

/** Texts near to records of every family, most of them in some way wrong. */
const pieces =
  'v=spf1|v=DMARC1|v=DKIM1|;|; | |\t|=|p=|p=none|p=reject|sp=none|-all|~all|a|mx|/|24|:|ip4:192.0.2.1|ip6:2001:db8::/32|include:|a.example|%{d}|redirect=|exp=|k=rsa|k=ed25519|t=y|11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=|rua=mailto:d@example.com|,|!10m|10 |mail.example.com.|\u00a0|é|v=STSv1|v=TLSRPTv1|v=BIMI1|id=20|x=1|rua=https://a.example/t|l=|a=|l=https://a.example/l.svg|avp=personal'
const value = fc.array(fc.constantFrom(...pieces.split('|')), { maxLength: 12 }).map((parts) => parts.join(''))

describe.each(purposes)('of %s', (purpose) => {
  const { read, write, same } = families[purpose]

  test('every value is the same as itself, and sameness has no direction', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(same(a, a)).toBe(true)
        expect(same(a, b)).toBe(same(b, a))
      }),
    )
  })

  test('what is read and written is read as the same, and written no other way again', () => {
    fc.assert(
      fc.property(value, (text) => {
        const { value: first, faults } = read(text)
        if (first === undefined) return
        const again = write(first)
        const second = read(again).value
        expect(second).toBeDefined()
        expect(write(second)).toBe(again)
        if (faults.length === 0) expect(same(text, again)).toBe(true)
      }),
    )
  })
})

test('spelling alone never makes a difference to SPF', () => {
  const terms = [
    'a',
    'mx:Mail.example.com',
    'ip4:192.0.2.1',
    'ip6:2001:db8::/32',
    'include:_spf.example.org',
    'exists:%{i}.a.example',
  ]
  const respelt = (term: string): string =>
    term.includes('%') ? `+${term}` : `+${term}`.toUpperCase().replace('192.0.2.1', '192.0.2.1/32')
  fc.assert(
    fc.property(fc.subarray(terms), fc.constantFrom(' ', '  ', '   '), (some, blank) => {
      const other = ['V=spf1', ...some.map(respelt), '~ALL', 'x=1 '].join(blank)
      expect(spf.same(['v=spf1', ...some, '~all'].join(' '), other)).toBe(true)
    }),
  )
})

test('spelling alone never makes a difference to DMARC', () => {
  const blank = fc.constantFrom('', ' ', '\t', ' \t')
  const tags = fc.subarray(['sp=none', 'adkim=s', 'fo=1', 'rua=mailto:d@example.com', 't=y', 'x=1'])
  fc.assert(
    fc.property(tags, blank, blank, fc.boolean(), (some, before, after, isLast) => {
      const plain = ['v=DMARC1', 'p=reject', ...some].join('; ')
      const [version, ...rest] = plain.split('; ').map((tag) => tag.replace('=', `${before}=${after}`))
      expect(dmarc.same(plain, [version, ...rest.reverse()].join(`${after};${before}`) + (isLast ? ';' : ''))).toBe(
        true,
      )
    }),
  )
})

test.each(['a ', 'v=spf1 a:', '%{', ';', 'p=', 'p =;', 'mailto:a@', '!1', '/0', '\t', 'ip4:1.', '1'])(
  'sixty thousand octets of %j are read by every family before the test times out',
  (piece) => {
    for (const purpose of purposes)
      for (const head of [
        '',
        'v=spf1 ',
        'v=DMARC1; p=none; rua=',
        'v=DKIM1; p=',
        'v=STSv1; id=',
        'v=TLSRPTv1; rua=',
        'v=BIMI1; l=',
      ]) {
        const text = head + piece.repeat(60_000 / piece.length)
        families[purpose].read(text)
        families[purpose].isOwn?.(text, 'TXT')
        families[purpose].same(text, `${text} `)
      }
  },
)
