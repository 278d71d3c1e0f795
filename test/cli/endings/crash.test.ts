import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isUpdate, startProxy } from '../../providers/rfc2136/proxy.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { BUILT_CLI, type Workspace, workspace } from '../workspace.js'

const ZONES = ['a.example.', 'b.example.', 'c.example.', 'd.example.']
const STRANGERS = ['"google-site-verification=abc"', '"MS=ms123"']

function spec({ host, port, key }: Pick<DnsServer, 'host' | 'port' | 'key'>): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key }, key.secret)}
zones:
${ZONES.map((zone) => `  ${zone}: { targets: [dns] }`).join('\n')}
hosts:
  mail.a.example: { addresses: [192.0.2.10], reverse: false }
defaults: { dkim: { algorithms: [ed25519] } }
domains:
${ZONES.map((zone) => `  ${zone}: { mx: [mail.a.example], dmarc: { policy: reject } }`).join('\n')}
`
}

/** Runs apply as a process of its own through a proxy, and kills it with SIGKILL at the n-th UPDATE. */
async function applyKilledAt(
  update: number,
  when: 'before' | 'after',
  server: DnsServer,
  space: Workspace,
): Promise<boolean> {
  let child: ChildProcess | undefined
  let seen = 0
  const proxy = await startProxy(server, {
    onRequest: (message) => {
      if (!isUpdate(message)) return message
      seen += 1
      if (seen !== update || when !== 'before') return message
      child?.kill('SIGKILL')
      return 'close'
    },
    onReply: (message) => {
      if (seen !== update || when !== 'after' || !isUpdate(message)) return message
      child?.kill('SIGKILL')
      return 'close'
    },
  })
  try {
    await space.write('mailsync.yaml', spec(proxy))
    child = spawn(
      process.execPath,
      [BUILT_CLI, 'apply', '--yes', '--parallel', '1', '--config', space.path('mailsync.yaml')],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    const [, signal] = await once(child, 'exit')
    return signal === 'SIGKILL'
  } finally {
    proxy.close()
  }
}

async function txtAt(server: DnsServer, name: string): Promise<string[]> {
  return (await server.dig('+short', name, 'TXT')).trim().split('\n').sort()
}

onBind('kill -9 during apply on BIND', (server) => {
  for (const when of ['before', 'after'] as const)
    test.each([1, 2, 3, 4])(
      `${when} UPDATE %i reaches the server: the next run converges and no stranger’s value is lost`,
      async (update) => {
        for (const zone of ZONES)
          await server.addZone(zone, [
            { type: 'TXT', name: zone as never, ttl: 300, rdata: ['google-site-verification=abc', 'MS=ms123'] },
          ])
        const space = await workspace({ 'mailsync.yaml': spec(server) })
        try {
          expect(await applyKilledAt(update, when, server, space)).toBe(true)
          await space.write('mailsync.yaml', spec(server))
          const again = await space.run(['apply', '--yes'])
          expect(again).toMatchObject({ code: 0, stderr: '' })
          expect((await space.run(['plan', '--detailed-exitcode'])).code).toBe(0)
          for (const zone of ZONES) {
            expect(await txtAt(server, zone)).toEqual([...STRANGERS, '"v=spf1 ip4:192.0.2.10 ~all"'].sort())
            expect(await server.dig('+short', zone, 'MX')).toBe('10 mail.a.example.\n')
          }
        } finally {
          await space.remove()
        }
      },
    )
})
