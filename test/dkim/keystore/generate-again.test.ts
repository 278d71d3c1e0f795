import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { generateKeys } from '../../../src/dkim/keystore/generate-keys.js'
import { generate, NOW, scratch, wanted } from './scratch.js'

const read = (...path: string[]) => readFileSync(join(...path), 'utf8')
/** The only key of an index, in another state. */
const moveTo = (index: string, state: string) => {
  const { version, keys } = JSON.parse(read(index))
  const [key] = keys
  const times = { ...key.times, [state]: key.times.published }
  writeFileSync(index, JSON.stringify({ version, keys: [{ ...key, state, times }] }))
}
const rsa = wanted('example.com.', 's202611', 'rsa-2048')
const ed = wanted('example.com.', 's202611e')

describe('generating again', () => {
  test('gives the same keys and changes no octet', async () => {
    const directory = scratch()
    const first = await generate(directory, rsa, ed)
    const files = ['public.json', 's202611.pem', 's202611e.pem'].map((file) => read(directory, 'example.com', file))
    expect(await generate(directory, ed, rsa)).toEqual(first.toReversed())
    expect(['public.json', 's202611.pem', 's202611e.pem'].map((file) => read(directory, 'example.com', file))).toEqual(
      files,
    )
  })

  test('needs no private key where the index has the public one', async () => {
    const directory = scratch()
    const first = await generate(directory, ed)
    rmSync(join(directory, 'example.com', 's202611e.pem'))
    expect(await generate(directory, ed)).toEqual(first)
    expect(existsSync(join(directory, 'example.com', 's202611e.pem'))).toBe(false)
  })

  test('keeps the state of a key that has moved on', async () => {
    const directory = scratch()
    await generate(directory, ed)
    const index = join(directory, 'example.com', 'public.json')
    moveTo(index, 'signing')
    await generate(directory, wanted('example.com.', 'next'))
    expect(JSON.parse(read(index)).keys).toMatchObject([{ state: 'published' }, { state: 'signing' }])
  })

  test('refuses a selector whose key is revoked, and keeps it so', async () => {
    const directory = scratch()
    await generate(directory, ed)
    const index = join(directory, 'example.com', 'public.json')
    moveTo(index, 'revoked')
    await expect(generate(directory, ed)).rejects.toMatchObject({
      code: 'spec',
      message: 'selector s202611e of example.com. is a revoked key',
    })
    expect(JSON.parse(read(index)).keys).toMatchObject([{ state: 'revoked' }])
  })

  test('refuses another algorithm for a selector, and keeps its key', async () => {
    const directory = scratch()
    const [key] = await generate(directory, ed)
    await expect(generate(directory, { ...ed, algorithm: 'rsa-2048' })).rejects.toMatchObject({
      code: 'spec',
      message: 'selector s202611e of example.com. is an ed25519 key, not rsa-2048',
    })
    expect(await generate(directory, ed)).toEqual([key])
  })
})

