import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readdir } from 'node:fs/promises'
import process from 'node:process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isUpdate, startProxy } from '../../providers/rfc2136/proxy.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { type TestCa, testCa } from '../../servers/renewals.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { BUILT_CLI, type Ran, type Workspace, workspace } from '../workspace.js'

const TTL = 600
const STATE = 'tlsa/mail.example.com.json'

type Access = Pick<DnsServer, 'host' | 'port' | 'key'>

/** Written through one server, or a proxy before it, and seen at the other. */
function spec({ host, port, key }: Access, seenAt: DnsServer): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key }, key.secret)}
zones: { example.com: { targets: [dns], servers: ['${seenAt.host}:${seenAt.port}'] } }
hosts:
  mail.example.com:
    addresses: [192.0.2.10]
    reverse: false
    ttl: { tlsa: ${TTL} }
    tlsa: { roll: { certificate: live/mail.example.com, install: server/server.pem, reload: ./reload } }
domains: { example.com: { mx: [mail.example.com], dmarc: false, dkim: false } }
`
}

const ROLL = ['tlsa', 'roll', '--no-connect']
const KILLS = '#!/bin/sh\nkill -9 $PPID\n'

onBind('tlsa roll on BIND', (server) => {
  let space: Workspace
  let ca: TestCa
  beforeEach(async () => {
    await server.addZone('example.com.')
    space = await workspace({ 'mailsync.yaml': spec(server, server), 'server/.keep': '' })
    await reloads('#!/bin/sh\nexit 0\n')
    ca = await testCa(space.path('ca'), 'mail.example.com')
    await renew()
  })
  afterEach(() => space.remove())
  const reloads = async (script: string): Promise<void> => {
    await space.write('reload', script)
    await chmod(space.path('reload'), 0o755)
  }
  const live = () => space.path('live/mail.example.com')
  const renew = () => ca.renew(live())
  const renewed = () => ca.hashOf(`${live()}/fullchain.pem`)
  const installed = () => ca.hashOf(space.path('server/server.pem'))
  const roll = (): Promise<Ran> =>
    space.run(ROLL, { env: { PATH: process.env.PATH ?? '' }, now: () => Math.floor(Date.now() / 1000) })
  const start = (): ChildProcess =>
    spawn(process.execPath, [BUILT_CLI, ...ROLL, '--config', space.path('mailsync.yaml')], { stdio: 'ignore' })
  const inDns = async (): Promise<string[]> =>
    (await server.dig('+short', '_25._tcp.mail.example.com.', 'TLSA'))
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.slice('3 1 1 '.length).replaceAll(' ', '').toLowerCase())
  /** Lets time go by: a server takes no message from another time, so all that is remembered becomes older. */
  const grow = async (seconds: number): Promise<void> => {
    const older = (text: string): string => `${new Date(Date.parse(text) - seconds * 1000).toISOString().slice(0, 19)}Z`
    await space.write(STATE, (await space.read(STATE)).replace(/\d{4}-[\d-]+T[\d:]+Z/g, older))
  }
  /** Whatever a run left: DNS has the key that the server answers with, and in the end that of the renewal alone. */
  const converges = async (): Promise<void> => {
    await reloads('#!/bin/sh\nexit 0\n')
    for (let round = 0; round < 4; round++) {
      expect(await roll()).toMatchObject({ code: 0 })
      expect(await inDns()).toContain(await installed())
      await grow(2 * TTL)
    }
    expect(await installed()).toBe(await renewed())
    expect(await inDns()).toEqual([await renewed()])
    expect((await readdir(space.path('tlsa'))).sort()).toEqual(['mail.example.com.json'])
    expect((await readdir(space.path('server'))).sort()).toEqual(['.keep', 'server.pem'])
  }
  const killedAt = async (when: 'before' | 'after'): Promise<boolean> => {
    let child: ChildProcess | undefined
    const kill = (isRequest: boolean, message: Buffer): Buffer | 'close' => {
      if (!isUpdate(message) || isRequest !== (when === 'before')) return message
      child?.kill('SIGKILL')
      return 'close'
    }
    const proxy = await startProxy(server, {
      onRequest: (message) => kill(true, message),
      onReply: (message) => kill(false, message),
    })
    try {
      await space.write('mailsync.yaml', spec(proxy, server))
      child = start()
      return (await once(child, 'exit'))[1] === 'SIGKILL'
    } finally {
      proxy.close()
      await space.write('mailsync.yaml', spec(server, server))
    }
  }

  for (const when of ['before', 'after'] as const)
    test(`killed ${when} the UPDATE that publishes a key, and that takes the old one away, the next run goes on`, async () => {
      await roll()
      await renew()
      expect(await killedAt(when)).toBe(true)
      expect(await inDns()).toContain(await installed())
      expect(await roll()).toMatchObject({ code: 0 })
      await grow(2 * TTL)
      expect(await roll()).toMatchObject({ code: 0 })
      await grow(2 * TTL)
      expect(await killedAt(when)).toBe(true)
      expect(await inDns()).toContain(await installed())
      await converges()
    })

  test('killed while the server reads its certificate again, DNS has the key it reads, and the next run goes on', async () => {
    await roll()
    await renew()
    await roll()
    await grow(2 * TTL)
    await reloads(KILLS)
    expect((await once(start(), 'exit'))[1]).toBe('SIGKILL')
    expect(await inDns()).toContain(await installed())
    expect(await installed()).toBe(await renewed())
    await converges()
  })

  test('killed while the first certificate is installed, the next run publishes its key', async () => {
    await reloads(KILLS)
    expect((await once(start(), 'exit'))[1]).toBe('SIGKILL')
    await converges()
  })

  test('killed while it wrote the certificate, the next run takes away what is half-written', async () => {
    const draft = `server/.new-${'ab'.repeat(16)}-server.pem`
    await space.write(draft, 'half a key')
    await roll()
    expect((await readdir(space.path('server'))).sort()).toEqual(['.keep', 'server.pem'])
  })

  test('twice at once, one key is published and nothing is lost', async () => {
    await roll()
    await renew()
    const codes = await Promise.all([start(), start()].map(async (child) => (await once(child, 'exit'))[0]))
    expect(codes).toContain(0)
    expect((await inDns()).sort()).toEqual([await installed(), await renewed()].sort())
    await converges()
  })
})
