import { describe, expect, test } from 'vitest'
import { comments, imported } from '../imported.js'

describe('of a DMARC value that receivers take for none', () => {
  test.each([
    ['p=none; p=reject', 'the tag p is there twice (RFC 9989 §4.8)', '{ policy: none }'],
    [
      'p=reject; p=Quarantine; sp=reject; sp=none',
      'the tag p is there twice',
      '{ policy: quarantine, subdomains: none }',
    ],
    [
      'p=none; rua=mailto:a@example.com; rua=mailto:b@example.com, mailto:a@example.com',
      'the tag rua is there twice',
      '{ policy: none, rua: [a@example.com, b@example.com] }',
    ],
  ])('the draft is the weaker of what is there twice: %s', async (tags, fault, draft) => {
    const { bare, changes, text } = await imported(
      { 'example.com.': `@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; ${tags}"\n` },
      ['example.com.'],
    )
    expect(bare).toContain('dmarc: false')
    expect(changes).toEqual([])
    expect(comments(text)).toContain(fault)
    expect(text).toContain('If that may go, write this, which has the weaker value of a tag that is there twice:')
    expect(text).toContain(`dmarc: ${draft}\n`)
  })
})

test('an address that reports go to twice is written once', async () => {
  const policy = 'v=DMARC1; p=none; rua=mailto:a@example.com,mailto:a@EXAMPLE.com!10m'
  const { bare } = await imported({ 'example.com.': `@ TXT "v=spf1 -all"\n_dmarc TXT "${policy}"\n` }, ['example.com.'])
  expect(bare).toContain('dmarc: { policy: none, rua: [a@example.com] }')
})
