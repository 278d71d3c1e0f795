import { describe, test } from 'vitest'
import { conformanceCases } from '../../../conformance/index.js'
import { plugin } from '../../../providers/cloudflare/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { FakeCloudflare, TOKEN } from '../../fakes/cloudflare.js'

describe('cloudflare', () => {
  const cases = conformanceCases({
    plugin,
    rejects: { 'a TXT value of 0 octets': 'Cloudflare refuses an empty TXT (9051)' },
    can: { putForeign: true, loseReply: true, cutRead: true },
    open: async (name: Name, seed: readonly RRset[]) => {
      const fake = new FakeCloudflare()
      const zone = fake.addZone(name.slice(0, -1), { plan: 'pro' })
      zone.edit(seed)
      return {
        provider: await plugin.connect({ token: TOKEN }, { directory: '/', zones: [name] }),
        edit: async (rrsets) => zone.edit(rrsets),
        putForeign: async (foreign) => {
          const content = '10 5060 sip.example.net'
          zone.put({ type: 'SRV', name: foreign.slice(0, -1), ttl: 300, content, priority: 0 })
          return 'SRV'
        },
        loseReply: () => fake.faultAt(1, 'cut-after'),
        cutRead: () => fake.faultAt(1, 'half-reply'),
        close: async () => fake.close(),
      }
    },
  })
  for (const { title, run } of cases) test(title, run)
})
