import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BOX, MailInABox } from '../../fakes/mail-servers/mail-in-a-box.js'
import { MAILCOW, Mailcow } from '../../fakes/mail-servers/mailcow.js'
import { programPath } from '../../servers/dns-server.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const rsa = (bits = 2048): string =>
  generateKeyPairSync('rsa', { modulusLength: bits })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64')
const [FIRST, SECOND] = [rsa(), rsa()]

const spec = (domains: string, defaults = '') => `providers: { local: { class: yaml, directory: zones } }
zones: { example.com.: { targets: [local] }, example.org.: { targets: [local] } }
${defaults}hosts: { mail.example.com: { addresses: [9.9.9.10], reverse: false } }
domains:
${domains}
`
const mailcow = `{ class: mailcow, url: "${MAILCOW.url}", api_key: env/MAILCOW_KEY }`
const domain = (from: string, name = 'example.com', more = '') =>
  `  ${name}: { mx: [mail.example.com], dmarc: false, dkim: { from: ${from}${more} } }\n`

let space: Workspace
beforeEach(async () => {
  space = await workspace({ 'zones/example.com.yaml': '{}\n', 'zones/example.org.yaml': '{}\n' })
})
afterEach(() => space.remove())
const env = { MAILCOW_KEY: MAILCOW.key, BOX_PASSWORD: BOX.password, PATH: process.env.PATH ?? '' }
const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  space.run(['plan', 'apply'].includes(args[0] ?? '') ? [...args, '--no-dns'] : args, { env: { ...env, ...more } })
const zone = (name = 'example.com') => space.read(`zones/${name}.yaml`)

describe('mailcow keeps the keys', () => {
  let server: Mailcow
  beforeEach(async () => {
    server = new Mailcow()
    server.make('example.com', 'dkim', FIRST)
    await space.write('mailsync.yaml', spec(domain(mailcow)))
  })
  afterEach(() => server.close())

  test('its key is published as it tells it, and none is made here', async () => {
    const { code, stdout } = await run(['apply', '--yes'])
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('dkim._domainkey.example.com.') })
    expect(await zone()).toContain(FIRST.slice(0, 40))
    expect(existsSync(space.path('keys'))).toBe(false)
    expect((await run(['plan'])).stdout).toMatch(/^Nothing to do/m)
  })

  test('one with another selector comes first, and the one that vanished goes last', async () => {
    await run(['apply', '--yes'])
    server.make('example.com', 'dkim2', SECOND)
    const { stdout } = await run(['plan'])
    expect(stdout).toMatch(/\+ dkim2\._domainkey\.example\.com\./)
    expect(stdout).toMatch(/- dkim\._domainkey\.example\.com\./)
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/dkim of example\.com; mail signed so that is still under way/)
    expect(await run(['apply', '--yes'])).toMatchObject({ code: 0 })
    expect(await zone()).not.toContain('dkim._domainkey')
    expect(await zone()).toContain('dkim2._domainkey')
  })

  test.each([
    [
      'does not answer',
      () => {
        server.isDown = true
      },
      {},
      'mailcow',
    ],
    ['has lost the key', () => server.delete('example.com'), {}, 'it has no key of example.com'],
    ['takes no such API key', () => {}, { MAILCOW_KEY: 'another-one' }, 'does not accept the API key'],
    [
      'tells nonsense',
      () => server.make('example.com', 'dkim', 'hello world'),
      {},
      'receivers do not take this as a DKIM key',
    ],
  ])(
    'where it %s, its records stay, and the plan says so',
    async (_, happen, more, why) => {
      await run(['apply', '--yes'])
      const before = await zone()
      happen()
      const plan = await run(['plan'], more)
      expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('dkim-source-unread') })
      expect(plan.stdout.replace(/\s+/g, ' ')).toContain(why)
      expect(await run(['apply', '--yes'], more)).toMatchObject({ code: 0 })
      expect(await zone()).toBe(before)
    },
    60_000,
  )

  test('a saved plan is carried out, and refused where the key is another one by then', async () => {
    const saved = space.path('plan.json')
    await run(['plan', '--out', saved])
    server.make('example.com', 'dkim', SECOND)
    expect((await run(['apply', saved, '--yes'])).code).toBe(3)
    expect(await zone()).not.toContain('_domainkey')
    server.make('example.com', 'dkim', FIRST)
    expect(await run(['apply', saved, '--yes'])).toMatchObject({ code: 0 })
    expect(await zone()).toContain(FIRST.slice(0, 40))
  })

  test('keys of our own beside are made, and those of the server stay while it does not tell them', async () => {
    await run(['apply', '--yes'])
    await space.write('mailsync.yaml', spec(domain(mailcow, 'example.com', ', algorithms: [ed25519]')))
    server.isDown = true
    const before = await zone()
    expect(await run(['apply', '--yes'])).toMatchObject({ code: 0 })
    expect(await zone()).toBe(before)
    server.isDown = false
    expect(await run(['apply', '--yes'])).toMatchObject({ code: 0 })
    expect(await zone()).toContain('s202611._domainkey')
    expect(await zone()).toContain('dkim._domainkey')
  })

  test('a variable that is not set is told, and nothing is changed', async () => {
    await run(['apply', '--yes'])
    const before = await zone()
    const { stdout } = await space.run(['plan', '--no-dns'])
    expect(stdout.replace(/\s+/g, ' ')).toContain('MAILCOW_KEY is not set')
    await space.run(['apply', '--yes', '--no-dns'])
    expect(await zone()).toBe(before)
  })

  test('no secret is in any output', async () => {
    const all = [
      await run(['plan', '--format', 'json']),
      await run(['apply', '--yes']),
      await run(['compile', '--observe']),
    ]
    for (const { stdout, stderr } of all) {
      expect(stdout + stderr).not.toContain(MAILCOW.key)
      expect(stdout + stderr).not.toContain(MAILCOW.secret)
    }
  })

  test('compile is offline, and leaves the records out; with --observe it asks', async () => {
    const offline = await run(['compile'])
    expect(offline.stdout).not.toContain('_domainkey')
    expect(server.asked).toEqual([])
    expect((await run(['compile', '--observe'])).stdout).toContain('dkim._domainkey')
  })

  test('every domain is asked about, where the defaults say so', async () => {
    server.make('example.org', 'dkim', SECOND)
    const plain =
      '  example.com: { mx: [mail.example.com], dmarc: false }\n  example.org: { mx: [mail.example.com], dmarc: false }\n  parked.example.org: { mail: none }\n'
    await space.write('mailsync.yaml', spec(plain, `defaults: { dkim: { from: ${mailcow} } }\n`))
    expect(await run(['apply', '--yes'])).toMatchObject({ code: 0 })
    expect(server.asked.sort()).toEqual(['example.com', 'example.org'])
    expect(await zone('example.org')).toContain(SECOND.slice(0, 40))
  })

  test('a weak key is told with the remedy, and one that receivers refuse is an error', async () => {
    server.make('example.com', 'dkim', rsa(1024))
    const short = await run(['plan'])
    expect(short).toMatchObject({ code: 0, stdout: expect.stringContaining('dkim-rsa-short') })
    expect(short.stdout.replace(/\s+/g, ' ')).toContain('make one of 2048 bits in mailcow')
    server.make('example.com', 'dkim', rsa(768))
    expect(await run(['plan'])).toMatchObject({ code: 1, stderr: expect.stringContaining('dkim-key-weak') })
  })

  test('a selector that the spec has too is an error', async () => {
    const keys = `, keys: { dkim: { txt: "v=DKIM1; k=rsa; p=${SECOND}" } }`
    await space.write('mailsync.yaml', spec(domain(mailcow, 'example.com', keys)))
    expect(await run(['plan'])).toMatchObject({ code: 1, stderr: expect.stringContaining('dkim-key-twice') })
  })
})

