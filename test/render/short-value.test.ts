import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { shortValue } from '../../src/render/value/short-value.js'

const spki = (modulusLength: number): string =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64')

test.each([1024, 2048, 3072])('an RSA key of %i bits is shown by its size, its beginning and its end', (bits) => {
  const key = spki(bits)
  expect(shortValue(`v=DKIM1; k=rsa; p=${key}; t=s`)).toBe(
    `v=DKIM1; k=rsa; p=${key.slice(0, 4)}…${key.slice(-16)} (rsa-${bits}); t=s`,
  )
  expect(shortValue(`p=${key}`)).toBe(`p=${key.slice(0, 4)}…${key.slice(-16)} (rsa-${bits})`)
})

test('two keys are told apart', () => {
  expect(shortValue(`p=${spki(1024)}`)).not.toBe(shortValue(`p=${spki(1024)}`))
})

test('an Ed25519 key is short enough', () => {
  const value = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
  expect(shortValue(value)).toBe(value)
})

test('what only looks long and is no RSA key gets no size', () => {
  expect(shortValue(`p=${'A'.repeat(200)}`)).toBe(`p=AAAA…${'A'.repeat(16)}`)
})

test.each(['v=DMARC1; p=quarantine; rua=mailto:a@example.com', 'v=spf1 -all', '192.0.2.1', 'v=DKIM1; p='])(
  'what is no key stays: %s',
  (value) => {
    expect(shortValue(value)).toBe(value)
  },
)
