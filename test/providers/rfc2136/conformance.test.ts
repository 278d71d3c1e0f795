import { afterAll, beforeAll, describe, test } from 'vitest'
import { conformanceCases } from '../../../conformance/index.js'
import { plugin } from '../../../providers/rfc2136/index.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
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
  { title: 'rfc2136 on BIND 9', kind: 'bind', start: () => startBind({ zoneSettings: 'check-integrity no;' }) },
  { title: 'rfc2136 on Knot DNS', kind: 'knot', start: startKnot },
  { title: 'rfc2136 on PowerDNS', kind: 'powerdns', start: startPowerdns },
] as const

for (const { title, kind, start } of servers) {
  if (!serverAvailable(kind)) {
    describe.skip(missingServer(kind), () => test('skipped', () => {}))
    continue
  }
  describe(title, () => {
    let server: DnsServer
    beforeAll(async () => {
      server = await start()
    })
    afterAll(() => server?.stop())

    const cases = conformanceCases({
      plugin,
      can: { putForeign: true, loseReply: true, cutRead: true },
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
            await server.nsupdate(`zone ${zone}\nupdate add ${name} 300 SRV 0 10 5060 sip.example.net.`)
            return 'SRV'
          },
          loseReply: () => {
            fault = 'lose'
          },
          cutRead: () => {
            fault = 'cut'
          },
          close: async () => proxy.close(),
        }
      },
    })
    for (const { title: story, run } of cases) test(story, run)
  })
}
