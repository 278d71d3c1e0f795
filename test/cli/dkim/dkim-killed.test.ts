import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { isUpdate, startProxy } from '../../providers/rfc2136/proxy.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { signedMail, verified } from '../../servers/mail/signed-mail.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { BUILT_CLI, type Workspace, workspace } from '../workspace.js'

const DAY = 86_400
const INDEX = 'keys/example.com/public.json'

type Access = Pick<DnsServer, 'host' | 'port' | 'key'>

/** Written through one server, or a proxy before it, and seen at the other. */
function spec({ host, port, key }: Access, seenAt: DnsServer): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key }, key.secret)}
zones: { example.com: { targets: [dns], servers: ['${seenAt.host}:${seenAt.port}'] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains: { example.com: { mx: [mail.example.com], ttl: 60, dkim: { algorithms: [ed25519], rotate: { every: 30d } } } }
`
}

/** Kills `dkim rotate` as a process of its own with SIGKILL after a time, or at its n-th UPDATE; whether it was killed. */
async function killedAt(
  point: { readonly after: number } | { readonly update: number; readonly when: 'before' | 'after' },
  server: DnsServer,
  space: Workspace,
): Promise<boolean> {
  let child: ChildProcess | undefined
  let seen = 0
  const kill = (isRequest: boolean, message: Buffer): Buffer | 'close' => {
    if (!isUpdate(message) || !('update' in point)) return message
    if (isRequest) seen += 1
    if (seen !== point.update || isRequest !== (point.when === 'before')) return message
    child?.kill('SIGKILL')
    return 'close'
  }
  const proxy = await startProxy(server, {
    onRequest: (message) => kill(true, message),
    onReply: (message) => kill(false, message),
  })
  try {
    await space.write('mailsync.yaml', spec(proxy, server))
    child = spawn(process.execPath, [BUILT_CLI, 'dkim', 'rotate', '--config', space.path('mailsync.yaml')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const exit = once(child, 'exit')
    if ('after' in point) {
      const keys = space.path('keys/example.com')
      for (let waited = 0; waited < 5000 && (await readdir(keys).catch(() => [])).length < point.after; waited += 1)
        await new Promise((done) => setTimeout(done, 1))
      child.kill('SIGKILL')
    }
    return (await exit)[1] === 'SIGKILL'
  } finally {
    proxy.close()
  }
}

onBind('kill -9 during a rotation on BIND', (server) => {
  /** Goes on until the key that comes next signs, and sees that what signs verifies all the time. */
  const converges = async (space: Workspace): Promise<string[]> => {
    await space.write('mailsync.yaml', spec(server, server))
    for (let day = 0; day < 4; day++) {
      const ran = await space.run(['dkim', 'rotate'], {
        now: () => Math.floor(Date.now() / 1000),
        today: new Date().toISOString().slice(0, 10),
      })
      expect(ran).toMatchObject({ code: 0 })
      await verifies(space)
      await grow(space, DAY)
    }
    expect((await space.run(['dkim', 'check'])).code).toBe(0)
    const { keys } = JSON.parse(await space.read(INDEX))
    return keys.map(({ selector, state }: { selector: string; state: string }) => `${selector} ${state}`)
  }
  /** Lets time go by: a server takes no message from another time, so all that is in the index becomes older. */
  const grow = async (space: Workspace, seconds: number): Promise<void> => {
    const index = await space.read(INDEX)
    const older = (text: string): string => `${new Date(Date.parse(text) - seconds * 1000).toISOString().slice(0, 19)}Z`
    await space.write(INDEX, index.replace(/\d{4}-[\d-]+T[\d:]+Z/g, older))
  }
  const verifies = async (space: Workspace): Promise<void> => {
    const { keys } = JSON.parse(await space.read(INDEX))
    for (const { selector, state } of keys)
      if (state === 'signing' || state === 'retiring') {
        const mail = await signedMail('example.com', selector, await space.read(`keys/example.com/${selector}.pem`))
        expect(await verified(mail, server)).toBe('pass')
      }
  }

  // A folder with a lock, a draft of the private key, the private key, a draft of the index, the index.
  test.each([1, 2, 3, 4])(
    'as the first key is made, with %i files there: the next run makes one key of it',
    async (after) => {
      await server.addZone('example.com.')
      const space = await workspace({})
      try {
        await killedAt({ after }, server, space)
        expect(await converges(space)).toEqual([expect.stringMatching(/^s\d{6} signing$/)])
        const files = await readdir(space.path('keys/example.com'))
        expect(files.sort()).toEqual(['public.json', expect.stringMatching(/^s\d{6}\.pem$/)])
      } finally {
        await space.remove()
      }
    },
  )

  for (const when of ['before', 'after'] as const) {
    test(`${when} the UPDATE that publishes the first key`, async () => {
      await server.addZone('example.com.')
      const space = await workspace({})
      try {
        expect(await killedAt({ update: 1, when }, server, space)).toBe(true)
        expect(await converges(space)).toEqual([expect.stringMatching(/^s\d{6} signing$/)])
      } finally {
        await space.remove()
      }
    })

    test(`${when} the UPDATE that publishes, revokes and removes while another key signs`, async () => {
      await server.addZone('example.com.')
      const space = await workspace({})
      try {
        await converges(space)
        for (const days of [28, 20, 30]) {
          await grow(space, days * DAY)
          expect(await killedAt({ update: 1, when }, server, space)).toBe(true)
          await verifies(space)
          await converges(space)
        }
      } finally {
        await space.remove()
      }
    })
  }
})
