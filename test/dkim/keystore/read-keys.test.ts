import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { verifyPrivateKeys } from '../../../src/dkim/keystore/private/verify-private-keys.js'
import { readKeys } from '../../../src/dkim/keystore/read-keys.js'
import { generate, scratch, wanted } from './scratch.js'

const one = wanted('example.com.', 's1')
const two = wanted('example.net.', 's1', 'rsa-2048')
const PUBLIC = Buffer.alloc(32, 7).toString('base64')
const entry = { selector: 's1', algorithm: 'ed25519', state: 'active', created: '2026-11-22', publicKey: PUBLIC }

const newest = {
  selector: 's1',
  algorithm: 'ed25519',
  state: 'published',
  times: { published: '2026-11-22T12:00:00Z' },
  holder: 'file',
  publicKey: PUBLIC,
}

/** A keys directory whose only domain, example.com, has this index. */
function withIndex(text: string) {
  const directory = scratch()
  mkdirSync(join(directory, 'example.com'), { recursive: true })
  const file = join(directory, 'example.com', 'public.json')
  writeFileSync(file, text)
  return { directory, file }
}

describe('reading keys', () => {
  test('gives what was generated, domain by domain', async () => {
    const directory = scratch()
    const keys = await generate(directory, one, two)
    expect(await readKeys(directory, [two.domain, one.domain])).toEqual({ keys: keys.toReversed(), findings: [] })
    expect((await readKeys(directory, [one.domain])).keys).toEqual(keys.slice(0, 1))
  })

  test('finds no keys where there is no directory, no folder, or no index', async () => {
    const directory = scratch()
    expect(await readKeys(directory, [one.domain])).toEqual({ keys: [], findings: [] })
    mkdirSync(join(directory, 'example.com'), { recursive: true })
    expect(await readKeys(directory, [one.domain, two.domain])).toEqual({ keys: [], findings: [] })
  })

  test('needs no private key', async () => {
    const directory = scratch()
    const keys = await generate(directory, one)
    rmSync(join(directory, 'example.com', 's1.pem'))
    expect(await readKeys(directory, [one.domain])).toEqual({ keys, findings: [] })
  })

  test('reads an old 1024-bit key, and what version 1 of the index says', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    const old = { ...entry, algorithm: 'rsa-1024', publicKey: der }
    const { directory } = withIndex(JSON.stringify({ version: 1, keys: [old] }))
    const day = Date.parse('2026-11-22') / 1000
    expect(await readKeys(directory, [one.domain])).toEqual({
      keys: [
        {
          domain: one.domain,
          selector: 's1',
          algorithm: 'rsa-1024',
          state: 'signing',
          times: { published: day, visible: day, signing: day },
          holder: 'file',
          publicKey: der,
        },
      ],
      findings: [],
    })
  })

  test.each([0o640, 0o604, 0o620])('warns of a private key with mode %o', async (mode) => {
    const directory = scratch()
    const keys = await generate(directory, one)
    const file = join(directory, 'example.com', 's1.pem')
    chmodSync(file, mode)
    expect(await readKeys(directory, [one.domain])).toEqual({
      keys,
      findings: [
        {
          rule: 'dkim-key-readable',
          severity: 'warning',
          file,
          message: `the private key is open to other users (mode 0${mode.toString(8)})`,
          hint: `chmod 600 ${file}`,
        },
      ],
    })
  })

  test('warns of a private key that the index does not tell of', async () => {
    const directory = scratch()
    const keys = await generate(directory, one)
    const file = join(directory, 'example.com', 'mine.pem')
    writeFileSync(file, '', { mode: 0o600 })
    const read = await readKeys(directory, [one.domain])
    expect(read.keys).toEqual(keys)
    expect(read.findings).toMatchObject([{ rule: 'dkim-key-stray', severity: 'warning', file }])
  })

  test('reports every malformed index as an error, and still reads the other domains', async () => {
    const directory = scratch()
    const keys = await generate(directory, one, two)
    writeFileSync(join(directory, 'example.com', 'public.json'), '<<<<<<< HEAD\n')
    const read = await readKeys(directory, [one.domain, two.domain])
    expect(read.keys).toEqual(keys.slice(1))
    expect(read.findings).toMatchObject([
      {
        rule: 'dkim-index-malformed',
        severity: 'error',
        file: join(directory, 'example.com', 'public.json'),
        hint: expect.stringContaining('both sides'),
      },
    ])
  })

  test.each([
    ['no JSON', '{', 'JSON'],
    ['another version', JSON.stringify({ version: 3, keys: [] }), 'version is neither 1 nor 2'],
    ['a missing field', JSON.stringify({ version: 1, keys: [{ ...entry, state: undefined }] }), 'keys.0.state'],
    ['an unknown field', JSON.stringify({ version: 1, keys: [{ ...entry, note: 'x' }] }), '"note"'],
    [
      'a selector that is a path',
      JSON.stringify({ version: 1, keys: [{ ...entry, selector: '../s1' }] }),
      'keys.0.selector',
    ],
    ['a selector twice', JSON.stringify({ version: 1, keys: [entry, entry] }), 'keys.1.selector s1 is there twice'],
    [
      'a state set by hand',
      JSON.stringify({ version: 2, keys: [{ ...newest, state: 'retiring' }] }),
      'keys.0.state is retiring, and times has no retiring',
    ],
    [
      'times that run backwards',
      JSON.stringify({
        version: 2,
        keys: [{ ...newest, times: { published: '2026-11-22T00:00:00Z', signing: '2026-11-21T00:00:00Z' } }],
      }),
      'keys.0.times are not in the order of the states',
    ],
    [
      'a time that is none',
      JSON.stringify({ version: 2, keys: [{ ...newest, times: { published: 'yesterday' } }] }),
      'keys.0.times.published',
    ],
    ['no date', JSON.stringify({ version: 1, keys: [{ ...entry, created: 'today' }] }), 'keys.0.created'],
    ['no base64', JSON.stringify({ version: 1, keys: [{ ...entry, publicKey: 'p=?' }] }), 'keys.0.publicKey'],
    [
      'an Ed25519 key wrapped as SPKI',
      JSON.stringify({ version: 1, keys: [{ ...entry, publicKey: Buffer.alloc(44).toString('base64') }] }),
      'keys.0.publicKey has 44 octets, not those of ed25519',
    ],
    [
      'an RSA key without its SPKI wrapping',
      JSON.stringify({
        version: 1,
        keys: [{ ...entry, algorithm: 'rsa-2048', publicKey: Buffer.alloc(270).toString('base64') }],
      }),
      'keys.0.publicKey has 270 octets, not those of rsa-2048',
    ],
  ])('says what is wrong with an index: %s', async (_, text, fault) => {
    const { directory, file } = withIndex(text)
    expect(await readKeys(directory, [one.domain])).toMatchObject({
      keys: [],
      findings: [{ rule: 'dkim-index-malformed', file, message: expect.stringContaining(fault) }],
    })
  })

  test('names every fault of an index at once', async () => {
    const { directory } = withIndex(JSON.stringify({ version: 1, keys: [{ ...entry, state: 'x', created: 'y' }] }))
    const { findings } = await readKeys(directory, [one.domain])
    expect(findings[0]?.message).toMatch(/keys\.0\.state.*; keys\.0\.created/)
  })

  test('stops where an index is there and cannot be read', async () => {
    const directory = scratch()
    mkdirSync(join(directory, 'example.com', 'public.json'), { recursive: true })
    await expect(readKeys(directory, [one.domain])).rejects.toMatchObject({ code: 'io', hint: expect.any(String) })
  })

  test('reads thousands of domains', async () => {
    const directory = scratch()
    const text = JSON.stringify({ version: 1, keys: [entry, { ...entry, selector: 's2' }] })
    const domains = Array.from({ length: 2_000 }, (_, number) => wanted(`d${number}.example.`, 's1').domain)
    for (const domain of domains) {
      const folder = join(directory, domain.slice(0, -1))
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'public.json'), text)
      writeFileSync(join(folder, 's1.pem'), '', { mode: 0o600 })
    }
    const { keys, findings } = await readKeys(directory, domains)
    expect([keys.length, findings.length]).toEqual([4_000, 0])
  })
})

describe('verifying private keys', () => {
  test('finds nothing where they belong together or are not here', async () => {
    const directory = scratch()
    const keys = await generate(directory, one, two)
    rmSync(join(directory, 'example.com', 's1.pem'))
    expect(await verifyPrivateKeys(directory, keys)).toEqual([])
  })

  test('reports one that belongs to another public key', async () => {
    const directory = scratch()
    const [key] = await generate(directory, one)
    const file = join(directory, 'example.com', 's1.pem')
    const stale = key === undefined ? [] : [{ ...key, publicKey: PUBLIC }]
    expect(await verifyPrivateKeys(directory, stale)).toMatchObject([
      { rule: 'dkim-key-mismatch', severity: 'error', file, message: expect.stringContaining('does not belong') },
    ])
  })

  test('reports one that is damaged, without its text', async () => {
    const directory = scratch()
    const keys = await generate(directory, one)
    const file = join(directory, 'example.com', 's1.pem')
    writeFileSync(file, '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n')
    const findings = await verifyPrivateKeys(directory, keys)
    expect(findings).toMatchObject([{ rule: 'dkim-key-mismatch', file, message: expect.stringContaining('damaged') }])
    expect(JSON.stringify(findings)).not.toContain('c2VjcmV0')
  })
})
