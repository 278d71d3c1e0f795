import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { SIGNERS } from '../../../src/dkim/hand-over/signers.js'
import { formatLedDomains } from '../../../src/dkim/keystore/led-domains.js'
import { type Workspace, workspace } from '../../cli/workspace.js'
import { putInState } from './key-states.js'

const SPEC = `
providers: { dns: { class: yaml, directory: zones } }
zones: { example.com: { targets: [dns] }, example.org: { targets: [dns] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains:
  example.com: { mx: [mail.example.com] }
  example.org: { mx: [mail.example.com], dkim: { algorithms: [ed25519] } }
`
const RSA = 's202611._domainkey.example.com'
const isPosix = process.platform !== 'win32'

describe('what a signer is handed', () => {
  let space: Workspace
  beforeEach(async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
  })
  afterEach(() => space.remove())
  const run = (...args: string[]) => space.run(['dkim', ...args])
  const exported = (format: string, ...args: string[]) =>
    run('export', '--format', format, '--out', space.path(`out/${format}`), ...args)
  const out = (format: string, file: string) => space.read(`out/${format}/${file}`)
  const bothSign = async () => {
    await run('generate')
    await putInState(space, 'example.com', 's202611', 'signing')
    await putInState(space, 'example.com', 's202611-ed25519', 'signing')
    await putInState(space, 'example.org', 's202611', 'signing')
  }
  const folder = async (path: string): Promise<Record<string, string>> => {
    const entries = await readdir(path, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    return Object.fromEntries(
      await Promise.all(
        files.sort().map(async (file) => [file.slice(path.length + 1), await readFile(file, 'utf8')] as const),
      ),
    )
  }

  test.each(SIGNERS)('is the same octets every time, and a second run touches nothing: %s', async (format) => {
    await bothSign()
    const { code, stdout } = await exported(format, '--at', '/srv/dkim')
    expect(code).toBe(0)
    expect(stdout).toContain('example.com  s202611 (rsa-2048)')
    const first = await folder(space.path(`out/${format}`))
    const [file = ''] = Object.keys(first)
    const before = await stat(space.path(`out/${format}/${file}`))
    expect((await exported(format, '--at', '/srv/dkim')).stderr).toContain('is as it should be; nothing was written.')
    expect((await stat(space.path(`out/${format}/${file}`))).mtimeMs).toBe(before.mtimeMs)
    const again = await run('export', '--format', format, '--at', '/srv/dkim', '--out', space.path('other'))
    expect(again.code).toBe(0)
    expect(await folder(space.path('other'))).toEqual(first)
  })

  test.each(SIGNERS)('has private keys for the signer alone, and none on stdout or stderr: %s', async (format) => {
    await bothSign()
    const listed = await run('export', '--format', format)
    const written = await exported(format)
    expect(listed.stderr).toContain('Nothing was written')
    const files = await folder(space.path(`out/${format}`))
    const secret = Object.entries(files).filter(([, text]) => /PRIVATE KEY|^[A-Za-z0-9+/]{86}==$/.test(text))
    expect(secret.length).toBeGreaterThan(0)
    for (const [name, text] of secret) {
      const { mode } = await stat(space.path(`out/${format}/${name}`))
      if (isPosix) expect((mode & 0o7777).toString(8)).toBe('600')
      const body = text
        .replace(/\\n/g, '\n')
        .split('\n')
        .filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line))
      expect(body.length).toBeGreaterThan(0)
      for (const line of body)
        for (const { stdout, stderr } of [listed, written]) expect(stdout + stderr).not.toContain(line)
      expect(listed.stdout).toMatch(new RegExp(`0600 .*${name.replaceAll('.', '\\.')}`))
    }
    const tables = Object.entries(files).filter(([name]) => !secret.some(([one]) => one === name))
    for (const [, text] of tables) expect(text).not.toMatch(/PRIVATE KEY/)
  })

  test('names for OpenDKIM the key of each domain, of RSA alone, and says what goes unsigned', async () => {
    await bothSign()
    const { code, stderr } = await exported('opendkim', '--at', '/etc/opendkim')
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /mailsync\.yaml:7:3 +warning +s202611 of example\.org is an ed25519 key, and OpenDKIM signs with RSA only/,
      ),
    })
    expect(stderr).toContain('1 key that signs is left out: OpenDKIM signs with RSA only')
    expect((await out('opendkim', 'KeyTable')).split('\n').slice(1)).toEqual([
      `${RSA} example.com:s202611:/etc/opendkim/keys/${RSA}.private`,
      '',
    ])
    expect((await out('opendkim', 'SigningTable')).split('\n').slice(1)).toEqual([`*@example.com ${RSA}`, ''])
    expect(await out('opendkim', 'for-opendkim.conf')).toContain(
      'SigningTable        refile:/etc/opendkim/SigningTable\n',
    )
    expect(await out('opendkim', `keys/${RSA}.private`)).toBe(await space.read('keys/example.com/s202611.pem'))
  })

  test('has both keys of a domain sign with rspamd', async () => {
    await bothSign()
    await exported('rspamd', '--at', '/var/lib/rspamd/dkim')
    const settings = await out('rspamd', 'dkim_signing.conf')
    expect(settings).toContain(`{ selector = "s202611"; path = "/var/lib/rspamd/dkim/keys/${RSA}.key"; },`)
    expect(settings).toContain('{ selector = "s202611-ed25519"; path =')
  })

  test('keeps a key that retires until it is revoked, as a signer may not have read its tables again', async () => {
    await bothSign()
    await exported('opendkim')
    await exported('rspamd')
    await putInState(space, 'example.com', 's202611', 'retiring')
    await putInState(space, 'example.com', 's202611-ed25519', 'retiring')
    await run('generate')
    await putInState(space, 'example.com', 's202611b', 'signing')
    await putInState(space, 'example.com', 's202611-ed25519b', 'signing')
    const next = 's202611b._domainkey.example.com'
    expect((await exported('opendkim')).stdout).toMatch(/s202611\._domainkey\.example\.com\.private +same/)
    expect((await out('opendkim', 'SigningTable')).split('\n').slice(1)).toEqual([`*@example.com ${next}`, ''])
    expect(await out('opendkim', 'KeyTable')).toContain(`\n${RSA} example.com:s202611:`)
    await putInState(space, 'example.com', 's202611', 'revoked')
    await putInState(space, 'example.com', 's202611-ed25519', 'gone')
    await space.write(`out/rspamd/keys/s202611._domainkey.example.org.key`, 'mine')
    expect((await exported('opendkim')).stdout).toContain(`removed  keys/${RSA}.private`)
    expect(await readdir(space.path('out/opendkim/keys'))).toEqual([`${next}.private`])
    expect(await out('opendkim', 'KeyTable')).not.toContain(RSA)
    await exported('rspamd', '--domain', 'example.com')
    expect((await readdir(space.path('out/rspamd/keys'))).sort()).toEqual([
      's202611-ed25519b._domainkey.example.com.key',
      's202611._domainkey.example.org.key',
      `${next}.key`,
    ])
  })

  test('leaves a file alone that is where a revoked key was, and is not that key', async () => {
    await bothSign()
    await exported('opendkim')
    await putInState(space, 'example.com', 's202611', 'revoked')
    await run('generate')
    await putInState(space, 'example.com', 's202611b', 'signing')
    await space.write(`out/opendkim/keys/${RSA}.private`, 'mine')
    expect((await exported('opendkim')).code).toBe(0)
    expect(await out('opendkim', `keys/${RSA}.private`)).toBe('mine')
  })

  test('is opened with an identity of age, and without one nothing is written', async () => {
    const identity = await generateIdentity()
    await space.write('me.txt', identity)
    await space.write('mailsync.yaml', `keys: { recipients: [${await identityToRecipient(identity)}] }${SPEC}`)
    await bothSign()
    const refused = await exported('rspamd')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is encrypted by age') })
    expect(refused.stderr).toContain('s202611.pem.age')
    expect(refused.stderr).toContain('3 errors')
    await expect(readdir(space.path('out'))).rejects.toThrow('ENOENT')
    expect(await exported('rspamd', '--identity', space.path('me.txt'))).toMatchObject({ code: 0 })
    expect(await out('rspamd', `keys/${RSA}.key`)).toContain('-----BEGIN PRIVATE KEY-----')
    await space.write('other.txt', await generateIdentity())
    const wrong = await run(
      'export',
      '--format',
      'rspamd',
      '--out',
      space.path('wrong'),
      '--identity',
      space.path('other.txt'),
    )
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('is opened by none of the identities') })
    await expect(readdir(space.path('wrong'))).rejects.toThrow('ENOENT')
  })

  test('says which private key is missing or belongs to another key, all at once, and writes nothing', async () => {
    await bothSign()
    await writeFile(
      space.path('keys/example.com/s202611-ed25519.pem'),
      await space.read('keys/example.org/s202611.pem'),
    )
    await writeFile(space.path('keys/example.com/s202611.pem'), 'nothing')
    await space.write('keys/example.org/aside', await space.read('keys/example.org/s202611.pem'))
    await rm(space.path('keys/example.org/s202611.pem'))
    const { code, stderr } = await exported('rspamd')
    expect(code).toBe(1)
    expect(stderr).toContain('is not an unencrypted private key in PEM')
    expect(stderr).toContain('does not belong to the public key in the index')
    expect(stderr).toContain('the private key signs, and is not here')
    await expect(readdir(space.path('out'))).rejects.toThrow('ENOENT')
  })

  test('says of each domain why nothing signs for it', async () => {
    await run('generate')
    const { code, stderr } = await exported('rspamd')
    expect(code).toBe(3)
    expect(stderr).toContain('no key signs for example.com: s202611 is only published')
    expect(stderr).toContain('mailsync dkim use example.com s202611')
    await putInState(space, 'example.com', 's202611', 'signing')
    expect(await exported('rspamd')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no key signs for example.org'),
    })
  })

  test('is one file for the key of a zone that many domains share, which signs for each of them', async () => {
    await space.write(
      'mailsync.yaml',
      SPEC.replace(', dkim: { algorithms: [ed25519] }', '')
        .replace('zones: {', 'zones: { example.net: { targets: [dns] },')
        .replace('domains:', 'defaults: { dkim: { zone: keys.example.net } }\ndomains:'),
    )
    expect((await run('generate')).code).toBe(0)
    const selectors = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `r${number}`)
    const led = new Map(
      ['example.com.', 'example.org.'].map((name) => [name as Name, { selectors, visible: 0, signing: 0 }]),
    )
    await putInState(space, 'keys.example.net', 'r1', 'signing')
    await putInState(space, 'keys.example.net', 'r2', 'signing')
    const early = await exported('opendkim', '--at', '/etc/opendkim')
    expect(early).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('nobody has seen that its selectors lead to'),
    })
    await space.write('keys/keys.example.net/domains.json', formatLedDomains(led))
    await exported('opendkim', '--at', '/etc/opendkim')
    const key = 'keys/r1._domainkey.keys.example.net.private'
    expect((await out('opendkim', 'KeyTable')).split('\n').slice(1)).toEqual([
      `r1._domainkey.example.com example.com:r1:/etc/opendkim/${key}`,
      `r1._domainkey.example.org example.org:r1:/etc/opendkim/${key}`,
      '',
    ])
    expect(await readdir(space.path('out/opendkim/keys'))).toEqual(['r1._domainkey.keys.example.net.private'])
    await exported('maddy', '--at', '/var/lib/maddy')
    expect(await out('maddy', 'dkim.conf')).toContain(
      '    domains example.com example.org\n    selector r1\n    key_path /var/lib/maddy/keys/r1._domainkey.keys.example.net.key\n',
    )
    await exported('rspamd')
    expect(await out('rspamd', 'dkim_signing.conf')).toMatch(/"example\.org" \{\n {4}selectors \[\n.*r1.*\n.*r2/)
  })

  test.runIf(isPosix)('goes to mailcow by its API, and a key that it does not take is said', async () => {
    await bothSign()
    await exported('mailcow')
    const requests: { readonly key: unknown; readonly path: unknown; readonly body: string }[] = []
    let answer = '[{"type":"success","msg":["dkim_added","example.com"]}]'
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      requests.push({ key: request.headers['x-api-key'], path: request.url, body })
      response.end(answer)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const env = { ...process.env, MAILCOW_URL: `http://127.0.0.1:${port}`, MAILCOW_API_KEY: 'a-key' }
    const imported = () => promisify(execFile)('sh', [space.path('out/mailcow/import.sh')], { env })
    try {
      expect((await imported()).stdout).toBe('example.com: its key signs\n')
      expect(requests).toMatchObject([{ key: 'a-key', path: '/api/v1/add/dkim_import' }])
      expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
        domain: 'example.com',
        dkim_selector: 's202611',
        private_key_file: await space.read('keys/example.com/s202611.pem'),
        overwrite_existing: '1',
      })
      answer = '[{"type":"danger","msg":"private_key_error"}]'
      await expect(imported()).rejects.toMatchObject({ code: 1, stderr: 'example.com: mailcow did not take its key\n' })
    } finally {
      server.close()
    }
  })

  test('is of the domains that are named alone', async () => {
    await bothSign()
    await exported('rspamd', '--domain', 'example.org')
    expect(await out('rspamd', 'dkim_signing.conf')).not.toContain('example.com')
    expect(await exported('rspamd', '--domain', 'example.net')).toMatchObject({ code: 1 })
  })

  test('never writes a private key through a link, and says what is in its place', async () => {
    await bothSign()
    await exported('opendkim')
    await rm(space.path(`out/opendkim/keys/${RSA}.private`))
    await writeFile(space.path('victim'), 'mine')
    await symlink(space.path('victim'), space.path(`out/opendkim/keys/${RSA}.private`))
    expect(await exported('opendkim')).toMatchObject({ code: 3, stderr: expect.stringContaining('is no regular file') })
    expect(await space.read('victim')).toBe('mine')
  })

  test.runIf(isPosix)('gets its mode back where somebody has opened it to others', async () => {
    await bothSign()
    await exported('opendkim')
    await chmod(space.path(`out/opendkim/keys/${RSA}.private`), 0o644)
    expect((await exported('opendkim')).stdout).toMatch(/example\.com\.private +changed/)
    expect((await stat(space.path(`out/opendkim/keys/${RSA}.private`))).mode & 0o777).toBe(0o600)
  })

  test('cannot lie where a table cannot name it', async () => {
    await bothSign()
    const { code, stderr } = await run('export', '--format', 'exim', '--out', space.path('a b:c'))
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot stand in the tables') })
    await expect(readdir(space.path('a b:c'))).rejects.toThrow('ENOENT')
  })
})
