import { afterAll, beforeAll, describe, test } from 'vitest'
import { conformanceCases } from '../../conformance/index.js'
import { plugin } from '../../providers/rfc2136/index.js'
import { startBind } from '../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../servers/dns-server.js'
import { startKnot } from '../servers/knot.js'
import { startPowerdns } from '../servers/powerdns.js'
import { connectTo } from './rfc2136/connect-to.js'

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
      open: async (zone, seed) => {
        await server.addZone(zone, seed)
        return { provider: await connectTo(server), edit: server.edit, close: async () => {} }
      },
    })
    for (const { title: story, run } of cases) test(story, run)
  })
}
