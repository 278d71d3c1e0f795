import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NoReport, parseReport } from '../../../src/dmarc/reports/files/parse-report.js'
import { XmlFault } from '../../../src/dmarc/reports/files/xml-tree.js'
import { REPORT_LIMITS } from '../../../src/dmarc/reports/limits.js'
import { DAY_BEGIN, DAY_END, reportXml } from './report-xml.js'

const sample = (name: string): string => readFileSync(new URL(`./samples/${name}.xml`, import.meta.url), 'utf8')

/** What is wrong with a text, in the words of the user. */
function faultOf(text: string): string {
  try {
    parseReport(text)
    return 'nothing'
  } catch (error) {
    if (error instanceof XmlFault || error instanceof NoReport) return error.message
    throw error
  }
}

test('a report of Google: the form before RFC 9990', () => {
  const report = parseReport(sample('google'))
  expect(report).toMatchObject({
    org: 'google.com',
    id: '10377456281193840192',
    begin: DAY_BEGIN,
    end: DAY_END,
    domain: 'example.com.',
    policy: 'none',
    testing: false,
  })
  expect(report.rows).toHaveLength(4)
  expect(report.rows[0]).toEqual({
    source: '192.0.2.10',
    count: 1180,
    disposition: 'none',
    dkim: true,
    spf: true,
    reasons: [],
    headerFrom: 'example.com.',
    signatures: [{ domain: 'example.com', selector: 's1', result: 'pass' }],
    spfResults: [{ domain: 'example.com', scope: 'mfrom', result: 'pass' }],
  })
})

test('one of Microsoft, whose root declares namespaces it does not use', () => {
  const report = parseReport(sample('outlook'))
  expect(report).toMatchObject({ org: 'Enterprise Outlook', end: DAY_BEGIN + 86_400 })
  expect(report.rows.map(({ source, count }) => [source, count])).toEqual([
    ['192.0.2.10', 40],
    ['203.0.113.80', 6],
  ])
})

test('one of Yahoo, with white space in a number, and a reason', () => {
  const report = parseReport(sample('yahoo'))
  expect(report).toMatchObject({ org: 'Yahoo', end: DAY_END })
  expect(report.rows[0]).toMatchObject({ reasons: ['mailing_list'], dkim: false, spf: false })
})

test('one of RFC 9990, in its namespace, with extensions', () => {
  const report = parseReport(sample('rfc9990'))
  expect(report).toMatchObject({ org: 'Receiver Example', domain: 'example.com.', testing: false })
  expect(report.rows).toHaveLength(1)
  expect(report.rows[0]).toMatchObject({ headerFrom: 'shop.example.com.', disposition: 'pass' })
})

test('an address of IPv4 that is written as one of IPv6 is itself', () => {
  const sources = ['::ffff:192.0.2.10', '::FFFF:c000:20a', '2001:0DB8:0:0::10', '192.0.2.10']
  const { rows } = parseReport(reportXml({ records: sources.map((ip) => ({ ip })) }))
  expect(rows.map(({ source }) => source)).toEqual(['192.0.2.10', '192.0.2.10', '2001:db8::10', '192.0.2.10'])
})

test('the namespace may have a prefix, and an extension may use the names of a report', () => {
  const prefixed = sample('google')
    .replaceAll(/<(\/?)(\w)/g, '<$1d:$2')
    .replace('<d:feedback>', '<d:feedback xmlns:d="urn:ietf:params:xml:ns:dmarc-2.0">')
  expect(parseReport(prefixed)).toEqual(parseReport(sample('google')))
  const extended = reportXml().replace('<record>', '<x:record xmlns:x="urn:x"><count>7</count></x:record><record>')
  expect(parseReport(extended)).toEqual(parseReport(reportXml()))
})

test('a report whose policy is only tested says so', () => {
  expect(parseReport(reportXml({ policy: 'quarantine', testing: 'y' }))).toMatchObject({
    policy: 'quarantine',
    testing: true,
  })
})

const ENTITIES = '<!DOCTYPE feedback [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

