import { describe, expect, test } from 'vitest'
import { globMatcher } from '../../../src/import/octodns/glob-matcher.js'

/** As `fnmatch.fnmatchcase` of Python 3.11 answers. */
describe('a glob of zone names', () => {
  test.each([
    ['*', ['example.com.', ''], []],
    ['*.example.com.', ['a.example.com.', 'b.a.example.com.'], ['example.com.', 'a.example.com', 'aXexample.com.']],
    ['example.?om.', ['example.com.', 'example.rom.'], ['example.om.']],
    ['[ab]*.net.', ['alpha.net.', 'beta.net.'], ['gamma.net.']],
    ['[!ab]*.net.', ['gamma.net.'], ['alpha.net.', 'beta.net.']],
    ['z[0-9].example.', ['z7.example.'], ['zz.example.', 'z10.example.']],
    ['[]x]a', [']a', 'xa'], ['ya']],
    ['[^a].', ['^.', 'a.'], ['b.']],
    ['a[b', ['a[b'], ['ab']],
    ['a+(b)', ['a+(b)'], ['aab']],
  ])('%s', (glob, right, wrong) => {
    const matches = globMatcher(glob)
    expect(right.filter((text) => !matches(text))).toEqual([])
    expect(wrong.filter(matches)).toEqual([])
  })
})
