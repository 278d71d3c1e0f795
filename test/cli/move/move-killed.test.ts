import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import process from 'node:process'
import { expect, test } from 'vitest'
import { isUpdate, startProxy } from '../../providers/rfc2136/proxy.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { BUILT_CLI, type Ran, type Workspace, workspace } from '../workspace.js'

const DAY = 86_400
const [OLD, NEW] = ['192.0.2.10', '198.51.100.20']

type Access = Pick<DnsServer, 'host' | 'port' | 'key'>

/** Written through a proxy, and seen at the server behind it. */
function spec({ host, port, key }: Access, seenAt: DnsServer, address: string): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key }, key.secret)}
zones: { example.com: { targets: [dns], servers: ['${seenAt.host}:${seenAt.port}'] } }
defaults: { ttl: 600 }
hosts: { mail.example.com: { addresses: [${address}], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dkim: false, dmarc: { policy: reject } } }
`
}

onBind('kill -9 during a move on BIND', (server) => {
  test.each(['before', 'after'] as const)(
    '%s each UPDATE: the next run goes on, no server that is in use is ever missing, and the move ends',
    async (when) => {
      await server.addZone('example.com.')
      let victim: ChildProcess | undefined
      const kill = (isRequest: boolean, message: Buffer): Buffer | 'close' => {
        if (!victim || !isUpdate(message) || isRequest !== (when === 'before')) return message
        victim.kill('SIGKILL')
        return 'close'
      }
      const proxy = await startProxy(server, {
        onRequest: (message) => kill(true, message),
        onReply: (message) => kill(false, message),
      })
      const space: Workspace = await workspace({
        'mailsync.yaml': spec(proxy, server, OLD),
        'new.yaml': spec(proxy, server, NEW),
      })
      const run = (...args: string[]): Promise<Ran> =>
        space.run(args, { now: () => Math.floor(Date.now() / 1000), today: new Date().toISOString().slice(0, 10) })
      const addresses = async (): Promise<string[]> =>
        (await server.dig('+short', 'mail.example.com.', 'A')).trim().split('\n').sort()
      const stage = async (): Promise<string> => JSON.parse(await space.read('move.json')).history.at(-1).stage
      /** Lets time go by: a server takes no message from another time, so all that the move remembers becomes older. */
      const grow = async (seconds: number): Promise<void> => {
        const older = (text: string): string =>
          `${new Date(Date.parse(text) - seconds * 1000).toISOString().slice(0, 19)}Z`
        await space.write('move.json', (await space.read('move.json')).replace(/\d{4}-[\d-]+T[\d:]+Z/g, older))
      }
      try {
        expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
        expect(await run('move', 'start', '--to', space.path('new.yaml'))).toMatchObject({ code: 0 })
        const killed: string[] = []
        for (let round = 0; round < 20 && existsSync(space.path('move.json')); round++) {
          victim = spawn(
            process.execPath,
            [BUILT_CLI, 'move', 'next', '--yes', '--config', space.path('mailsync.yaml')],
            { stdio: ['ignore', 'ignore', 'inherit'] },
          )
          const [, signal] = await once(victim, 'exit')
          victim = undefined
          if (!existsSync(space.path('move.json'))) break
          const at = await stage()
          if (signal === 'SIGKILL') killed.push(at)
          const used = { lower: [OLD], both: [OLD], switch: [OLD, NEW] }[at] ?? [NEW]
          expect((await addresses()).some((address) => used.includes(address))).toBe(true)
          expect(await run('move', 'next', '--yes')).toMatchObject({ code: 0 })
          if (existsSync(space.path('move.json'))) await grow(10 * DAY)
        }
        expect(killed).toEqual(expect.arrayContaining(['lower', 'both', 'clean', 'raise']))
        expect(existsSync(space.path('move.json'))).toBe(false)
        expect(await addresses()).toEqual([NEW])
        expect(await space.read('mailsync.yaml')).toBe(await space.read('new.yaml'))
        expect((await run('plan', '--detailed-exitcode')).code).toBe(0)
        expect((await readdir(space.directory)).sort()).toEqual(['mailsync.yaml', 'new.yaml'])
      } finally {
        proxy.close()
        await space.remove()
      }
    },
    120_000,
  )
})
