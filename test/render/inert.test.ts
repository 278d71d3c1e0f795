import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeHtml, inert, inertSentence } from '../../src/render/inert.js'
import { hostileText } from './hostile.js'
import { findCommand } from './runner.js'

describe('a value on a terminal', () => {
  test.each([
    ['an escape sequence', 'a\u001b[31mb', 'a\\x1b[31mb'],
    ['a C1 control', '\u009b2J', '\\x9b2J'],
    ['a line break', 'a\r\nb', 'a\\x0d\\x0ab'],
    ['a right-to-left override', '\u202egpj.exe', '\\u{202e}gpj.exe'],
    ['a zero-width space', 'exam\u200bple.com', 'exam\\u{200b}ple.com'],
    ['a blank that is no space', 'a\u00a0b\u3000c', 'a\\xa0b\\u{3000}c'],
    ['an octet that is not UTF-8', 'a\udcffb', 'a\\xffb'],
    ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
    ['an invisible tag character', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a mark with nothing below it', '\u0301a', '\\u{301}a'],
  ])('%s is shown, not obeyed', (_, value, shown) => {
    expect(inert(value)).toBe(shown)
  })

  test.each([
    'v=spf1 ip4:192.0.2.10 ip6:2001:db8::1 ip6:::1 -all',
    '::1',
    '::ffff:192.0.2.1',
    'v=DMARC1; p=none; rua=mailto:dmarc@example.com!10m',
    'mail.bücher.example',
    'e\u0301, 日本語, עברית, \u{1f4e8}',
    '50% of <b> & `c` | d \\ #1',
  ])('what can be read stays: %s', (value) => {
    expect(inert(value)).toBe(value)
  })

  test('a message keeps its words when it loses its line breaks', () => {
    expect(inertSentence(' first\r\n  second\tthird ')).toBe('first second third')
  })
})

describe('a value in the output of a GitHub step', () => {
  test.each(['::set-output name=a::b', '##[add-mask]x', 'x ##[error]y', '::stop-commands::token', '  ::ADD-MASK::x'])(
    'is no command: %s',
    (value) => {
      expect(findCommand(value)).toBeDefined()
      expect(findCommand(inert(value))).toBeUndefined()
    },
  )
})

describe('whatever the value', () => {
  test('it is one line of what can be seen, and making it so twice changes nothing', () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const shown = inert(value)
        expect(shown).toMatch(/^[ \p{L}\p{M}\p{N}\p{P}\p{S}]*$/u)
        expect(shown).not.toMatch(/\p{Default_Ignorable_Code_Point}/u)
        expect(inert(shown)).toBe(shown)
      }),
      { numRuns: 2_000 },
    )
  })

  test('it is no command of the runner, alone or between others', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        expect(findCommand(`  ${inert(one)}  ${inert(other)}::`)).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })

  test('it is no markup in HTML', () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const markup = escapeHtml(value)
        expect(markup).not.toMatch(/[<>"']/)
        const read = markup.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
        expect(read).toBe(inert(value))
        expect(markup.replace(/&#\d+;/g, '')).not.toContain('&')
      }),
      { numRuns: 2_000 },
    )
  })
})
