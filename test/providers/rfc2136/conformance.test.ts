import { afterAll, beforeAll, describe, test } from 'vitest'
import { plugin } from '../../../providers/rfc2136/index.js'
import { certify } from '../../conformance/certify.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable, serverVersion } from '../../servers/dns-server.js'
import { startKnot } from '../../servers/knot.js'
import { startPowerdns } from '../../servers/powerdns.js'
import { connectTo } from './connect-to.js'
import { isUpdate, startProxy } from './proxy.js'

const POWERDNS = {
  'TXT values that differ only in case are two values':
    'PowerDNS takes them for one (its issue 6914), which a write says: see the tests of refusals',
}

const servers = [
  // The suite has MX records whose targets have no address; BIND refuses those where check-integrity is on.
  { on: 'BIND', kind: 'bind', start: () => startBind({ zoneSettings: 'check-integrity no;' }) },
  { on: 'Knot DNS', kind: 'knot', start: startKnot },
  { on: 'PowerDNS', kind: 'powerdns', start: startPowerdns },
] as const

for (const { on, kind, start } of servers) {
  if (!serverAvailable(kind)) {
    describe.skip(missingServer(kind), () => test('skipped', () => {}))
    continue
  }
  describe(`rfc2136 on ${on}`, () => {
    let server: DnsServer
    beforeAll(async () => {
      server = await start()
    })
    afterAll(() => server?.stop())

    certify(
      { on, kind: 'real server', version: serverVersion(kind) },
      {
        plugin,
        can: {
          putForeign: true,
          putLocked: 'what a key may update over RFC 2136 it may update wholly',
          loseReply: true,
          cutRead: true,
          countWrites: true,
          check: true,
        },
        skip: kind === 'powerdns' ? POWERDNS : {},
        open: async (zone, seed) => {
          await server.addZone(zone, seed)
          let fault: 'lose' | 'cut' | undefined
          const proxy = await startProxy(server, {
            onReply: (message) => {
              if (fault !== (isUpdate(message) ? 'lose' : 'cut')) return message
              fault = undefined
              return 'close'
            },
          })
          return {
            provider: await connectTo(proxy),
            edit: server.edit,
            putForeign: async (name) => {
              await server.nsupdate(`zone ${zone}\nupdate add ${name} 300 SSHFP 4 2 abcd`)
              return 'SSHFP'
            },
            writes: () => proxy.requests.filter(isUpdate).length,
            loseReply: () => {
              fault = 'lose'
            },
            cutRead: () => {
              fault = 'cut'
            },
            close: async () => proxy.close(),
          }
        },
      },
    )
  })
}
