import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readDkim } from '../../../records/families/dkim/read-dkim.js'
import { families } from '../../../records/families/index.js'

const { dkim } = families
const rsa = (modulusLength: number, type: 'spki' | 'pkcs1'): string =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'der', type }).toString('base64')
const RSA = rsa(2048, 'spki')
const ED25519 = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='

describe('a key that receivers use', () => {
  test.each([
    [`v=DKIM1; k=rsa; p=${RSA}`, { keyType: 'rsa', bits: 2048, services: ['*'], flags: [] }],
    [`p=${rsa(1024, 'spki')}`, { keyType: 'rsa', bits: 1024 }],
    [`p=${rsa(1024, 'pkcs1')}`, { keyType: 'rsa', bits: 1024 }],
    [
      `v=DKIM1;\r\n\tk=ed25519 ; p = ${ED25519.slice(0, 20)} \t${ED25519.slice(20)}`,
      { keyType: 'ed25519', publicKey: ED25519 },
    ],
    [
      `v=DKIM1; h=sha256 : sha1; s=email; t=y:s; n=a note; x=1; p=${RSA};`,
      { hashes: ['sha256', 'sha1'], services: ['email'], flags: ['y', 's'] },
    ],
    ['v=DKIM1; p=', { publicKey: '' }],
  ])('%#', (text, value) => {
    expect(readDkim(text)).toMatchObject({ value, faults: [] })
  })
})

describe('no key to receivers', () => {
  test.each([
    ['another version', `v=DKIM2; p=${RSA}`],
    ['the version not first', `k=rsa; v=DKIM1; p=${RSA}`],
    ['no key', 'v=DKIM1; k=rsa'],
    ['a key twice', `v=DKIM1; p=${RSA}; p=`],
    ['an unknown type', `v=DKIM1; k=dsa; p=${RSA}`],
    ['a type in capitals', `v=DKIM1; k=RSA; p=${RSA}`],
    ['no base64', 'v=DKIM1; p=MII*'],
    ['a cut key', `v=DKIM1; p=${RSA.slice(0, 200)}`],
    [
      'an Ed25519 key as SubjectPublicKeyInfo',
      'v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
    ],
    ['Ed25519 called RSA', `v=DKIM1; p=${ED25519}`],
    ['an empty tag', `v=DKIM1;; p=${RSA}`],
    ['a no-break space', `v=DKIM1;\u00a0p=${RSA}`],
  ])('%s', (_, text) => {
    const { value, faults } = readDkim(text)
    expect(value).toBeUndefined()
    expect(faults).not.toEqual([])
  })
})

test('the same key, written in another way', () => {
  const key = `v=DKIM1; k=rsa; p=${RSA}`
  expect(dkim.same(key, `p=${RSA.replace(/.{60}/g, '$& ')};`)).toBe(true)
  expect(dkim.same(key, `n=made in May; p=${RSA}; s=*`)).toBe(true)
  for (const tag of ['t=y', 't=s', 'h=sha256', 's=email']) expect(dkim.same(key, `${key}; ${tag}`)).toBe(false)
  expect(dkim.same(key, 'v=DKIM1; k=rsa; p=')).toBe(false)
  expect(dkim.same('v=DKIM1; p=', 'p=')).toBe(true)
})
