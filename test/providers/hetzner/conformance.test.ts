import { describe, test } from 'vitest'
import { conformanceCases } from '../../../conformance/index.js'
import { connectHetzner } from '../../../providers/hetzner/connection.js'
import { plugin } from '../../../providers/hetzner/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { FakeHetzner, TOKEN } from '../../fakes/hetzner.js'

describe('hetzner', () => {
  const cases = conformanceCases({
    plugin,
    can: { putForeign: true, loseReply: true, cutRead: true },
    open: async (name: Name, seed: readonly RRset[]) => {
      const fake = new FakeHetzner()
      const zone = fake.addZone(name.slice(0, -1))
      zone.put({ name: '@', type: 'SOA', records: [{ value: 'hydrogen.ns.hetzner.com. dns.hetzner.com. 1 2 3 4 5' }] })
      zone.edit(seed)
      return {
        provider: connectHetzner({ token: TOKEN }, { zones: [name] }, { pause: async () => {} }),
        edit: async (rrsets) => zone.edit(rrsets),
        putForeign: async (foreign) => {
          zone.put({ name: zone.relative(foreign), type: 'SRV', records: [{ value: '10 5 5060 sip.example.net.' }] })
          return 'SRV'
        },
        // The call before the write is the listing right before it.
        loseReply: () => fake.faultAt(2, 'cut-after'),
        cutRead: () => fake.faultAt(1, 'half-reply'),
        close: async () => fake.close(),
      }
    },
  })
  for (const { title, run } of cases) test(title, run)
})
