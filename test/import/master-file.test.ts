import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import { rdataText } from '../../records/rr/rdata.js'
import {
  type AnyRRset,
  canonical,
  compareRRsets,
  isKnown,
  keyOf,
  type RRset,
  rdataTexts,
} from '../../records/rr/rrset.js'
import { quoteTxt } from '../../records/rr/txt.js'
import { readMasterFile } from '../../src/import/master-file/master-file.js'
import { SpecErrors } from '../../src/problem.js'
import { told } from '../config/load.js'
import { missingServer, programPath, serverAvailable } from '../servers/dns-server.js'
import { run } from '../servers/server-process.js'

/** What master files in the wild do: units, implied owners, TTL and class in any order, parentheses, quotes, several origins. */
const MESSY = String.raw`; zone of a home server
$TTL 1h30m ; the default
$ORIGIN example.com.
@	IN SOA ns1 hostmaster (
	2026010101 ; serial ( with a parenthesis
	1h 15m 2w  ; and a "quote
	300 )
	IN NS ns1
	   NS ns2.other.net.
@ 300 IN TXT "v=spf1 ip4:192.0.2.1 -all" ; the SPF
  300 TXT "has ; a semicolon" " and \"quotes\" (and a parenthesis"
  300 TXT ( "a part; "
        "and another" ) ; the end
  300 TXT bare-word
  IN 300 TXT "\226\130\172 \\ back"
  MX 10 mail
  MX 20 mx.backup.net.
ns1  A 192.0.2.53
mail A 192.0.2.1
     AAAA 2001:DB8::1
MX IN A 192.0.2.2
a A 192.0.2.3
txt 1d TXT x
10 IN PTR host.example.com.
$ORIGIN sub
www A 192.0.2.9
$ORIGIN other.example.com.
@ 0 A 192.0.2.77
*._domainkey.example.com. TXT "v=DKIM1; p="
_imaps._tcp SRV 0 1 993 mail.example.com.
`

function linesOf(rrsets: readonly AnyRRset[]): string[] {
  return rrsets
    .flatMap((rrset) =>
      (isKnown(rrset) ? rdataTexts(rrset) : rrset.rdata).map(
        (text) => `${rrset.name} ${rrset.ttl} ${rrset.type} ${text}`,
      ),
    )
    .sort()
}

function problemsOf(text: string, origin?: string): string[] {
  try {
    readMasterFile(text, { file: 'db.example', origin: origin as Name | undefined })
    return []
  } catch (error) {
    if (error instanceof SpecErrors) return error.problems.map(told)
    throw error
  }
}

test('a master file is read as it is meant, whatever its style', () => {
  const { zone, rrsets, others } = readMasterFile(MESSY, { file: 'db.example' })
  expect(zone).toBe('example.com.')
  expect(linesOf(rrsets)).toEqual(
    [
      'example.com. 5400 NS ns1.example.com.',
      'example.com. 5400 NS ns2.other.net.',
      'example.com. 300 TXT v=spf1 ip4:192.0.2.1 -all',
      'example.com. 300 TXT has ; a semicolon and "quotes" (and a parenthesis',
      'example.com. 300 TXT a part; and another',
      'example.com. 300 TXT bare-word',
      'example.com. 300 TXT \u20ac \\ back',
      'example.com. 5400 MX 10 mail.example.com.',
      'example.com. 5400 MX 20 mx.backup.net.',
      'ns1.example.com. 5400 A 192.0.2.53',
      'mail.example.com. 5400 A 192.0.2.1',
      'mail.example.com. 5400 AAAA 2001:db8::1',
      'mx.example.com. 5400 A 192.0.2.2',
      'a.example.com. 5400 A 192.0.2.3',
      'txt.example.com. 86400 TXT x',
      '10.example.com. 5400 PTR host.example.com.',
      'www.sub.example.com. 5400 A 192.0.2.9',
      'other.example.com. 0 A 192.0.2.77',
      '*._domainkey.example.com. 5400 TXT v=DKIM1; p=',
      '_imaps._tcp.other.example.com. 5400 SRV 0 1 993 mail.example.com.',
    ].sort(),
  )
  expect(others).toEqual([])
})

test('without $TTL the TTL before counts, and before any the minimum of the SOA', () => {
  const text = 'example.com. SOA ns. me. 1 2 3 4 77\n A 192.0.2.1\nx 600 A 192.0.2.2\ny A 192.0.2.3\n'
  const { rrsets } = readMasterFile(`$ORIGIN example.com.\n${text}`, { file: 'db.example' })
  expect(rrsets.map(({ name, ttl }) => [name, ttl])).toEqual([
    ['example.com.', 77],
    ['x.example.com.', 600],
    ['y.example.com.', 600],
  ])
})

