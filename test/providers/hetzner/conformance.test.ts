import { describe } from 'vitest'
import { connectHetzner } from '../../../providers/hetzner/connection.js'
import { plugin } from '../../../providers/hetzner/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { certify } from '../../conformance/certify.js'
import { FakeHetzner, TOKEN } from '../../fakes/hetzner/hetzner.js'

describe('hetzner', () => {
  certify(
    { on: 'its Cloud API', kind: 'stateful fake' },
    {
      plugin,
      can: {
        putForeign: true,
        putLocked: true,
        loseReply: true,
        cutRead: true,
        countWrites: 'every RRset is a call of its own',
        check: true,
      },
      open: async (name: Name, seed: readonly RRset[]) => {
        const fake = new FakeHetzner()
        const zone = fake.addZone(name.slice(0, -1))
        zone.put({
          name: '@',
          type: 'SOA',
          records: [{ value: 'hydrogen.ns.hetzner.com. dns.hetzner.com. 1 2 3 4 5' }],
        })
        zone.edit(seed)
        return {
          provider: connectHetzner({ token: TOKEN }, { zones: [name] }, { pause: async () => {} }),
          edit: async (rrsets) => zone.edit(rrsets),
          putForeign: async (foreign) => {
            zone.put({ name: zone.relative(foreign), type: 'RP', records: [{ value: 'who.example.net. .' }] })
            return 'RP'
          },
          putLocked: async (locked) =>
            zone.put({
              name: zone.relative(locked),
              type: 'A',
              records: [{ value: '192.0.2.99' }],
              protection: { change: true },
            }),
          // The call before the write is the listing right before it.
          loseReply: () => fake.faultAt(2, 'cut-after'),
          cutRead: () => fake.faultAt(1, 'half-reply'),
          close: async () => fake.close(),
        }
      },
    },
  )
})
