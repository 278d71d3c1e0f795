import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manifestRRsets, ownedIn } from '../../../records/manifest.js'
import type { Name } from '../../../records/rr/name.js'
import { type Zone, zoneWith } from '../../../records/rr/zone.js'
import { connectTo } from '../../providers/rfc2136/connect-to.js'
import { isUpdate, startProxy } from '../../providers/rfc2136/proxy.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { BUILT_CLI, type Workspace, workspace } from '../workspace.js'

const MANY = 5000
const FEW = 3
/** Milliseconds, on a machine that has much else to do. */
const LIMIT = 600_000
const ZONE = 'example.com.' as Name
/** MX, SPF and DMARC of each domain; A and the SPF of the host. */
const slotsOf = (domains: number): number => 3 * domains + 2

type Access = Pick<DnsServer, 'host' | 'port' | 'key'>

function spec({ host, port, key }: Access, count: number): string {
  const domains = Array.from(
    { length: count },
    (_, index) => `  customer${index}.example.com: { mx: [mail.example.com] }`,
  )
  return `
providers:
  dns: { class: rfc2136, host: ${host}, port: ${port}, key_name: ${key.name}, key_secret: '${key.secret}', key_algorithm: ${key.algorithm} }
zones: { example.com.: { targets: [dns] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
defaults: { dkim: false, dmarc: { policy: none } }
domains:
${domains.join('\n')}
`
}

/** Runs apply as a process of its own, and kills it with SIGKILL as it sends its n-th UPDATE, or once that was carried out. */
async function killedAt(update: number, when: 'before' | 'after', server: DnsServer, space: Workspace, count: number) {
  let kill = (): void => {}
  let seen = 0
  const proxy = await startProxy(server, {
    onRequest: (message) => {
      if (isUpdate(message)) seen += 1
      if (seen !== update || when === 'after') return message
      kill()
      return 'close'
    },
    onReply: (message) => {
      if (seen !== update) return message
      kill()
      return 'close'
    },
  })
  try {
    await space.write('mailsync.yaml', spec(proxy, count))
    const args = [BUILT_CLI, 'apply', '--yes', '--force', '--config', space.path('mailsync.yaml')]
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    kill = () => child.kill('SIGKILL')
    expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
  } finally {
    proxy.close()
  }
}

onBind(
  `a zone on BIND 9 that gets ${MANY} mail domains, and loses them again`,
  (server) => {
    let space: Workspace
    beforeAll(async () => {
      space = await workspace({})
    })
    afterAll(async () => {
      await space.remove()
    })

    const read = async (): Promise<Zone> =>
      zoneWith(ZONE, await (await connectTo(server)).read(ZONE, new AbortController().signal))
    const inZone = ({ rrsets }: Zone): number => rrsets.filter(({ name }) => /^(?:_dmarc\.)?customer/.test(name)).length

    /** What is there after an apply that nobody stops; a plan has nothing more to do. */
    const applied = async (count: number): Promise<Zone> => {
      await space.write('mailsync.yaml', spec(server, count))
      const run = await space.run(['apply', '--yes', '--force'])
      expect([run.stderr, run.code]).toEqual(['', 0])
      expect(await space.run(['plan', '--detailed-exitcode'])).toMatchObject({ code: 0 })
      const zone = await read()
      expect(ownedIn(zone, 'default')).toHaveLength(slotsOf(count))
      expect(inZone(zone)).toBe(3 * count)
      expect(zone.texts(ZONE)).toContain('a token of others')
      return zone
    }

    test(
      'remembers them over several names, wherever it was killed on the way, and at one name again in the end',
      async () => {
        expect(manifestRRsets(await applied(FEW)).map(({ name }) => name)).toEqual([`_mailsync.${ZONE}`])

        await killedAt(12, 'after', server, space, MANY)
        // What the killed run wrote is remembered as its own already, or it could not be taken away again.
        const halfway = await read()
        expect(inZone(halfway)).toBeGreaterThan(3 * FEW)
        const own = new Set(ownedIn(halfway, 'default').map(({ name, type }) => `${name} ${type}`))
        expect(
          halfway.rrsets.filter(({ name, type }) => /^(?:_dmarc\.)?customer/.test(name) && !own.has(`${name} ${type}`)),
        ).toEqual([])
        await killedAt(5, 'before', server, space, MANY)

        expect(manifestRRsets(await applied(MANY)).length).toBeGreaterThan(10)

        await killedAt(5, 'after', server, space, FEW)
        expect(manifestRRsets(await applied(FEW)).map(({ name }) => name)).toEqual([`_mailsync.${ZONE}`])
      },
      LIMIT,
    )
  },
  { zones: { [ZONE]: 'www 300 IN A 198.51.100.1\n@ 300 IN TXT "a token of others"' } },
)