test.each([
  ['an entity bomb', reportXml().replace('<feedback>', `${ENTITIES}<feedback>`), /^it has a document type/],
  [
    'a file of this machine',
    reportXml().replace('<feedback>', '<!DOCTYPE f SYSTEM "file:///etc/passwd"><feedback>'),
    /^it has a document type/,
  ],
  ['an entity nobody declared', reportXml({ org: '&lol;' }), /^it is not well-formed XML: invalid character entity/],
  ['a text cut off', reportXml().slice(0, 500), /^it is not well-formed XML/],
  ['two roots', `${reportXml()}<feedback/>`, /^it has more than one root/],
  ['no text', '', /^it is (empty|not well-formed)/],
  ['another document', '<html><body/></html>', 'its root is html, not feedback'],
  ['elements too deep', `<feedback>${'<a>'.repeat(100_000)}`, /^its elements are too deep/],
  ['extensions too deep', `<feedback>${'<x:a>'.repeat(100_000)}`, /^its elements are too deep/],
  [
    'a record with too many elements',
    reportXml({ records: [{ signatures: Array(400).fill('a.example s fail') }] }),
    /too many elements/,
  ],
  [
    'no date',
    reportXml().replace(/<date_range>.*<\/date_range>/, ''),
    'date_range/begin is no number of seconds since 1970',
  ],
  [
    'a date with a fraction',
    reportXml().replace(String(DAY_BEGIN), '1794441600.5'),
    'date_range/begin is no number of seconds since 1970',
  ],
  [
    'a date beyond the calendar',
    reportXml({ end: 999_999_999_999 }),
    'date_range/end is no number of seconds since 1970',
  ],
  ['dates in the wrong order', reportXml({ begin: DAY_END, end: DAY_BEGIN }), 'date_range ends before it begins'],
  ['a report of a year', reportXml({ end: DAY_BEGIN + 365 * 86_400 }), 'date_range is longer than a month'],
  [
    'no domain',
    reportXml().replace('<domain>example.com</domain><p>', '<domain>a b</domain><p>'),
    'policy_published/domain is no domain',
  ],
  ['no sender', reportXml({ org: '' }), 'it has no org_name'],
  ['no id', reportXml({ id: ' ' }), 'it has no report_id'],
  [
    'a source that is a name',
    reportXml({ records: [{}, { ip: 'mail.example.com' }] }),
    'record 2: source_ip is no IP address',
  ],
  [
    'more messages than there are',
    reportXml({ records: [{ count: '9'.repeat(400) }] }),
    'record 1: count is no number of messages up to 1000000000',
  ],
  [
    'less than none',
    reportXml({ records: [{ count: -5 }] }),
    'record 1: count is no number of messages up to 1000000000',
  ],
  [
    'in hexadecimal',
    reportXml({ records: [{ count: '0x10' }] }),
    'record 1: count is no number of messages up to 1000000000',
  ],
  [
    'mail of another domain',
    reportXml({ records: [{ from: 'example.org' }] }),
    'it is about example.com., and a record is of example.org., which is not below it',
  ],
])('refused: %s', (_, text, fault) => {
  expect(faultOf(text)).toEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault))
})

const LONG = 2 * 1024 * 1024

test.each([
  ['a comment', `<!--${'- '.repeat(LONG / 2)}-->`, /max buffer length exceeded: comment/],
  ['a text', `<x>${'a'.repeat(LONG)}</x>`, 'a text in it is too long (line 2)'],
  ['a text of entities', `<x>${'&amp;'.repeat(LONG)}</x>`, 'a text in it is too long (line 2)'],
  ['a text that is not parsed', `<x><![CDATA[${']'.repeat(LONG)}]]></x>`, 'a text in it is too long (line 2)'],
  ['a text in an extension', `<y:x>${'a'.repeat(LONG)}</y:x>`, 'a text in it is too long (line 2)'],
  ['a name', `<${'a'.repeat(LONG)}/>`, /max buffer length exceeded: tagName/],
  ['a value', `<x a="${'a'.repeat(LONG)}"/>`, /max buffer length exceeded: attribValue/],
  [
    'a list of attributes',
    `<x ${Array.from({ length: 5000 }, (_, n) => `a${n}=""`).join(' ')}/>`,
    'an element in it has too many attributes (line 2)',
  ],
  ['a list of instructions', '<?a b?>'.repeat(5000), 'it has too many processing instructions (line 2)'],
  ['a list of elements', '<x/>'.repeat(5000), 'it has too many elements beside its records'],
])('refused long before its end: %s that does not end', (_, flood, fault) => {
  const text = reportXml().replace('<feedback>', `<feedback>${flood}`)
  expect(faultOf(text)).toEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault))
})

test('names that a prototype has are names like others', () => {
  const text = reportXml({ org: '__proto__', id: 'constructor' }).replace(
    '<record>',
    '<__proto__><isAdmin>1</isAdmin></__proto__><record>',
  )
  expect(parseReport(text)).toMatchObject({ org: '__proto__', id: 'constructor' })
  expect(({} as { isAdmin?: unknown }).isAdmin).toBe(undefined)
})

test('what a stranger writes at length is cut', () => {
  expect(parseReport(reportXml({ org: 'x'.repeat(1_000_000) })).org).toHaveLength(REPORT_LIMITS.text)
})

test('whatever the text is, it is a report, no report, or told to be wrong', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '</',
    '/>',
    'feedback',
    'record',
    'count',
    '&#x',
    '&amp;',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?xml',
    '?>',
    ' ',
    '"',
    '=',
    '\u0000',
    'é',
    ':',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (texts) => {
      expect(typeof faultOf(`<feedback>${texts.join('')}`)).toBe('string')
    }),
  )
})

test('whatever is cut out of a report, nothing but faults comes of it', () => {
  const whole = sample('rfc9990')
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(200), (at, length) => {
      expect(typeof faultOf(whole.slice(0, at) + whole.slice(at + length))).toBe('string')
    }),
  )
})
