import { afterAll, beforeAll, describe, test } from 'vitest'
import { plugin } from '../../../providers/powerdns/index.js'
import { certify } from '../../conformance/certify.js'
import { missingServer, serverAvailable, serverVersion } from '../../servers/dns-server.js'
import {
  missingNewerPowerdns,
  newerPowerdns,
  newerPowerdnsVersion,
  type Powerdns,
  startPowerdns,
} from '../../servers/powerdns.js'
import { startApiProxy } from './api-proxy.js'
import { connectTo } from './connect-to.js'

const servers = [
  {
    on: 'PowerDNS',
    isThere: serverAvailable('powerdns'),
    missing: () => missingServer('powerdns'),
    version: () => serverVersion('powerdns'),
    start: () => startPowerdns(),
  },
  {
    on: 'a newer PowerDNS',
    isThere: newerPowerdns !== undefined,
    missing: missingNewerPowerdns,
    version: newerPowerdnsVersion,
    start: () => startPowerdns({}, newerPowerdns),
  },
]

for (const { on, isThere, missing, version, start } of servers) {
  if (!isThere) {
    describe.skip(missing(), () => test('skipped', () => {}))
    continue
  }
  describe(`powerdns on ${on}`, () => {
    let server: Powerdns
    beforeAll(async () => {
      server = await start()
    })
    afterAll(() => server?.stop())

    certify(
      { on, kind: 'real server', version: version() },
      {
        plugin,
        can: {
          putForeign: true,
          putLocked: 'PowerDNS locks whole zones, which the tests of its kinds try',
          loseReply: true,
          cutRead: true,
          countWrites: true,
          check: true,
        },
        open: async (zone, seed) => {
          await server.addZone(zone, seed)
          const proxy = await startApiProxy(server.api)
          return {
            provider: connectTo(proxy.port, server.api.key),
            edit: server.edit,
            putForeign: async (name) => {
              await server.nsupdate(`zone ${zone}\nupdate add ${name} 300 SSHFP 4 2 abcd`)
              return 'SSHFP'
            },
            writes: () => proxy.calls.filter(({ method }) => method === 'PATCH').length,
            loseReply: () => proxy.meet('PATCH', 'lose'),
            cutRead: () => proxy.meet('GET', 'cut'),
            close: async () => proxy.close(),
          }
        },
      },
    )
  })
}
