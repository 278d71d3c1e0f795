import { describe, expect, test } from 'vitest'
import { TSIG_ALGORITHMS } from '../../../providers/dns/tsig-key.js'
import type { Name } from '../../../records/rr/name.js'
import { startBind } from '../../servers/bind.js'
import { missingServer, serverAvailable } from '../../servers/dns-server.js'
import { startKnot } from '../../servers/knot.js'
import { startPowerdns } from '../../servers/powerdns.js'
import { connectTo } from './connect-to.js'
import { a, create, never } from './rrsets.js'

for (const [kind, start] of [
  ['bind', startBind],
  ['knot', startKnot],
  ['powerdns', startPowerdns],
] as const)
  describe.skipIf(!serverAvailable(kind))(
    serverAvailable(kind) ? `${kind} with every algorithm` : missingServer(kind),
    () => {
      for (const algorithm of TSIG_ALGORITHMS)
        test(`${algorithm} signs and is verified`, async () => {
          const zone = 'example.com.' as Name
          const server = await start({ zones: { [zone]: [] }, algorithm })
          try {
            const provider = await connectTo(server)
            const change = create(a(zone, 'mail', ['192.0.2.1']))
            expect(await provider.write(zone, [change], never)).toEqual({ applied: [change] })
            expect(await provider.read(zone, never)).toContainEqual(a(zone, 'mail', ['192.0.2.1']))
          } finally {
            await server.stop()
          }
        })
    },
  )
