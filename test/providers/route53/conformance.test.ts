import { describe, test } from 'vitest'
import { conformanceCases } from '../../../conformance/index.js'
import { plugin } from '../../../providers/route53/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { type Fault, Route53Fake } from '../../fakes/route53.js'
import { putTyped } from '../../fakes/route53-typed.js'

function faultOnce(fake: Route53Fake, action: string, fault: Fault): void {
  fake.fault = (call) => {
    if (call.action !== action) return undefined
    fake.fault = () => undefined
    return fault
  }
}

describe('route53 on a stateful fake', () => {
  const cases = conformanceCases({
    plugin,
    can: { putForeign: true, loseReply: true, cutRead: true },
    open: async (name: Name, seed: readonly RRset[]) => {
      const fake = new Route53Fake()
      const zone = fake.addZone(name)
      putTyped(zone, seed)
      const options = plugin.options({
        access_key_id: 'AKIAEXAMPLE',
        secret_access_key: 'secret',
        client_max_attempts: 1,
      })
      return {
        provider: await plugin.connect(options, { directory: '/', zones: [name] }),
        edit: async (rrsets) => putTyped(zone, rrsets),
        putForeign: async (foreign) => {
          zone.sets = [...zone.sets, { name: foreign, type: 'SRV', ttl: 300, values: ['0 10 5060 sip.example.net'] }]
          return 'SRV'
        },
        loseReply: () => faultOnce(fake, 'ChangeResourceRecordSets', { when: 'after', reply: 'cut' }),
        cutRead: () =>
          faultOnce(fake, 'ListResourceRecordSets', { when: 'after', reply: { status: 200, body: '<ListResource' } }),
        close: async () => fake.close(),
      }
    },
  })
  for (const { title, run } of cases) test(title, run)
})
