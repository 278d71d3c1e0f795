import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { knownPlugin } from '../../../providers/octodns/plugins.js'
import { readTxt, unwritable, writtenTxt } from '../../../providers/octodns/txt.js'

const text = fc.string({ unit: 'binary', maxLength: 600 })

/** What a plugin shows of a text that it was given, by how it writes and reads. */
const shown = {
  /** In quotes as it is, and read without them. */
  octodns_powerdns: (given: string) => given,
  /** `chunked_value`, and read without the quotes. */
  octodns_desec: (given: string) => given.replaceAll('"', '\\"'),
  octodns_route53: (given: string) => given.replaceAll('"', '\\"'),
}

describe.each(Object.entries(shown))('a TXT value through %s', (module, show) => {
  const { txt } = knownPlugin(`${module}.Provider`)

  test('is read as it was written', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(readTxt(show(writtenTxt(value, txt)), undefined, txt, module)).toEqual({ txt: value })
      }),
    )
  })
})

describe('a plugin of which it is not known how it writes', () => {
  test.each(['v=DMARC1; p=none', 'v=spf1 ip4:192.0.2.1 -all', 'a'.repeat(600)])('is given %s', (value) => {
    expect(unwritable(value, undefined, 'it')).toBeUndefined()
    expect(readTxt(writtenTxt(value, undefined), undefined, undefined, 'it')).toEqual({ txt: value })
  })

  test.each(['', ' a', 'a  b', 'say "a"', 'a\\b', 'é'])('is not given %j, and a set with it is locked', (value) => {
    expect(unwritable(value, undefined, 'it')).toMatch(/not known whether it writes/)
    expect(readTxt(value, undefined, undefined, 'it').lock).toMatch(/not known/)
  })
})

test('a value in strings that octoDNS would not make again is locked, and shown in them', () => {
  const { txt } = knownPlugin('octodns_powerdns.Provider')
  expect(readTxt('path=/aq=1', ['path=/a', 'q=1'], txt, 'it')).toEqual({
    txt: ['path=/a', 'q=1'],
    lock: 'it would cut one of its values into other strings',
  })
  const [first, rest] = ['a'.repeat(255), 'b']
  expect(readTxt(first + rest, [first, rest], txt, 'it')).toEqual({ txt: first + rest })
})
