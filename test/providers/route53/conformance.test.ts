import { describe } from 'vitest'
import { plugin } from '../../../providers/route53/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { certify } from '../../conformance/certify.js'
import { type Fault, Route53Fake } from '../../fakes/route53/route53.js'
import { putTyped } from '../../fakes/route53/typed.js'

const ALIAS = '<AliasTarget><DNSName>elsewhere.example.</DNSName></AliasTarget>'

function faultOnce(fake: Route53Fake, action: string, fault: Fault): void {
  fake.fault = (call) => {
    if (call.action !== action) return undefined
    fake.fault = () => undefined
    return fault
  }
}

describe('route53 on a stateful fake', () => {
  certify(
    { on: 'its API 2013-04-01', kind: 'stateful fake' },
    {
      plugin,
      can: { putForeign: true, putLocked: true, loseReply: true, cutRead: true, countWrites: true, check: true },
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
            zone.sets = [...zone.sets, { name: foreign, type: 'SSHFP', ttl: 300, values: ['4 2 abcd'] }]
            return 'SSHFP'
          },
          putLocked: async (locked) => {
            zone.sets = [...zone.sets, { name: locked, type: 'A', values: [], routing: ALIAS }]
          },
          writes: () => fake.counts().ChangeResourceRecordSets ?? 0,
          loseReply: () => faultOnce(fake, 'ChangeResourceRecordSets', { when: 'after', reply: 'cut' }),
          cutRead: () =>
            faultOnce(fake, 'ListResourceRecordSets', { when: 'after', reply: { status: 200, body: '<ListResource' } }),
          close: async () => fake.close(),
        }
      },
    },
  )
})
