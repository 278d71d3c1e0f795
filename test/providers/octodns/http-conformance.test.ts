import { FakeCloudflare, TOKEN } from '../../fakes/cloudflare.js'
import { startFront } from '../../fakes/http-front.js'
import { connectTo } from './connect-to.js'
import { certifyClass } from './ground.js'

certifyClass({
  on: 'the v4 API of Cloudflare through octodns-cloudflare',
  kind: 'stateful fake',
  isTxtKnown: false,
  can: { putLocked: true },
  start: async () => {
    const fake = new FakeCloudflare()
    const front = await startFront('https://api.cloudflare.com')
    return {
      connect: () =>
        connectTo({
          class: 'octodns_cloudflare.CloudflareProvider',
          token: TOKEN,
          api_url: `${front.origin}/client/v4`,
          pagerules: false,
          min_ttl: 60,
          retry_period: 0,
        }),
      open: async (name, seed) => {
        fake.zones.length = 0
        const zone = fake.addZone(name.slice(0, -1), { quota: 1000 })
        zone.edit(seed)
        return {
          ...front,
          edit: async (rrsets) => zone.edit(rrsets),
          putForeign: async (foreign) => {
            const data = { priority: 0, weight: 10, port: 5060, target: 'sip.example.net' }
            const content = '10 5060 sip.example.net'
            zone.put({ type: 'SRV', name: foreign.slice(0, -1), ttl: 300, content, priority: 0, data })
            return 'SRV'
          },
          putLocked: async (locked) =>
            zone.put({ type: 'A', name: locked.slice(0, -1), ttl: 1, content: '192.0.2.99', proxied: true }),
        }
      },
      stop: async () => {
        await front.close()
        fake.close()
      },
    }
  },
})
