import { describe } from 'vitest'
import { plugin } from '../../../providers/cloudflare/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { certify } from '../../conformance/certify.js'
import { FakeCloudflare, TOKEN } from '../../fakes/cloudflare/cloudflare.js'

describe('cloudflare', () => {
  certify(
    { on: 'its v4 API', kind: 'stateful fake' },
    {
      plugin,
      can: { putForeign: true, putLocked: true, loseReply: true, cutRead: true, countWrites: true, check: true },
      open: async (name: Name, seed: readonly RRset[]) => {
        const fake = new FakeCloudflare()
        const zone = fake.addZone(name.slice(0, -1), { quota: 1000 })
        zone.edit(seed)
        return {
          provider: await plugin.connect({ token: TOKEN }, { directory: '/', zones: [name] }),
          edit: async (rrsets) => zone.edit(rrsets),
          putForeign: async (foreign) => {
            zone.put({ type: 'SSHFP', name: foreign.slice(0, -1), ttl: 300, content: '4 2 abcd' })
            return 'SSHFP'
          },
          putLocked: async (locked) =>
            zone.put({
              type: 'A',
              name: locked.slice(0, -1),
              ttl: 300,
              content: '192.0.2.99',
              meta: { read_only: true },
            }),
          writes: () => fake.calls.filter(({ what }) => what === 'POST batch').length,
          loseReply: () => fake.faultAt(1, 'cut-after'),
          cutRead: () => fake.faultAt(1, 'half-reply'),
          close: async () => fake.close(),
        }
      },
    },
  )
})
