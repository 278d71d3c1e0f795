import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onBind } from '../../servers/on-bind.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

onBind('a key of one’s own that a signer uses today', (server) => {
  let space: Workspace
  beforeAll(async () => {
    space = await workspace({})
  })
  afterAll(async () => {
    await space.remove()
  })
  const run = (...args: string[]): Promise<Ran> => space.run(args, { env: { TSIG_SECRET: server.key.secret } })
  const recordsOf = async () =>
    (await server.dig('example.com', 'AXFR', '+noall', '+answer', '+onesoa'))
      .split('\n')
      .filter((line) => !/\sSOA\s|^_mailsync|^[^\s]*\._mailsync/.test(line))
      .sort()

  test('is imported as somebody’s, then taken over, and DNS stays as it is throughout', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    await space.write('mail.private', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())
    const value = `v=DKIM1; h=sha256; k=rsa; p=${der}`
    await space.write('mail.txt', `mail._domainkey IN TXT ( "${value.slice(0, 200)}"\n  "${value.slice(200)}" ) ;`)
    await server.addZone('example.com.')
    await server.nsupdate(
      [
        'update add example.com. 3600 MX 10 mail.example.com.',
        'update add example.com. 3600 TXT "v=spf1 ip4:192.0.2.10 -all"',
        'update add mail.example.com. 3600 A 192.0.2.10',
        `update add mail._domainkey.example.com. 3600 TXT "${value.slice(0, 200)}" "${value.slice(200)}"`,
      ].join('\n'),
    )
    const { host, port, key } = server
    const options = { host, port, key_name: key.name, key_secret: 'env/TSIG_SECRET', key_algorithm: key.algorithm }
    const made = await run(
      ...['import', 'example.com', '--class', 'rfc2136', '--out', space.path('mailsync.yaml')],
      ...Object.entries(options).flatMap(([name, value]) => ['--option', `${name}=${value}`]),
    )
    expect(made).toMatchObject({ code: 0 })
    const before = await recordsOf()
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(await recordsOf()).toEqual(before)

    const imported = await space.read('mailsync.yaml')
    expect(imported.replaceAll(/\n *# ?/g, ' ')).toContain(
      'run `mailsync dkim import example.com mail.private mail.txt --signing`, with the two files of the signer. Nothing changes in DNS.',
    )
    const spec = imported.replace('targets: [dns] }', `targets: [dns], servers: ['${host}:${port}'] }`)
    expect(spec).toContain('servers:')
    await space.write('mailsync.yaml', spec)
    const takeOver = () =>
      run('dkim', 'import', 'example.com', space.path('mail.private'), space.path('mail.txt'), '--signing')
    expect((await takeOver()).stderr).toContain('algorithms: [] under its dkim asks for none')
    await space.write('mailsync.yaml', spec.replace('algorithms: []', 'algorithms: [rsa-2048]'))
    expect((await takeOver()).stderr).toContain('take it out there, if its private half is yours')

    await space.write(
      'mailsync.yaml',
      spec.replace(/dkim:\n +algorithms: \[\]\n +keys:\n.*\n.*\n/, 'dkim: { algorithms: [rsa-2048] }\n'),
    )
    const between = await run('plan', '--no-dns')
    expect(between).toMatchObject({ code: 0, stdout: expect.stringContaining('1 DKIM key to generate') })
    expect(await takeOver()).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('mail of example.com is in the index, rsa-2048, signing; every server shows it'),
    })
    const after = await run('apply', '--yes', '--no-dns')
    expect(after).toMatchObject({ code: 0, stdout: expect.not.stringContaining('generated') })
    expect(await recordsOf()).toEqual(before)
  })
})
