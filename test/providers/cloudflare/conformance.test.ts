import { describe, test } from 'vitest'
import { conformanceCases } from '../../../conformance/index.js'
import { plugin } from '../../../providers/cloudflare/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { FakeCloudflare, TOKEN } from '../../fakes/cloudflare.js'

describe('cloudflare', () => {
  const cases = conformanceCases({
    plugin,
    open: async (name: Name, seed: readonly RRset[]) => {
      const fake = new FakeCloudflare()
      const zone = fake.addZone(name.slice(0, -1), { plan: 'pro' })
      zone.edit(seed)
      return {
        provider: await plugin.connect({ token: TOKEN }, { directory: '/', zones: [name] }),
        edit: async (rrsets) => zone.edit(rrsets),
        close: async () => fake.close(),
      }
    },
  })
  for (const { title, run } of cases) test(title, run)
})