describe('after a crash', () => {
  test('a private key the index does not tell of is taken up as found, not replaced', async () => {
    const directory = scratch()
    const first = await generate(directory, rsa, ed)
    const pem = read(directory, 'example.com', 's202611.pem')
    rmSync(join(directory, 'example.com', 'public.json'))
    expect(await generate(directory, rsa, ed)).toEqual(first.map((key) => ({ ...key, found: true })))
    expect(await generate(directory, rsa, ed)).toEqual(first)
    expect(read(directory, 'example.com', 's202611.pem')).toBe(pem)
  })

  test('the draft of a private key is removed', async () => {
    const directory = scratch()
    mkdirSync(join(directory, 'example.com'), { recursive: true })
    const leave = () => writeFileSync(join(directory, 'example.com', '.new-5f0c-s202611e.pem'), '-----BEGIN PRIV')
    leave()
    await generate(directory, ed)
    expect(readdirSync(join(directory, 'example.com')).sort()).toEqual(['public.json', 's202611e.pem'])
    leave()
    await generate(directory, ed)
    expect(readdirSync(join(directory, 'example.com')).sort()).toEqual(['public.json', 's202611e.pem'])
  })

  test.each([
    ['an empty file', ''],
    ['an encrypted key', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n'],
    ['half a key', '-----BEGIN PRIVATE KEY-----\nMC4CAQ\n'],
  ])('%s in the place of a private key is reported and left alone', async (_, text) => {
    const directory = scratch()
    const file = join(directory, 'example.com', 's202611e.pem')
    mkdirSync(join(directory, 'example.com'), { recursive: true })
    writeFileSync(file, text, { mode: 0o600 })
    await expect(generate(directory, ed)).rejects.toMatchObject({
      code: 'io',
      where: { file },
      hint: expect.any(String),
    })
    expect(read(file)).toBe(text)
  })

  test('a private key of another algorithm is reported and left alone', async () => {
    const directory = scratch()
    await generate(directory, ed)
    const file = join(directory, 'example.com', 's202611e.pem')
    const pem = read(file)
    rmSync(join(directory, 'example.com', 'public.json'))
    await expect(generate(directory, { ...ed, algorithm: 'rsa-2048' })).rejects.toMatchObject({
      code: 'io',
      message: `${file} holds an ed25519 key where rsa-2048 is wanted`,
    })
    expect(read(file)).toBe(pem)
  })
})

describe('when it cannot go on', () => {
  test('a malformed index stops it, and nothing is written', async () => {
    const directory = scratch()
    await generate(directory, ed)
    const index = join(directory, 'example.com', 'public.json')
    writeFileSync(index, '<<<<<<< HEAD\n')
    await expect(generate(directory, wanted('example.com.', 'next'))).rejects.toMatchObject({
      code: 'io',
      where: { file: index },
      hint: expect.stringContaining('git'),
    })
    expect(readdirSync(join(directory, 'example.com')).sort()).toEqual(['public.json', 's202611e.pem'])
    expect(read(index)).toBe('<<<<<<< HEAD\n')
  })

  test('a file where the folder of a domain has to be is named, with what to do', async () => {
    const directory = scratch()
    mkdirSync(directory)
    writeFileSync(join(directory, 'example.com'), '')
    await expect(generate(directory, ed)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(join(directory, 'example.com')),
      where: { file: expect.stringContaining(join(directory, 'example.com')) },
      hint: 'a file is where a folder has to be; move it away',
    })
  })

  test.skipIf(process.getuid?.() === 0)('a folder that is not ours to write is named', async () => {
    const directory = scratch()
    mkdirSync(directory)
    chmodSync(directory, 0o500)
    await expect(generate(directory, ed)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('permission denied'),
    })
  })

  test('a stop keeps what is made, says how much, and the next run makes the rest', async () => {
    const directory = scratch()
    const requests = ['a', 'b', 'c', 'd'].map((selector) => wanted('example.com.', selector))
    const stop = new AbortController()
    const onProgress = (done: number) => {
      if (done === 2) stop.abort()
    }
    await expect(
      generateKeys(directory, requests, { now: NOW, signal: stop.signal, onProgress }),
    ).rejects.toMatchObject({
      code: 'cancelled',
      message: 'stopped: 2 of 4 DKIM keys are in place',
    })
    const made = JSON.parse(read(directory, 'example.com', 'public.json')).keys as {
      selector: string
      publicKey: string
    }[]
    expect(made).toHaveLength(2)
    const all = await generate(directory, ...requests)
    expect(all).toHaveLength(4)
    const known = made.map(({ selector, publicKey }) => ({ selector, publicKey }))
    expect(all.slice(0, 2)).toMatchObject(known)
  })

  test('progress counts every key once', async () => {
    const seen: [number, number][] = []
    await generateKeys(scratch(), [ed, wanted('example.net.', 'a'), wanted('example.net.', 'b')], {
      now: NOW,
      signal: new AbortController().signal,
      onProgress: (done, total) => seen.push([done, total]),
    })
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
  })
})
