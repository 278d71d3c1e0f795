import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { wrapped } from '../../src/render/text/print.js'
import { changeOf, editOf, manifestOf, planOf, rsaKey, zoneOf } from './plan/plans.js'
import { renderPlanText } from './plan/render-plan.js'

const widths = (text: string): number[] => text.split('\n').map((line) => stringWidth(line))

describe('text on a terminal', () => {
  test('is broken between words, and hangs below the beginning of its line', () => {
    expect(wrapped('one\n  two three four five six seven\n', 20)).toBe('one\n  two three four\n    five six seven\n')
  })

  test('is as it is where it has room, its blanks too', () => {
    expect(wrapped('error    what is wrong  [rule]\n', 40)).toBe('error    what is wrong  [rule]\n')
  })

  test('counts what is wide and what has no width', () => {
    const wide = wrapped(
      '메일 서버의 이름이 이 파일의 호스트 가운데 없습니다 e\u0301\u0301\u0301\u0301\u0301\u0301',
      20,
    )
    expect(Math.max(...widths(wide))).toBeLessThanOrEqual(20)
    expect(wide.split('\n')).toHaveLength(3)
  })

  test('breaks in the middle of a word only where it alone is wider than the line', () => {
    expect(Math.max(...widths(wrapped(`key ${'x'.repeat(100)}`, 30)))).toBeLessThanOrEqual(30)
  })
})

const plan = planOf({
  zones: [
    zoneOf([
      changeOf(['AAAA', 'mail.example.com.'], editOf('host', [[], ['2001:db8:1234:5678:9abc:def0:1234:5678']])),
      changeOf(
        ['TXT', '_dmarc.example.com.'],
        editOf('dmarc', [
          [],
          ['v=DMARC1; p=quarantine; rua=mailto:a-very-long-mailbox-name-for-reports@reports.example.com'],
        ]),
      ),
      changeOf(['A', 'xn--hk3b17f.example.com.'], editOf('host', [[], ['192.0.2.7']])),
      changeOf(
        ['MX', 'example.com.'],
        editOf('mx', [[], ['10 a-machine-with-a-long-name.in-a-long-domain.of-a-provider.example.']]),
      ),
      changeOf(
        ['TXT', 's202611._domainkey.a-rather-long-name.example.com.'],
        editOf('dkim', [[], [`v=DKIM1; k=rsa; p=${rsaKey('k')}`]]),
      ),
    ]),
  ],
})

describe.each([40, 60, 80, 200])('a plan on a terminal of %i columns', (width) => {
  const shown = (verbose: boolean): string =>
    wrapped(renderPlanText(plan, { colour: false, isTerminal: true, width, verbose }), width)

  test.each([false, true])('is no wider, verbose %s', (verbose) => {
    expect(Math.max(...widths(shown(verbose)))).toBeLessThanOrEqual(width)
  })

  test('breaks names between their labels, and shows them in Unicode too', () => {
    const lines = shown(false)
      .split('\n')
      .map((line) => line.trim())
    const at = (start: string): number => lines.findIndex((line) => line.startsWith(start))
    expect(at('+ s202611._domainkey.')).toBeGreaterThan(0)
    expect(lines.join(' ')).toContain('+ xn--hk3b17f.example.com. (서버.example.com)')
  })

  test('loses nothing of a value', () => {
    const text = shown(true).replace(/\s+/g, '')
    for (const value of [
      '2001:db8:1234:5678:9abc:def0:1234:5678',
      'rua=mailto:a-very-long-mailbox-name-for-reports@reports.example.com',
    ])
      expect(text).toContain(value)
  })
})

test('at 80 columns no address and no mail address is broken that has room in a line', () => {
  const text = renderPlanText(plan, { colour: false, isTerminal: true, width: 80 })
  expect(text).toMatch(/2001:db8:1234:5678:9abc:def0:1234:5678$/m)
})

test('at 40 columns our own words are broken at blanks, and a value has its line before its place in the spec has', () => {
  const narrow = planOf({
    zones: [
      zoneOf([
        changeOf(['TXT', 'mail.example.com.'], editOf('spf', [[], ['v=spf1 a -all']])),
        manifestOf('v=mailsync1; owner=default; spf.TXT=mail'),
      ]),
    ],
  })
  expect(renderPlanText(narrow, { colour: false, isTerminal: true, width: 40 })).toContain(`  + mail.example.com.
      TXT  3600  v=spf1 a -all
                   mailsync.yaml:12
  · _mailsync.example.com.
      TXT        remembers 1 record as
                   its own
`)
})
