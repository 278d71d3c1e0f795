import { expect, test } from 'vitest'
import type { Provider } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { withAnswers } from '../../src/connect/answers.js'
import { failureOf } from '../../src/failure.js'

const { signal } = new AbortController()
const zone = 'example.com.' as Name
const page = `the API answers: ${'<p>😀</p>'.repeat(100_000)}`
const long = (): MailsyncError =>
  new MailsyncError('unavailable', page, { hint: page, apiCode: page, where: { zone }, cause: 'kept' })

const provider: Provider = {
  zones: () => Promise.reject(long()),
  read: () => Promise.reject(long()),
  write: async () => ({ applied: [], failure: long() }),
}

test('a page of HTML that an API answers with is cut, wherever the adapter tells it', async () => {
  const asked = withAnswers('api', provider)
  const errors = [
    await asked.zones(signal).catch((error: unknown) => error),
    await asked.read(zone, signal).catch((error: unknown) => error),
    (await asked.write(zone, [], signal)).failure,
  ] as MailsyncError[]
  for (const error of errors) {
    for (const text of [error.message, error.hint, error.apiCode]) {
      expect(text).toMatch(/^the API answers: .*…$/s)
      expect(text?.length).toBeLessThanOrEqual(1_000)
      // It throws for half a character.
      expect(() => encodeURIComponent(text ?? '')).not.toThrow()
    }
    expect(error).toMatchObject({ code: 'unavailable', where: { zone } })
    expect(error.cause).toBe('kept')
  }
})

test('an error of usual length stays as it is', async () => {
  const usual = new MailsyncError('permission', 'no', { hint: 'ask' })
  const asked = withAnswers('api', { ...provider, read: () => Promise.reject(usual) })
  await expect(asked.read(zone, signal)).rejects.toBe(usual)
})

test('the message of a bug is cut too, whoever tells it', () => {
  const { code, message } = failureOf(new TypeError(page))
  expect(code).toBe('bug')
  expect(message).toMatch(/^TypeError: the API answers: .*…$/s)
  expect(message.length).toBeLessThanOrEqual(10_000)
  expect(failureOf(new TypeError('no function')).message).toMatch(/^TypeError: no function\n +at /)
  expect(failureOf(page).message.length).toBeLessThanOrEqual(10_000)
})
