import { describe, expect, test } from 'vitest'
import type { Problem } from '../../src/problem.js'
import { renderProblems } from '../../src/render/text/faults/problems-text.js'
import { line } from './plan/plans.js'

const lookups: Problem = {
  rule: 'spf-lookups',
  severity: 'error',
  message: 'SPF takes 11 of 10 look-ups',
  hint: 'drop an include',
  where: line(40),
}

describe('problems', () => {
  test('have their place, their rule, a hint, and the other place where it takes two', () => {
    const twice: Problem = {
      rule: 'duplicate-name',
      severity: 'warning',
      message: '"example.com" is there twice',
      where: { file: 'hosts.yaml', line: 3, column: 1 },
      also: line(7),
    }
    expect(renderProblems([lookups, twice], { colour: false })).toBe(
      `mailsync.yaml:40:5  error    SPF takes 11 of 10 look-ups  [spf-lookups]
    drop an include
hosts.yaml:3:1      warning  "example.com" is there twice  [duplicate-name]
    see also mailsync.yaml:7:5
1 error, 1 warning
`,
    )
  })

  test('of a zone name it and its provider', () => {
    const place = { zone: 'example.com.', provider: 'bind' }
    const rejected: Problem = { rule: 'provider-rejects', severity: 'error', message: 'no TXT of 0 octets', ...place }
    expect(renderProblems([rejected, { ...rejected, where: line(2) }], { colour: false })).toBe(
      `example.com. at bind  error    no TXT of 0 octets  [provider-rejects]
mailsync.yaml:2:5     error    no TXT of 0 octets (example.com. at bind)  [provider-rejects]
2 errors
`,
    )
  })

  test('without any place begin with what they are', () => {
    expect(renderProblems([{ rule: 'x', severity: 'note', message: 'worth knowing' }], { colour: false })).toBe(
      'note     worth knowing  [x]\n1 note\n',
    )
  })

  test('that are none are nothing', () => {
    expect(renderProblems([], { colour: true })).toBe('')
  })

  test('in their thousands are counted by rule, and the one error among them is shown', () => {
    const many = Array.from({ length: 9_000 }, (_, index): Problem => {
      const rule = index < 6_000 ? 'ptr-differs' : 'spf-all'
      return { rule, severity: 'warning', message: `w${index}`, where: line(index + 1) }
    })
    const lines = renderProblems([...many, lookups], { colour: false })
      .trimEnd()
      .split('\n')
    expect(lines[0]).toContain('SPF takes 11')
    expect(lines.filter((each) => each.includes('  warning  '))).toHaveLength(49)
    expect(lines.slice(-2)).toEqual(['and 8,951 more: 5,951 ptr-differs, 3,000 spf-all', '1 error, 9,000 warnings'])
  })

  test('are in colour by how bad they are', () => {
    expect(renderProblems([lookups], { colour: true })).toContain('\u001b[31merror  \u001b[39m')
  })
})