test('a file without SOA and $ORIGIN is the zone it is said to be; octets that are not UTF-8 stay', () => {
  const { zone, rrsets } = readMasterFile('@ 60 IN TXT "\\255\\000"\r\nwww 60 A 192.0.2.1\r\n', {
    file: 'db.example',
    origin: 'example.com.' as Name,
  })
  expect(zone).toBe('example.com.')
  expect(rrsets.map(({ name }) => name)).toEqual(['example.com.', 'www.example.com.'])
  expect(quoteTxt(rrsets[0]?.rdata[0] as string)).toBe('"\\255\\000"')
})

test('everything that is wrong is told, each with its line', () => {
  expect(
    problemsOf(`$TTL soon
www A 192.0.2.1
$ORIGIN example.com.
@ 60 A 192.0.2.256
@ 60 MX mail
@ 60 192.0.2.1
@ A 192.0.2.1
$INCLUDE other.db
@ 60 TXT "open
@ 60 TXT )
`),
  ).toEqual([
    'db.example:1:1 zone-file: $TTL soon is no number of seconds',
    'db.example:2:1 zone-file: www is relative, and no $ORIGIN stands before it\n  begin the file with $ORIGIN and its zone',
    'db.example:4:1 zone-file: "192.0.2.256" is no rdata of A',
    'db.example:5:1 zone-file: "mail" is no rdata of MX',
    'db.example:6:1 zone-file: no record type is in "60 192.0.2.1"',
    'db.example:8:1 zone-file: $INCLUDE is not read here\n  let BIND write it out: named-compilezone -o - ZONE FILE, and import that',
    'db.example:9:1 zone-file: a quoted string does not end on its line',
    'db.example:10:1 zone-file: a `)` without a `(` before it',
    'db.example:10:1 zone-file: "" is no rdata of TXT',
  ])
  expect(problemsOf('@ 60 A 192.0.2.1 (\n', 'example.com.')).toEqual([
    'db.example:1:1 zone-file: the `(` that is opened here is not closed',
  ])
  expect(problemsOf('; nothing\n')).toEqual([
    'db.example:1:1 zone-file: it is not known which zone this is: there is no SOA record\n  begin the file with $ORIGIN and the name of the zone',
  ])
  expect(problemsOf('a.example. 1 SOA . . 1 2 3 4 5\nb.example. 1 SOA . . 1 2 3 4 5\n')).toEqual([
    'db.example:2:1 zone-file: a second zone begins here\n  import one zone a file',
  ])
})

const label = fc.constantFrom('a', 'mail', 'mx', 'txt', 'in', '10', '1h', '_dmarc', '*', '0/25')
const rdata = fc.oneof(
  fc.record({ type: fc.constant('A' as const), value: fc.ipV4() }),
  fc.record({ type: fc.constant('TXT' as const), value: fc.string({ unit: 'binary', maxLength: 300 }) }),
  fc.record({
    type: fc.constant('MX' as const),
    value: fc.record({
      preference: fc.integer({ min: 0, max: 65_535 }),
      exchange: fc.constant('mx.example.net.' as Name),
    }),
  }),
)

test('whatever an RRset holds, written by a zone’s own style it is read back', () => {
  const record = fc.record({
    label,
    rdata,
    style: fc.integer({ min: 0, max: 5 }),
    ttl: fc.integer({ min: 0, max: 99_999 }),
  })
  fc.assert(
    fc.property(fc.uniqueArray(record, { selector: ({ label, rdata }) => `${label} ${rdata.type}` }), (records) => {
      const rrsets = records.map(({ label: own, rdata: { type, value }, ttl }) =>
        canonical({ type, name: `${own}.example.com.`, ttl, rdata: [value] } as unknown as RRset),
      )
      const lines = rrsets.map((rrset, index) => {
        const text =
          rrset.type === 'TXT' ? quoteTxt(rrset.rdata[0] as string) : rdataText(rrset.type, rrset.rdata[0] as never)
        const { label: own, style } = records[index] as (typeof records)[number]
        return [
          `${rrset.name} ${rrset.ttl} IN ${rrset.type} ${text}`,
          `${own}\tIN ${rrset.ttl} ${rrset.type.toLowerCase()} ${text} ; said`,
          `${own.toUpperCase()} ${rrset.ttl} ${rrset.type} ( ${text}\n)`,
          `$ORIGIN ${rrset.name}\n@ ${rrset.ttl} ${rrset.type} ${text}\n$ORIGIN example.com.`,
          `$TTL ${rrset.ttl}\n${own} ${rrset.type} (;\n ${text.replaceAll('" "', '"\n\t"')} )\n`,
          `${own} ${rrset.ttl}s IN ${rrset.type}\t${text}\r`,
        ][style]
      })
      const read = readMasterFile(lines.join('\n'), { file: 'db.example', origin: 'example.com.' as Name })
      const byKey = (a: AnyRRset, b: AnyRRset): number => (keyOf(a) < keyOf(b) ? -1 : 1)
      expect([...read.rrsets].sort(byKey)).toEqual([...rrsets].sort(byKey))
    }),
  )
})

