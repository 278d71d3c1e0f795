import { expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import { type Check, judge, ofAddress, ofDomain, type Verdict } from '../../src/verify/check.js'
import { renderVerifyHtml } from '../../src/verify/render/verify-html.js'
import { renderVerifyJson } from '../../src/verify/render/verify-json.js'
import { renderVerifyJunit } from '../../src/verify/render/verify-junit.js'
import { renderVerifyMarkdown } from '../../src/verify/render/verify-markdown.js'
import { renderVerifyText } from '../../src/verify/render/verify-text.js'
import { hasFailed, reportOf, type VerifyReport } from '../../src/verify/report.js'
import type { Scope } from '../../src/verify/subjects/scope.js'

const NAME = 'example.com.' as Name
const about = ofDomain(NAME)

const CHECKS: readonly Check[] = [
  judge('fcrdns', ofAddress('192.0.2.10'), '10.2.0.192.in-addr.arpa. PTR').fail('it has no name', 'let it have one'),
  judge('dkim-key', about, 's1._domainkey.example.com. TXT').unknown('SERVFAIL'),
  judge('dmarc', about, '_dmarc.example.com. TXT').warn(
    'none <b>@all</b> | ##[error]\u001b[31m',
    'publish\u202e p=reject',
  ),
  judge('spf-record', about, 'example.com. TXT').pass('one'),
]
const UNSEEN = ['\u001b', '\u202e']
const SCOPE: Scope = {
  domains: [
    { name: NAME, sends: true, senders: [{ address: '192.0.2.10' as never }], keys: [] },
    { name: 'parked.example.' as Name, sends: false, senders: [], keys: [] },
  ],
  hosts: [],
  zones: [],
  records: new Map(),
}
const REPORT: VerifyReport = reportOf(SCOPE, CHECKS)

test('text: worst first, what to do and where it is explained; what passes is counted', () => {
  expect(renderVerifyText(REPORT, { colour: false, verbose: false }).split('\n')).toEqual([
    'fail     192.0.2.10   fcrdns: it has no name',
    '         → let it have one',
    '         asked 10.2.0.192.in-addr.arpa. PTR (RFC 8601 §3)',
    'unknown  example.com  dkim-key: SERVFAIL',
    '         asked s1._domainkey.example.com. TXT (RFC 6376 §3.6.1)',
    'warn     example.com  dmarc: none <b>@all</b> | \\x23#[error]\\x1b[31m',
    '         → publish\\u{202e} p=reject',
    '         asked _dmarc.example.com. TXT (RFC 9989 §4.10)',
    'pass     1 check: SPF 1',
    '',
    'Gmail would not take mail of example.com: reverse DNS of 192.0.2.10: it has no name (550-5.7.25).',
    'Outlook, Yahoo and Naver would not take mail of example.com: reverse DNS of 192.0.2.10: it has no name.',
    '',
    '4 checks: 1 pass, 1 warning, 1 unknown, 1 failure.',
    '',
  ])
  expect(renderVerifyText(REPORT, { colour: false, verbose: true })).toContain('pass     example.com  spf-record: one')
})

test('text: what nobody answered is named once, for all receivers alike', () => {
  const lost = CHECKS.map(({ id, subject, asked }) => judge(id, subject, asked).unknown('no server answers'))
  expect(renderVerifyText(reportOf(SCOPE, lost), { colour: false, verbose: false })).toContain(
    '\nIt is not known whether Gmail, Outlook, Yahoo and Naver would take mail of example.com: not all could be found out of reverse DNS, SPF, DKIM and DMARC.\n',
  )
})

test('where nobody answers, a spec without DKIM does not make it known who takes mail', () => {
  const lost = CHECKS.map(({ id, subject, asked }) => judge(id, subject, asked).unknown('no server answers'))
  const none = judge('dkim-present', about, 'keys').warn('the spec has no key for it', 'turn dkim on')
  const takes = (checks: readonly Check[]) => reportOf(SCOPE, checks).domains[0]?.receivers.map((one) => one.takes)
  const withoutKey = lost.filter(({ id }) => id !== 'dkim-key')
  expect(takes([...withoutKey, none])).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  const named = withoutKey.map((check) => (check.id === 'fcrdns' ? { ...check, verdict: 'pass' as const } : check))
  expect(takes([...named, none])).toEqual(['unknown', 'not in bulk', 'unknown', 'unknown'])
})

test('without SPF, who takes either of two depends on DKIM: where that is not known, nothing is', () => {
  const [named, present] = [{ kind: 'address', name: '192.0.2.10' } as const, judge('dkim-present', about, 'keys')]
  const opinions = (dkim: Check) => {
    const checks = [
      judge('fcrdns', named, 'PTR').pass('there and back'),
      judge('spf-present', about, 'TXT').fail('there is none', 'publish one'),
      judge('dmarc', about, 'TXT').pass('none'),
      dkim,
    ]
    return reportOf(SCOPE, checks).domains[0]?.receivers ?? []
  }
  const takes = (dkim: Check) => opinions(dkim).map((one) => one.takes)
  expect(takes(present.unknown('none at the selectors that many use'))).toEqual([
    'unknown',
    'not in bulk',
    'unknown',
    'no',
  ])
  expect(takes(present.pass('a key'))).toEqual(['not in bulk', 'not in bulk', 'not in bulk', 'no'])
  const none = present.warn('the spec has no key for it', 'turn dkim on')
  expect(takes(none)).toEqual(['no', 'not in bulk', 'no', 'no'])
  expect(opinions(none)[0]?.why).toEqual(['SPF: there is none; DKIM: the spec has no key for it (550-5.7.26)'])
})

test('JSON: everything, in one document', () => {
  const document = JSON.parse(renderVerifyJson(REPORT))
  expect(document).toMatchObject({
    format: 'mailsync-verify',
    version: 1,
    counts: { fail: 1, unknown: 1, warn: 1, pass: 1 },
    checks: [{ id: 'fcrdns', verdict: 'fail', subject: { kind: 'address', name: '192.0.2.10' } }, {}, {}, {}],
  })
  expect(document.domains[0].receivers[0]).toMatchObject({ receiver: 'Gmail', takes: 'no', asOf: expect.any(String) })
  expect(document.domains[1].receivers).toEqual([])
})

test('Markdown and HTML: what others wrote is text there', () => {
  const markdown = renderVerifyMarkdown(REPORT)
  expect(markdown).toContain('| **fail** | `192.0.2.10` | reverse DNS: `fcrdns` |')
  expect(markdown).toContain('`<b>@all</b>`')
  for (const unseen of UNSEEN) expect(markdown).not.toContain(unseen)
  const page = renderVerifyHtml(REPORT)
  expect(page).toContain('<th scope="row">192.0.2.10</th><td class="verdict fail">fail</td><td>it has no name')
  for (const wrong of ['<b>', ...UNSEEN]) expect(page).not.toContain(wrong)
})

test('Markdown is cut to what fits into a comment', () => {
  const many = Array.from({ length: 500 }, () => CHECKS[0] as Check)
  const markdown = renderVerifyMarkdown({ ...REPORT, checks: many }, 5000)
  expect(markdown.length).toBeLessThan(5000)
  expect(markdown).toMatch(/and \d+ more; `--format json` has all of them\n$/)
})

test('JUnit: a failure is one, what is not known is skipped, a warning passes', () => {
  const xml = renderVerifyJunit(REPORT)
  expect(xml).toContain('<testsuites name="mailsync verify" tests="4" failures="1" skipped="1">')
  expect(xml).toContain('<failure message="it has no name">')
  expect(xml.match(/<skipped /g)).toHaveLength(1)
  for (const wrong of ['<b>', ...UNSEEN]) expect(xml).not.toContain(wrong)
})

test('where nobody answers, the summary and JUnit say why the run fails', () => {
  const lost = reportOf(
    SCOPE,
    CHECKS.map(({ id, subject, asked }) => judge(id, subject, asked).unknown('no server answers')),
  )
  const says = 'Nobody outside answered: nothing is verified.'
  expect(renderVerifyText(lost, { colour: false, verbose: false })).toContain(`0 failures. ${says}\n`)
  const xml = renderVerifyJunit(lost)
  expect(xml).toContain('<testsuites name="mailsync verify" tests="5" failures="1" skipped="4">')
  expect(xml).toContain(`<failure message="${says}">`)
  expect(renderVerifyText(REPORT, { colour: false, verbose: false })).not.toContain(says)
  expect(renderVerifyJunit(REPORT)).not.toContain(says)
})

test('a run fails where a check does, or where nothing was found out', () => {
  const of = (...verdicts: Verdict[]): Check[] => verdicts.map((verdict) => ({ ...(CHECKS[0] as Check), verdict }))
  expect(hasFailed({ checks: of('pass', 'warn', 'unknown') })).toBe(false)
  expect(hasFailed({ checks: of('pass', 'fail') })).toBe(true)
  expect(hasFailed({ checks: of('unknown', 'unknown') })).toBe(true)
  expect(hasFailed({ checks: [] })).toBe(true)
  expect(hasFailed({ checks: [] }, true)).toBe(false)
  const none = judge('dkim-present', about, 'keys').warn('the spec has no key for it', 'turn dkim on')
  const inside = judge('fcrdns', ofAddress('10.0.0.1'), 'PTR').pass('a private address')
  expect(hasFailed({ checks: [...of('unknown'), none, inside] })).toBe(true)
  expect(hasFailed({ checks: [judge('spf-record', about, 'TXT').pass('one'), none, inside] })).toBe(false)
})
