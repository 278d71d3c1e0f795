import { createPublicKey, sign, verify } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { generate, NOW, scratch, wanted } from './scratch.js'

const read = (...path: string[]) => readFileSync(join(...path), 'utf8')
const modeOf = (...path: string[]) => statSync(join(...path)).mode & 0o777
const rsa = wanted('example.com.', 's202611', 'rsa-2048')
const ed = wanted('example.com.', 's202611e')

describe('a generated key', () => {
  test('signs with RSA what the published SubjectPublicKeyInfo verifies', async () => {
    const directory = scratch()
    const [key] = await generate(directory, rsa)
    expect(key).toMatchObject({ ...rsa, state: 'published', times: { published: NOW }, holder: 'file' })
    const published = createPublicKey({ key: Buffer.from(key?.publicKey ?? '', 'base64'), format: 'der', type: 'spki' })
    expect(published.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n })
    const pem = read(directory, 'example.com', 's202611.pem')
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^\r]*\n-----END PRIVATE KEY-----\n$/)
    const mail = Buffer.from('from:a@example.com')
    expect(verify('sha256', mail, published, sign('sha256', mail, pem))).toBe(true)
  })

  test('signs with Ed25519 what the published 32 octets verify', async () => {
    const directory = scratch()
    const [key] = await generate(directory, ed)
    const octets = Buffer.from(key?.publicKey ?? '', 'base64')
    expect(octets).toHaveLength(32)
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: octets.toString('base64url') }
    const pem = read(directory, 'example.com', 's202611e.pem')
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
    const mail = Buffer.from('from:a@example.com')
    expect(verify(null, mail, createPublicKey({ key: jwk, format: 'jwk' }), sign(null, mail, pem))).toBe(true)
  })

  test('has 4096 bits when asked', async () => {
    const [key] = await generate(scratch(), wanted('example.com.', 'big', 'rsa-4096'))
    const published = createPublicKey({ key: Buffer.from(key?.publicKey ?? '', 'base64'), format: 'der', type: 'spki' })
    expect(published.asymmetricKeyDetails?.modulusLength).toBe(4096)
  })

  test('never has 1024 bits (RFC 8301)', async () => {
    const directory = scratch()
    await expect(generate(directory, wanted('example.com.', 'weak', 'rsa-1024'))).rejects.toMatchObject({
      code: 'spec',
    })
    expect(readdirSync(join(directory, 'example.com'))).toEqual([])
  })
})

describe('the files', () => {
  test.each([0o000, 0o027, 0o277])('have their modes whatever the umask: %o', async (umask) => {
    const directory = scratch()
    mkdirSync(join(directory, 'example.com'), { recursive: true })
    const before = process.umask(umask)
    try {
      await generate(directory, ed)
    } finally {
      process.umask(before)
    }
    expect(modeOf(directory, 'example.com', 's202611e.pem')).toBe(0o600)
    expect(modeOf(directory, 'example.com', 'public.json')).toBe(0o644)
  })

  test('live in folders others cannot write to, even with umask 0', async () => {
    const directory = scratch()
    const before = process.umask(0)
    try {
      await generate(directory, ed)
    } finally {
      process.umask(before)
    }
    expect([modeOf(directory), modeOf(directory, 'example.com')]).toEqual([0o755, 0o755])
  })

  test('are the keys and the index, nothing else', async () => {
    const directory = scratch()
    await generate(directory, ed, wanted('example.net.', 'a'))
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual(
      [
        '.gitignore',
        'example.com',
        'example.com/public.json',
        'example.com/s202611e.pem',
        'example.net',
        'example.net/a.pem',
        'example.net/public.json',
      ].sort(),
    )
  })

  test('that are private stay out of git', async () => {
    const directory = scratch()
    await generate(directory, ed)
    expect(read(directory, '.gitignore').split('\n')).toContain('*.pem')
    writeFileSync(join(directory, '.gitignore'), 'mine\n')
    await generate(directory, wanted('example.com.', 'other'))
    expect(read(directory, '.gitignore')).toBe('mine\n')
  })

  test('hold an index sorted by selector, the same octets in whatever order the keys came', async () => {
    const directory = scratch()
    await generate(directory, wanted('example.com.', 'c'), wanted('example.com.', 'a'))
    await generate(directory, wanted('example.com.', 'b'))
    const text = read(directory, 'example.com', 'public.json')
    const index = JSON.parse(text)
    expect(index.keys.map(({ selector }: { selector: string }) => selector)).toEqual(['a', 'b', 'c'])
    expect(Object.keys(index.keys[0])).toEqual(['selector', 'algorithm', 'state', 'times', 'holder', 'publicKey'])
    expect(text).toBe(`${JSON.stringify(index, null, 2)}\n`)
  })

  test.each([
    ['../evil.', 's1'],
    ['..', 's1'],
    ['/etc.', 's1'],
    ['.', 's1'],
    ['a/../../b.', 's1'],
    ['example.com.', '../s1'],
    ['example.com.', '..'],
    ['example.com.', '/s1'],
    ['example.com.', 'S1'],
    ['example.com.', ''],
  ])('never leave the directory: domain %s, selector %s', async (domain, selector) => {
    const directory = scratch()
    await expect(generate(directory, ed, wanted(domain, selector))).rejects.toMatchObject({ code: 'spec' })
    expect(existsSync(directory)).toBe(false)
  })
})
