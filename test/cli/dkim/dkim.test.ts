import { chmod, readdir, rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Workspace, workspace } from '../workspace.js'

const SPEC = `providers: { files: { class: yaml, directory: zones } }
zones: { example.com: { targets: [files] }, example.net: { targets: [files] } }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
defaults: { dkim: { algorithms: [ed25519] }, dmarc: false }
domains: { example.com: { mx: [mail.example.com] } }
`
const INDEX = 'keys/example.com/public.json'
const ZONE = 'zones/example.com.yaml'
let space: Workspace
beforeEach(async () => {
  space = await workspace({ 'mailsync.yaml': SPEC })
})
afterEach(() => space.remove())
const run = (...args: string[]) => space.run(args)
const keyFiles = async (): Promise<string[]> => {
  const names = await readdir(space.path('keys'), { recursive: true }).catch(() => [])
  return names.filter((name) => name.endsWith('.pem')).sort()
}

describe('when the keys are lost after an apply', () => {
  let published: string
  beforeEach(async () => {
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    published = await space.read(ZONE)
    expect(published).toContain('s202611._domainkey')
    await rm(space.path('keys'), { recursive: true })
  })
  afterEach(async () => expect(await space.read(ZONE)).toBe(published))

  test.each([[[]], [['--domain', 'example.com']], [['--zone', 'example.com']]])(
    'apply %j makes none and says where they belong',
    async (limits) => {
      const { code, stdout } = await run('apply', '--yes', ...limits)
      expect(code).toBe(1)
      expect(stdout).toContain('keys/example.com/public.json')
      expect(await keyFiles()).toEqual([])
    },
  )

  test('a run over another zone makes none', async () => {
    expect((await run('apply', '--yes', '--zone', 'example.net')).code).toBe(0)
    expect(await keyFiles()).toEqual([])
  })

  test('those that are made anew by hand do not replace them', async () => {
    expect((await run('dkim', 'generate')).code).toBe(0)
    const { code, stdout } = await run('apply', '--yes')
    expect(code).toBe(1)
    expect(stdout).toContain('dkim-key-changed')
  })
})

describe('a revoked key', () => {
  beforeEach(async () => {
    await run('apply', '--yes')
    const { version, keys } = JSON.parse(await space.read(INDEX))
    const [key] = keys
    const times = { ...key.times, revoked: key.times.published }
    await space.write(INDEX, JSON.stringify({ version, keys: [{ ...key, state: 'revoked', times }] }))
  })

  test('gets a successor by apply in the same month, and then there is nothing to do', async () => {
    const { code, stdout } = await run('apply', '--yes')
    expect(code).toBe(0)
    expect(stdout).toContain('s202611b._domainkey.example.com.  ed25519 key generated')
    expect(await keyFiles()).toEqual(['example.com/s202611.pem', 'example.com/s202611b.pem'])
    expect(await space.read(ZONE)).toMatch(/s202611b\._domainkey/)
    expect((await run('plan', '--detailed-exitcode')).code).toBe(0)
  })

  test('gets the same one by dkim generate, which says so, once', async () => {
    const made = await run('dkim', 'generate')
    expect(made.stdout).toBe('example.com  s202611b  ed25519\n')
    expect(made.stderr).toMatch(/^1 new key in /)
    expect((await run('dkim', 'generate')).stdout).toBe('')
    expect((await run('dkim', 'list')).stdout).toBe(
      'example.com  s202611  ed25519  revoked\nexample.com  s202611b  ed25519  published\n',
    )
  })
})

test('an apply that is refused has made no keys', async () => {
  await space.write(ZONE, "'':\n  type: TXT\n  value: v=spf1 include:old.example -all\n")
  const { code, stderr } = await run('apply', '--yes')
  expect(code).toBe(3)
  expect(stderr).toContain('Nothing was written.')
  expect(await keyFiles()).toEqual([])
  expect((await run('apply', '--yes', '--adopt')).code).toBe(0)
  expect(await keyFiles()).toHaveLength(1)
})

test('a no to the question makes no keys', async () => {
  const { code, stderr } = await space.run(['apply'], { answer: false })
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('Nothing was written.') })
  expect(await keyFiles()).toEqual([])
})

test.skipIf(process.platform === 'win32')('dkim list tells of a private key that others can read', async () => {
  await run('dkim', 'generate')
  await chmod(space.path('keys/example.com/s202611.pem'), 0o644)
  const { stdout, stderr } = await run('dkim', 'list')
  expect(stdout).toBe('example.com  s202611  ed25519  published\n')
  expect(stderr).toContain('dkim-key-readable')
})

describe('keys of a domain that left the spec', () => {
  beforeEach(async () => {
    await run('apply', '--yes')
    await space.write('mailsync.yaml', SPEC.replace(/domains: .*/, 'domains: {}'))
  })

  test('are listed as what they are, and never as published', async () => {
    const { code, stdout, stderr } = await run('dkim', 'list')
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'example.com  s202611  ed25519  not in the spec\n',
      stderr: '',
    })
  })

  test('are in the JSON too', async () => {
    const { stdout } = await run('dkim', 'list', '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'mailsync-keys',
      keys: [{ domain: 'example.com.', selector: 's202611', algorithm: 'ed25519', inSpec: false }],
    })
  })

  test('are told by their file where there is no index of them', async () => {
    await rm(space.path(INDEX))
    const { stdout, stderr } = await run('dkim', 'list')
    expect(stdout).toBe('')
    expect(stderr).toContain('keys/example.com/s202611.pem')
    expect(stderr).not.toContain('There are no keys yet')
  })
})

test('keys of a domain that signs no more are not in the spec', async () => {
  await run('apply', '--yes')
  await space.write('mailsync.yaml', SPEC.replace('[mail.example.com] }', '[mail.example.com], dkim: false }'))
  expect((await run('dkim', 'list')).stdout).toBe('example.com  s202611  ed25519  not in the spec\n')
})

test('dkim check counts in grammar', async () => {
  expect((await run('dkim', 'check')).stderr).toBe('There are no keys yet; `mailsync dkim generate` makes them.\n')
  await run('dkim', 'generate')
  expect((await run('dkim', 'check')).stderr).toBe('1 key is as it should be.\n')
  await space.write('mailsync.yaml', SPEC.replace('[ed25519]', '[ed25519, rsa-2048]'))
  await run('dkim', 'generate')
  expect((await run('dkim', 'check')).stderr).toBe('2 keys are as they should be.\n')
})

test('dkim check says of no key that it is sound whose private half is not here', async () => {
  await run('dkim', 'generate')
  await rm(space.path('keys/example.com/s202611.pem'))
  expect(await run('dkim', 'check')).toMatchObject({
    code: 0,
    stderr:
      'The private half of 1 key was not looked at: it is not here, or age encrypts it and no --identity is given.\n',
  })
})