test('a Mail-in-a-Box is asked once for all domains', async () => {
  const box = new MailInABox()
  try {
    box.make('example.com', `v=DKIM1; k=rsa; s=email; p=${FIRST}`)
    box.make('example.org', `v=DKIM1; k=rsa; s=email; p=${SECOND}`)
    const from = `{ class: mail-in-a-box, url: "${BOX.url}", email: ${BOX.email}, password: env/BOX_PASSWORD }`
    await space.write('mailsync.yaml', spec(domain(from) + domain(from, 'example.org')))
    expect(await run(['apply', '--yes'])).toMatchObject({ code: 0 })
    expect(box.asked).toBe(1)
    expect(await zone('example.org')).toContain(SECOND.slice(0, 40))
    expect(await zone()).not.toContain("'*._domainkey")
    for (const odd of [[1, null, 'x', [1], ['example.com', [null, {}]]], { a: 1 }]) {
      box.odd = odd
      expect(await run(['plan'])).toMatchObject({ code: 0, stdout: expect.stringContaining('dkim-source-unread') })
    }
    box.odd = undefined
    const refused = await run(['plan'], { BOX_PASSWORD: 'wrong-password' })
    expect(refused.stdout).toContain('does not accept the login')
    expect(refused.stdout + refused.stderr).not.toContain('wrong-password')
  } finally {
    box.close()
  }
})