if (!serverAvailable('bind')) test.skip(missingServer('bind'), () => {})
else
  test('BIND reads the same records from it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailsync-master-'))
    try {
      const file = join(folder, 'db.example')
      await writeFile(file, MESSY)
      const program = programPath('named-compilezone') as string
      const written = await run(program, [
        '-q',
        '-i',
        'none',
        '-k',
        'ignore',
        '-F',
        'text',
        '-o',
        '-',
        'example.com',
        file,
      ])
      const theirs = readMasterFile(written, { file: 'written by BIND' })
      const ours = readMasterFile(MESSY, { file })
      expect([...theirs.rrsets].sort(compareRRsets)).toEqual([...ours.rrsets].sort(compareRRsets))
      expect(theirs.others).toHaveLength(ours.others.length)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

test('a pattern of digits, units, backslashes or quotes takes time in proportion to its length, not its square', () => {
  const head = '$TTL 300\n@ SOA a. b. 1 2 3 4 5\n'
  const long = 300_000
  const lines = [
    `a ${'1'.repeat(long)}x A 192.0.2.1`,
    `a ${'1m'.repeat(long)}x A 192.0.2.1`,
    `a CNAME ${'\\\\'.repeat(long)}x`,
    `${'\\\\'.repeat(long)} A 192.0.2.1`,
    `a TXT ${'"\\""'.repeat(long / 2)}`,
    `a TXT "${'\\"'.repeat(long)}`,
    `a TXT ${'( '.repeat(long)}`,
  ]
  for (const line of lines) expect(problemsOf(`${head}${line}\n`, 'example.com.')).toBeDefined()
})

test('a line that no record needs is refused, whatever is on it', () => {
  for (const piece of ['a', '"', '\\a', ' '])
    expect(problemsOf(`$TTL 300\n${piece.repeat(15_000_000)}\n`, 'example.com.')).toEqual([
      'db.example:2:1 zone-file: the line is longer than any record',
    ])
})

test('a TTL of more than 31 bits is 0 (RFC 2181 §8), wherever it stands', () => {
  const text = `$TTL 2147483648
@ SOA a. b. 1 2 3 4 4294967295
b A 192.0.2.1
c 2147483648 A 192.0.2.1
d 99999999999999999999w A 192.0.2.1
e 2147483647 A 192.0.2.1
`
  const { rrsets } = readMasterFile(text, { file: 'db', origin: 'example.com.' as Name })
  expect(rrsets.map(({ ttl }) => ttl)).toEqual([0, 0, 0, 2 ** 31 - 1])
})

test('an IPv6 address that is mapped from IPv4 is read as what it is', () => {
  const text = '$TTL 300\n@ SOA a. b. 1 2 3 4 5\nb AAAA ::ffff:192.0.2.1\nc AAAA ::FFFF:C000:0201\n'
  const { rrsets } = readMasterFile(text, { file: 'db', origin: 'example.com.' as Name })
  expect(linesOf(rrsets)).toEqual([
    'b.example.com. 300 AAAA ::ffff:192.0.2.1',
    'c.example.com. 300 AAAA ::ffff:192.0.2.1',
  ])
})

test('a name that is not ASCII is its octets, never an A-label: it is told as not read', () => {
  const text = '$TTL 300\n@ SOA a. b. 1 2 3 4 5\nbücher A 192.0.2.1\nwww CNAME bücher\nａ A 192.0.2.2\nb A 192.0.2.3\n'
  const { rrsets, others } = readMasterFile(text, { file: 'db', origin: 'example.com.' as Name })
  expect(linesOf(rrsets)).toEqual(['b.example.com. 300 A 192.0.2.3'])
  expect(others).toEqual(['bücher A', 'www CNAME', 'ａ A'])
  expect(problemsOf('$ORIGIN bücher.example.\n', 'example.com.')).toEqual([
    'db.example:1:1 zone-file: $ORIGIN bücher.example. is no whole name',
  ])
})

test('a set of which one value cannot be held is locked, as the rest is not all of it', () => {
  const text = '$TTL 60\n@ MX 10 mail\n@ MX 20 b\xc3\xbccher\nwww A 192.0.2.1\n'
  const { rrsets, others } = readMasterFile(text, { file: 'db', origin: 'example.com.' as Name })
  expect(rrsets.map(({ type, locked }) => [type, locked])).toEqual([
    ['MX', 'mailsync cannot hold what stands there, 20 b\xc3\xbccher (line 3)'],
    ['A', undefined],
  ])
  expect(others).toEqual(['@ MX'])
})

test('a set of which no value can be held is there all the same, locked, and every value is named', () => {
  const text = '$TTL 60\n@ MX 10 b\\195\\188cher\n@ MX 20 a\\.b\nwww A 192.0.2.1\n'
  const { rrsets } = readMasterFile(text, { file: 'db', origin: 'example.com.' as Name })
  expect(rrsets.filter(({ type }) => type === 'MX')).toEqual([
    {
      name: 'example.com.',
      type: 'MX',
      ttl: 60,
      rdata: [],
      locked: 'mailsync cannot hold what stands there, 10 b\\195\\188cher (line 2), 20 a\\.b (line 3)',
    },
  ])
})
