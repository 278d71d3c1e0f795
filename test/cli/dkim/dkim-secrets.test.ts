import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SIGNERS } from '../../../src/dkim/hand-over/signers.js'
import { type DnsServer, programPath } from '../../servers/dns-server.js'
import { signedMail, verified } from '../../servers/mail/signed-mail.js'
import { onBind } from '../../servers/on-bind.js'
import { testCa } from '../../servers/renewals.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, runMain, type Workspace, workspace } from '../workspace.js'

const INDEX = 'keys/example.com/public.json'
const DAY = 86_400
const START = Date.parse('2026-11-27T06:00:00Z') / 1000

function spec({ host, port, key }: DnsServer, keys: string, dkim: string): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones: { example.com: { targets: [dns], servers: ['${host}:${port}'] } }
keys: { ${keys} }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains: { example.com: { mx: [mail.example.com], ttl: 60, dkim: { ${dkim} } } }
`
}

/** Throws where MAILSYNC_REQUIRE_SERVERS=1 says that a skip is a failure. */
function isMissing(program: string, packages: string): boolean {
  if (programPath(program) !== undefined) return false
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1')
    throw new Error(`${program} is missing: apt-get install ${packages}`)
  return true
}

onBind('private keys', (server) => {
  let space: Workspace
  let now: number
  let outputs: string[]
  beforeEach(async () => {
    now = START
    outputs = []
    await server.addZone('example.com.')
    space = await workspace({})
  })
  afterEach(() => space.remove())
  const use = (keys = 'directory: keys', dkim = 'algorithms: [ed25519], rotate: {}') =>
    space.write('mailsync.yaml', spec(server, keys, dkim))
  const mailsync = async (...args: string[]): Promise<Ran> => {
    const today = new Date(now * 1000).toISOString().slice(0, 10)
    const ran = await space.run(args, { env: { TSIG_SECRET: server.key.secret }, today, now: () => now })
    outputs.push(ran.stdout, ran.stderr)
    return ran
  }
  const run = (...args: string[]) => mailsync('dkim', ...args)

  /** Every run of characters of a private key that could give it away, in the forms it can have. */
  const traces = (pem: string): string[] => {
    const body = pem.replace(/-----[A-Z ]+-----|\s/g, '')
    const octets = Buffer.from(body, 'base64')
    const forms = [
      body,
      octets.toString('hex'),
      octets.subarray(-32).toString('base64'),
      octets.subarray(-32).toString('hex'),
    ]
    return forms
      .flatMap((form) =>
        Array.from({ length: Math.max(1, Math.floor(form.length / 24)) }, (_, at) =>
          form.slice(-24 - at * 24, at === 0 ? undefined : -at * 24),
        ),
      )
      .filter((part) => part.length >= 20)
  }

  test('are in no output of any command, and in no file but their own', async () => {
    await use('directory: keys', 'rotate: { every: 30d }')
    const pair = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    await space.write('other.pem', pair)
    await run('rotate', '--dry-run')
    await run('generate')
    await mailsync('plan')
    await mailsync('plan', '--format', 'json', '--out', space.path('plan.json'))
    await mailsync('apply', '--yes')
    await run('rotate')
    now += 3 * DAY
    await run('rotate', '--format', 'json')
    await run('import', 'example.com', space.path('other.pem'), '--selector', 'other')
    for (const args of [
      ['status'],
      ['status', '--format', 'json', '--all'],
      ['list'],
      ['list', '--format', 'json'],
      ['check'],
    ])
      await run(...args)
    await run('use', 'other', '--force')
    await run('rotate', '--now', 'example.com')
    await space.write('keys/example.com/s202611.pem', pair.replace('KEY-----\n', 'KEY-----\nAAAA'))
    await run('check')
    await run('use', 's202611')
    await run('import', 'example.com', space.path('mailsync.yaml'))
    await run('import', 'example.com', space.path('other.pem'), space.path('other.pem'))
    await run('check', '--identity', space.path('other.pem'))
    await space.write(INDEX, '{"keys": [')
    await run('status')
    const files = (await readdir(space.directory, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    )
    const pems = files.filter(({ name }) => name.endsWith('.pem'))
    expect(pems.length).toBeGreaterThanOrEqual(5)
    const told = [...outputs]
    for (const file of files.filter(({ name }) => !name.endsWith('.pem')))
      told.push(await readFile(join(file.parentPath, file.name), 'utf8'))
    for (const { parentPath, name } of pems)
      for (const trace of traces(await readFile(join(parentPath, name), 'utf8')))
        for (const text of told) expect(text).not.toContain(trace)
    if (process.platform !== 'win32')
      for (const { parentPath, name } of pems)
        if (name !== 'other.pem' || parentPath.endsWith('example.com'))
          if (name !== 's202611.pem') expect((await stat(join(parentPath, name))).mode & 0o777).toBe(0o600)
  })

  test('are in no output of what hands keys over, of moves, of certificates, or of any other command', async () => {
    const resolver = ['--resolver', `${server.host}:${server.port}`]
    await use('directory: keys', 'algorithms: [rsa-2048, ed25519], rotate: { every: 30d }')
    await run('rotate')
    now += 3 * DAY
    await run('rotate')
    const index = await space.read(INDEX)
    const pem = await space.read('keys/example.com/s202611.pem')
    for (const format of SIGNERS) {
      await run('export', '--format', format)
      await run('export', '--format', format, '--out', space.path(`out/${format}`))
    }
    await space.write('keys/example.com/s202611.pem', pem.replace('KEY-----\n', 'KEY-----\nAAAA'))
    await run('export', '--format', 'rspamd')
    await space.write('keys/example.com/s202611.pem', await space.read('keys/example.com/s202611-ed25519.pem'))
    await run('export', '--format', 'opendkim', '--identity', space.path('keys/example.com/s202611-ed25519.pem'))
    await space.write('keys/example.com/s202611.pem', pem)
    const text = await space.read('mailsync.yaml')
    await space.write('new.yaml', text.replaceAll('192.0.2.10', '198.51.100.20'))
    await space.write('server.pem', '')
    const rolled = 'reverse: false, ttl: { tlsa: 600 }, tlsa: { roll: { certificate: live, install: server.pem } }'
    const ca = await testCa(space.path('ca'), 'mail.example.com')
    await ca.renew(space.path('live'))
    await space.write('tlsa.yaml', text.replace('reverse: false', rolled))
    const elsewhere = async (...args: string[]) => {
      const env = { TSIG_SECRET: server.key.secret }
      const ran = await runMain([...args, '--config', space.path('tlsa.yaml')], { env, now: () => now })
      outputs.push(ran.stdout, ran.stderr)
      return ran
    }
    for (const args of [
      ['tlsa', 'status', '--no-connect'],
      ['tlsa', 'roll', '--no-connect', '--dry-run'],
      ['tlsa', 'roll', '--no-connect'],
    ]) {
      await elsewhere(...args, ...resolver)
      await elsewhere(...args, '--format', 'json', ...resolver)
    }
    expect(await space.read('server.pem')).toContain('PRIVATE KEY')
    for (const format of ['postfix', 'sendmail', 'dovecot'])
      await mailsync('host-config', 'mail.example.com', '--format', format)
    for (const format of ['text', 'json', 'markdown', 'html']) await mailsync('plan', '--no-dns', '--format', format)
    for (const format of ['zone', 'yaml', 'json']) await mailsync('compile', '--format', format)
    for (const args of [
      ['verify'],
      ['verify', '--format', 'json'],
      ['spf', 'check', 'example.com', '--ip', '192.0.2.10'],
    ])
      await mailsync(...args, ...resolver)
    for (const args of [
      ['dmarc', 'report', space.path('keys')],
      ['dmarc', 'ramp', space.path('keys')],
      ['providers'],
      ['relays'],
    ])
      await mailsync(...args)
    await mailsync('move', 'start', '--to', space.path('new.yaml'))
    for (const args of [['status'], ['plan'], ['next', '--yes'], ['abort']])
      await mailsync('move', ...args, ...(args[0] === 'abort' ? [] : ['--format', 'json']))
    await space.write(INDEX, index.replace('signing', 'signed'))
    for (const args of [
      ['verify'],
      ['host-config', 'mail.example.com', '--format', 'postfix'],
      ['dkim', 'export', '--format', 'exim'],
    ])
      await mailsync(...args)
    const kept = ['live/privkey.pem', 'keys/example.com/s202611.pem', 'keys/example.com/s202611-ed25519.pem']
    for (const file of kept)
      for (const trace of traces(await space.read(file))) for (const told of outputs) expect(told).not.toContain(trace)
    for (const told of outputs) expect(told).not.toContain(server.key.secret)
  })

  test('are encrypted for the recipients before they are on the disk, and turn without being opened', async () => {
    const identity = await generateIdentity()
    await use(`recipients: [${await identityToRecipient(identity)}]`)
    await space.write('me.txt', `# created\n${identity}\n`)
    await run('rotate')
    now += 3 * DAY
    expect((await run('rotate')).stdout).toContain('signs from now on')
    expect((await readdir(space.path('keys/example.com'))).sort()).toEqual(['public.json', 's202611.pem.age'])
    expect((await space.read('keys/.gitignore')).split('\n')).toEqual(['*.pem', '.lock*', '.new-*', ''])
    expect(JSON.parse(await space.read(INDEX)).keys).toMatchObject([
      { state: 'signing', holder: 'age', recipients: [await identityToRecipient(identity)] },
    ])
    expect((await run('check', '--identity', space.path('me.txt'))).stderr).toBe('1 key is as it should be.\n')
    const verify = ['verify', '--resolver', `${server.host}:${server.port}`, '--format', 'json']
    const privateHalves = async (...more: string[]): Promise<unknown[]> =>
      JSON.parse((await mailsync(...verify, ...more)).stdout).checks.filter(
        ({ id }: { id: string }) => id === 'dkim-private',
      )
    expect(await privateHalves()).toEqual([])
    expect(await privateHalves('--identity', space.path('me.txt'))).toMatchObject([
      { verdict: 'pass', seen: 'it fits the public key' },
    ])
    const { armor, Decrypter } = await import('age-encryption')
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const pem = await decrypter.decrypt(armor.decode(await space.read('keys/example.com/s202611.pem.age')), 'text')
    expect(await verified(await signedMail('example.com', 's202611', pem), server)).toBe('pass')
    await space.write('other.txt', await generateIdentity())
    expect(await run('check', '--identity', space.path('other.txt'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is opened by none of the identities'),
    })
    expect(outputs.join('')).not.toContain(identity)
  })

  test('an encrypted one that no index tells of is set aside, and nothing is lost', async () => {
    const identity = await generateIdentity()
    await use(`recipients: [${await identityToRecipient(identity)}]`)
    await run('generate')
    const before = await space.read('keys/example.com/s202611.pem.age')
    await space.write(INDEX, '{ "version": 2, "keys": [] }')
    expect(await run('generate')).toMatchObject({ code: 0 })
    const names = await readdir(space.path('keys/example.com'))
    const aside = names.find((name) => name.includes('.unused-')) ?? ''
    expect(await space.read(`keys/example.com/${aside}`)).toBe(before)
  })

  test('a recipient that age does not know stops it before anything is made', async () => {
    await use('recipients: [age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq]')
    expect(await run('rotate')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('is no recipient that age knows'),
    })
    expect(await readdir(space.path('keys/example.com'))).toEqual([])
  })
})

