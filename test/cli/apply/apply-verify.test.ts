import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { freePort } from '../../servers/server-process.js'
import { type Workspace, workspace } from '../workspace.js'

const SECRET = 'TSIG_SECRET'

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('apply --verify', () => {}))
else
  describe('apply --verify', () => {
    let server: DnsServer
    let slow: DnsServer
    const spaces: Workspace[] = []
    beforeAll(async () => {
      ;[server, slow] = await Promise.all([startBind(), startBind()])
    })
    afterAll(() => Promise.all([server.stop(), slow.stop()]))
    afterEach(() => Promise.all(spaces.splice(0).map((space) => space.remove())))
    beforeEach(async () => {
      await Promise.all([server.addZone('example.com.'), slow.addZone('example.com.')])
    })
    const spec = (...servers: Pick<DnsServer, 'host' | 'port'>[]): string => `
providers:
  dns: ${rfc2136Options(server, `env/${SECRET}`)}
zones: { example.com.: { targets: [dns], servers: [${servers.map(({ host, port }) => `"${host}:${port}"`).join(', ')}] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dkim: false, dmarc: false } }
`
    const apply = async (text: string, ...more: string[]) => {
      const space = await workspace({ 'mailsync.yaml': text })
      spaces.push(space)
      const args = ['apply', '--yes', '--no-dns', '--verify', '--resolver', `${server.host}:${server.port}`, ...more]
      return space.run(args, { env: { [SECRET]: server.key.secret } })
    }

    test('ends well once every name server answers with it', async () => {
      const { code, stderr } = await apply(spec(server))
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    })

    test('says which server does not, and for what, when the time is over', async () => {
      const { code, stderr } = await apply(spec(server, slow), '--verify-wait', '0')
      expect(code).toBe(1)
      expect(stderr).toContain('Written, but not answered everywhere')
      expect(stderr).toContain(`example.com. MX: ${slow.host} port ${slow.port}: not there`)
      expect(stderr).not.toContain(`${server.host} port ${server.port}: not there`)
    })

    test('waits for a server that is late', async () => {
      const late = setTimeout(() => {
        const records = [
          'update add example.com. 3600 MX 10 mail.example.com.',
          'update add example.com. 3600 TXT "v=spf1 ip4:192.0.2.10 ~all"',
          'update add mail.example.com. 3600 A 192.0.2.10',
          'update add mail.example.com. 3600 TXT "v=spf1 a -all"',
        ]
        void slow.nsupdate(records.join('\n'))
      }, 1500)
      const { code, stderr } = await apply(spec(server, slow), '--verify-wait', '60')
      clearTimeout(late)
      expect(code).toBe(0)
      expect(stderr).toMatch(/waiting for the name servers: .*not there/)
    })

    test('names a server that is down, and waits for it', async () => {
      const dead = { host: '127.0.0.1', port: await freePort() }
      const { code, stderr } = await apply(spec(server, dead), '--verify-wait', '0')
      expect(code).toBe(1)
      expect(stderr).toContain(`example.com. MX: ${dead.host} port ${dead.port} cannot be reached: ECONNREFUSED`)
    })

    test('waits for what was taken away to be gone, the values of a set that stays too', async () => {
      const old = spec(server)
        .replace('dmarc: false', 'dmarc: { policy: reject }')
        .replace('[mail.example.com]', '[mail.example.com, mx2.example.net]')
      expect((await apply(old)).code).toBe(0)
      const ofOld = [
        'example.com. 3600 MX 10 mail.example.com.',
        'example.com. 3600 TXT "v=spf1 ip4:192.0.2.10 ~all"',
        'mail.example.com. 3600 A 192.0.2.10',
        'mail.example.com. 3600 TXT "v=spf1 a -all"',
        '_dmarc.example.com. 3600 TXT "v=DMARC1; p=reject"',
      ]
      await slow.nsupdate(ofOld.map((line) => `update add ${line}`).join('\n'))
      const { code, stderr } = await apply(spec(server, slow), '--verify-wait', '0')
      expect(code).toBe(1)
      const place = `${slow.host} port ${slow.port}`
      expect(stderr).toContain(`_dmarc.example.com. TXT: ${place}: still v=DMARC1; p=reject`)
      expect(stderr).not.toContain(`${server.host} port ${server.port}:`)
    })

    test('with nothing to change it still looks', async () => {
      expect((await apply(spec(server))).code).toBe(0)
      const { code, stdout, stderr } = await apply(spec(server, slow), '--verify-wait', '0', '--format', 'json')
      expect(code).toBe(1)
      expect(stderr).toContain('Written, but not answered everywhere')
      expect(JSON.parse(stdout).failures).toEqual([expect.objectContaining({ zone: 'example.com.', code: 'timeout' })])
    })
  })
