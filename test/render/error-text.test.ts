import { describe, expect, test } from 'vitest'
import { MailsyncError } from '../../records/error.js'
import { renderError } from '../../src/render/text/faults/error-text.js'
import { renderRefusals } from '../../src/render/text/plan/refusals-text.js'

describe('an error', () => {
  test('of a provider says what happened, to which record, where, and what to do', () => {
    const error = new MailsyncError('rejected', 'the record is not taken', {
      where: { provider: 'cloudflare', zone: 'example.com.', record: 'example.com. TXT' },
      apiCode: '9207',
      hint: 'split the value',
    })
    expect(renderError(error, { colour: false })).toBe(`error  the record is not taken
    at example.com. TXT, example.com. at cloudflare, code 9207
    split the value
`)
  })

  test('has internationalised names in Unicode too, but not in what is to be typed', () => {
    const error = new MailsyncError('rejected', 'xn--h32bq4v.example. is not served', {
      where: { provider: 'bind', zone: 'xn--80a1acny.example.' },
      hint: 'mailsync plan --zone xn--h32bq4v.example',
    })
    expect(renderError(error, { colour: false })).toBe(`error  xn--h32bq4v.example. (메일.example) is not served
    at xn--80a1acny.example. (почта.example) at bind
    mailsync plan --zone xn--h32bq4v.example
`)
  })

  test('of a file says at which line', () => {
    const where = { file: 'mailsync.yaml', line: 12, column: 5 }
    expect(renderError(new MailsyncError('spec', 'unknown key', { where }), { colour: false })).toBe(
      'error  unknown key\n    at mailsync.yaml:12:5\n',
    )
  })

  test('that has nothing but a message is one line', () => {
    expect(renderError(new MailsyncError('io', 'the disk is full'), { colour: false })).toBe(
      'error  the disk is full\n',
    )
  })

  test('keeps the lines of its message', () => {
    expect(renderError(new MailsyncError('stale', 'stale:\n  a\n  b'), { colour: false })).toBe(
      'error  stale:\n      a\n      b\n',
    )
  })
})

test('a refusal says what would be lost, and how to go on', () => {
  const refusal = {
    guard: 'deletes',
    zone: 'example.com.',
    provider: 'bind',
    message: '4 of 5 would go',
    hint: '--force',
  }
  expect(renderRefusals([{ ...refusal, guard: 'deletes' }], { colour: false })).toBe(
    'refused  example.com. at bind: 4 of 5 would go\n    --force\n',
  )
})