onBind('a key that was made elsewhere', (server) => {
  let space: Workspace
  beforeEach(async () => {
    await server.addZone('example.com.')
    space = await workspace({})
    await space.write('mailsync.yaml', spec(server, 'directory: keys', 'algorithms: [rsa-2048]'))
  })
  afterEach(() => space.remove())
  const run = (...args: string[]) =>
    space.run(['dkim', ...args], { env: { TSIG_SECRET: server.key.secret }, today: '2026-11-27' })
  const index = async () => JSON.parse(await space.read(INDEX)).keys
  const pkcs1 = (bits: number) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
    return {
      pem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      der: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    }
  }

  test('is taken over with its selector and tags; what DNS has is that key, and stays', async () => {
    const { pem, der } = pkcs1(2048)
    await space.write('mail.private', pem)
    await space.write(
      'mail.txt',
      `mail._domainkey\tIN\tTXT\t( "v=DKIM1; h=sha256; k=rsa; t=s; "\n\t  "p=${der.slice(0, 200)}"\n\t  "${der.slice(200)}" )  ; ----- DKIM key mail for example.com\n`,
    )
    const value = `v=DKIM1; h=sha256; k=rsa; t=s; p=${der}`
    await server.nsupdate(
      `update add mail._domainkey.example.com. 60 TXT "${value.slice(0, 250)}" "${value.slice(250)}"`,
    )
    const { code, stderr } = await run(
      'import',
      'example.com',
      space.path('mail.private'),
      space.path('mail.txt'),
      '--signing',
    )
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('rsa-2048, signing; every server shows it'),
    })
    expect(await index()).toMatchObject([
      { selector: 'mail', state: 'signing', algorithm: 'rsa-2048', tags: { h: 'sha256', t: 's' }, holder: 'file' },
    ])
    expect(await space.read('keys/example.com/mail.pem')).toMatch(/^-----BEGIN PRIVATE KEY-----/)
    expect((await stat(space.path('keys/example.com/mail.pem'))).mode & 0o777).toBe(0o600)
    expect((await run('check')).stderr).toBe('1 key is as it should be.\n')
    const plan = await space.run(['apply', '--yes'], { env: { TSIG_SECRET: server.key.secret } })
    expect(plan.stdout).toMatch(/= mail\._domainkey\.example\.com\. +TXT +is there already as wanted/)
    expect((await run('import', 'example.com', space.path('mail.private'), space.path('mail.txt'))).stderr).toContain(
      'nothing was changed',
    )
    expect(await verified(await signedMail('example.com', 'mail', pem), server)).toBe('pass')
  })

  test.each([
    [
      'another key in DNS',
      1,
      'has another key',
      async () => server.nsupdate(`update add mail._domainkey.example.com. 300 TXT "v=DKIM1; p=${pkcs1(1024).der}"`),
    ],
    [
      'a private key of another pair',
      0,
      'are not of one key',
      async () => space.write('mail.private', pkcs1(2048).pem),
    ],
    [
      'a key that anybody can break',
      0,
      'has an RSA key of 512 bits',
      async () => space.write('mail.txt', `mail._domainkey IN TXT "v=DKIM1; p=${pkcs1(512).der}"`),
    ],
    [
      'a private key with a passphrase',
      0,
      'has a passphrase',
      async () => space.write('mail.private', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n'),
    ],
    [
      'half a private key',
      0,
      'holds neither',
      async () => space.write('mail.private', '-----BEGIN PRIVATE KEY-----\nMC4CAQ\n'),
    ],
    [
      'a damaged one',
      0,
      'is damaged',
      async () => space.write('mail.private', '-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n'),
    ],
  ])('is refused, and nothing is written: %s', async (_, __, message, spoil) => {
    const { pem, der } = pkcs1(2048)
    await space.write('mail.private', pem)
    await space.write('mail.txt', `mail._domainkey IN TXT ( "v=DKIM1; k=rsa; " "p=${der}" ) ;`)
    await spoil()
    const { code, stderr } = await run('import', 'example.com', space.path('mail.private'), space.path('mail.txt'))
    expect(code).toBeGreaterThan(0)
    expect(stderr).toContain(message)
    expect(await readdir(space.path('keys')).catch(() => [])).toEqual([])
  })

  test('with few bits comes with a warning, and with what to do', async () => {
    const { pem } = pkcs1(1024)
    await space.write('mail.private', pem)
    const { code, stderr } = await run('import', 'example.com', space.path('mail.private'), '--selector', 'Mail')
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('It has 1024 bits') })
    const plan = await space.run(['plan'], { env: { TSIG_SECRET: server.key.secret } })
    expect(plan.stdout).toContain('dkim-rsa-short')
  })

  test('and whose private half stays there is known by its record alone', async () => {
    await space.write('mail.txt', `mail._domainkey IN TXT ( "v=DKIM1; k=rsa; p=${pkcs1(3072).der}" )`)
    expect(await run('import', 'example.com', space.path('mail.txt'))).toMatchObject({ code: 0 })
    expect(await index()).toMatchObject([
      { selector: 'mail', algorithm: 'rsa-3072', state: 'published', holder: 'elsewhere' },
    ])
  })

  test.skipIf(isMissing('opendkim-genkey', 'opendkim-tools'))('by opendkim-genkey itself', async () => {
    await promisify(execFile)(programPath('opendkim-genkey') as string, [
      '-b',
      '2048',
      '-s',
      'od',
      '-d',
      'example.com',
      '-D',
      space.directory,
    ])
    expect(await run('import', 'example.com', space.path('od.private'), space.path('od.txt'))).toMatchObject({
      code: 0,
    })
    expect(await index()).toMatchObject([{ selector: 'od', algorithm: 'rsa-2048', tags: { h: 'sha256' } }])
  })

  test.skipIf(isMissing('rspamadm', 'rspamd')).each(['rsa', 'ed25519'])('by rspamadm itself: %s', async (type) => {
    const file = space.path('rs.key')
    const made = await promisify(execFile)(programPath('rspamadm') as string, [
      'dkim_keygen',
      '-s',
      'rs',
      '-d',
      'example.com',
      '-t',
      type,
      '-k',
      file,
    ])
    await space.write('rs.txt', made.stdout)
    expect(await run('import', 'example.com', file, space.path('rs.txt'))).toMatchObject({ code: 0 })
    expect(await index()).toMatchObject([{ selector: 'rs', holder: 'file' }])
    expect((await run('check')).stderr).toBe('1 key is as it should be.\n')
  })
})