const hasTools = ['opendkim-genkey', 'rspamadm'].every((program) => programPath(program) !== undefined)
if (!hasTools && process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error('apt-get install opendkim-tools rspamd')
describe.skipIf(!hasTools)('files of real signers', () => {
  const make = (program: string, ...args: string[]): string =>
    execFileSync(programPath(program) as string, args, {
      cwd: space.directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  const published = async (from: string) => {
    await space.write('mailsync.yaml', spec(domain(from)))
    const { code, stdout, stderr } = await run(['compile', '--format', 'json'])
    if (code !== 0) throw new Error(stderr)
    expect(stdout).not.toContain('PRIVATE')
    return stdout
  }
  /** `p=` of a record as its tool wrote it. */
  const keyIn = (text: string): string => /p=([A-Za-z0-9+/=]+)/.exec(text.replace(/"\s*"/g, ''))?.[1] as string

  test('OpenDKIM, by its KeyTable', async () => {
    await space.write('etc/keys/.keep', '')
    make('opendkim-genkey', '-b', '2048', '-d', 'example.com', '-s', 'mail', '-D', space.path('etc/keys'))
    make('opendkim-genkey', '-b', '2048', '-d', 'example.org', '-s', 'other', '-D', space.path('etc/keys'))
    await space.write(
      'etc/KeyTable',
      `# keys\nmail._domainkey.example.com example.com:mail:./keys/mail.private\nother._domainkey.example.org example.org:other:${space.path('etc/keys/other.private')}\n`,
    )
    const out = await published('{ class: opendkim, key_table: etc/KeyTable }')
    const record = await space.read('etc/keys/mail.txt')
    expect(out).toContain(keyIn(record))
    expect(out).toContain('h=sha256')
    expect(out).not.toContain(keyIn(await space.read('etc/keys/other.txt')))
    await space.write('etc/keys/mail.txt', await space.read('etc/keys/other.txt'))
    expect(await published('{ class: opendkim, key_table: etc/KeyTable }')).toContain(keyIn(record))
  })

  test('rspamd, by the names of its files', async () => {
    await space.write('dkim/.keep', '')
    const rsaText = make(
      'rspamadm',
      'dkim_keygen',
      '-b',
      '2048',
      '-s',
      'r1',
      '-d',
      'example.com',
      '-k',
      space.path('dkim/example.com.r1.key'),
    )
    const edText = make(
      'rspamadm',
      'dkim_keygen',
      '-t',
      'ed25519',
      '-s',
      'e1',
      '-d',
      'example.com',
      '-k',
      space.path('dkim/example.com.e1.key'),
    )
    make(
      'rspamadm',
      'dkim_keygen',
      '-b',
      '2048',
      '-s',
      'x1',
      '-d',
      'example.org',
      '-k',
      space.path('dkim/example.org.x1.key'),
    )
    const out = await published('{ class: rspamd, path: "dkim/$domain.$selector.key" }')
    for (const text of [rsaText, edText]) expect(out).toContain(keyIn(text))
    expect(out).toContain('e1._domainkey')
    expect(out).not.toContain('x1._domainkey')
  })

  test('records and PEM files, by selector', async () => {
    make('opendkim-genkey', '-b', '2048', '-d', 'example.com', '-s', 's1', '-D', space.directory)
    make('openssl', 'pkey', '-in', 's1.private', '-pubout', '-out', 's1.pub')
    const key = keyIn(await space.read('s1.txt'))
    for (const file of ['s1.txt', 's1.pub', 's1.private'])
      expect(await published(`{ class: files, files: { s1: ${file} } }`)).toContain(key)
  })

  test('a file that is not there, or that nobody may read, leaves the records as they are', async () => {
    await space.write('s1.txt', `v=DKIM1; k=rsa; p=${FIRST}\n`)
    await space.write('mailsync.yaml', spec(domain('{ class: files, files: { s1: s1.txt } }')))
    await run(['apply', '--yes'])
    const before = await zone()
    await space.write('s1.txt', 'nothing of use')
    expect((await run(['apply', '--yes'])).code).toBe(0)
    const { stdout } = await run(['plan'])
    expect(stdout).toContain('dkim-source-unread')
    expect(stdout).not.toContain('nothing of use')
    expect(await zone()).toBe(before)
    await space.write('mailsync.yaml', spec(domain('{ class: opendkim, key_table: nowhere }')))
    expect((await run(['plan'])).stdout).toContain('no such file')
    expect((await run(['apply', '--yes'])).code).toBe(0)
    expect(await zone()).toBe(before)
  })

  test('a private key that only its signer may read is known by the record beside', async () => {
    make('opendkim-genkey', '-b', '2048', '-d', 'example.com', '-s', 'mail', '-D', space.directory)
    await space.write('KeyTable', 'x example.com:mail:./mail.private\n')
    chmodSync(space.path('mail.private'), 0)
    expect(await published('{ class: opendkim, key_table: KeyTable }')).toContain(keyIn(await space.read('mail.txt')))
  })
})

describe('a source that is written wrongly is told where it stands', () => {
  test.each([
    ['{ class: mailcow }', 'mailcow needs url and api_key'],
    [
      `{ class: mailcow, url: "${MAILCOW.url}", api_key: AAAAAA-BBBBBB }`,
      'api_key is a secret, and a spec is read by many',
    ],
    ['{ class: mailcow, url: mail.example.com, api_key: env/K }', '"mail.example.com" is no URL of a server'],
    ['{ class: rspamd, key_table: x }', 'rspamd takes no key_table'],
    ['{ class: rspamdd }', 'did you mean rspamd?'],
    ['{ url: "https://mail.example.com" }', 'the key "class" is missing'],
  ])('%s', async (from, says) => {
    await space.write('mailsync.yaml', spec(domain(from)))
    const { code, stderr } = await run(['plan'])
    expect(code).toBe(1)
    expect(stderr).toContain('mailsync.yaml:5:')
    expect(stderr).toContain(says)
    expect(stderr).toContain('\n1 error\n')
    expect(stderr).not.toContain('AAAAAA-BBBBBB')
  })
})
