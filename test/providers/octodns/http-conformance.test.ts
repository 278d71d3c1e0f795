import { resolve } from 'node:path'
import type { Provider } from '../../../providers/provider.js'
import { FakeCloudflare, TOKEN } from '../../fakes/cloudflare/cloudflare.js'
import { FakeDesec } from '../../fakes/desec.js'
import { FakeGandi } from '../../fakes/gandi.js'
import { FakeHetzner, TOKEN as HETZNER_TOKEN } from '../../fakes/hetzner/hetzner.js'
import { startFront } from '../../fakes/http-front.js'
import { connectTo } from './connect-to.js'
import { certifyClass } from './ground.js'

const CLASSLESS = 'PTR in a classless zone (RFC 2317)'

certifyClass({
  on: 'octodns-cloudflare 1.2 at the v4 API of Cloudflare',
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
            const data = { algorithm: 4, type: 2, fingerprint: 'abcd' }
            zone.put({ type: 'SSHFP', name: foreign.slice(0, -1), ttl: 300, content: '4 2 abcd', data })
            return 'SSHFP'
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

/** The plugin's own address of the API leads to the front. */
async function redirected(
  origin: string,
  place: string,
  provider: Readonly<Record<string, unknown>>,
): Promise<Provider> {
  const { PYTHONPATH } = process.env
  process.env.PYTHONPATH = resolve('test/providers/octodns/python')
  process.env.MAILSYNC_TEST_REDIRECT = JSON.stringify({ [origin]: place })
  try {
    return await connectTo(provider)
  } finally {
    delete process.env.MAILSYNC_TEST_REDIRECT
    if (PYTHONPATH === undefined) delete process.env.PYTHONPATH
    else process.env.PYTHONPATH = PYTHONPATH
  }
}

const rrsetApis = [
  {
    on: 'octodns-gandi 1.2 at Gandi LiveDNS',
    fake: () => new FakeGandi(),
    origin: 'https://api.gandi.net',
    class: 'octodns_gandi.GandiProvider',
    isTxtKnown: false,
    skip: { [CLASSLESS]: 'octodns-gandi 1.2 puts the slash of the zone into the path of a URL as it is' },
  },
  {
    on: 'octodns-desec 1.3 at the API of deSEC',
    fake: () => new FakeDesec(),
    origin: 'https://desec.io',
    class: 'octodns_desec.DesecProvider',
    isTxtKnown: true,
    skip: {
      [CLASSLESS]: 'octodns-desec 1.3 puts the slash of the zone into the path of a URL as it is',
      'only the TTL changes': 'both TTLs are below the 3600 s of deSEC',
      'only the TTL of two TXT values changes': 'both TTLs are at most the 3600 s of deSEC',
    },
  },
]

for (const { on, fake: makeFake, origin, class: className, isTxtKnown, skip } of rrsetApis)
  certifyClass({
    on,
    kind: 'stateful fake',
    isTxtKnown,
    skip,
    can: {},
    start: async () => {
      const fake = makeFake()
      const front = await startFront(fake.answer)
      return {
        connect: () => redirected(origin, front.origin, { class: className, token: fake.token }),
        open: async (zone, seed) => {
          fake.zones.begin(zone)
          fake.zones.edit(zone, seed)
          return {
            ...front,
            edit: async (rrsets) => fake.zones.edit(zone, rrsets),
            putForeign: async (name) => {
              const label = name.slice(0, -zone.length - 1)
              const values = ['4 2 abcd']
              fake.zones.put(zone.slice(0, -1), { name: label, type: 'SSHFP', ttl: 3600, values })
              return 'SSHFP'
            },
          }
        },
        stop: () => front.close(),
      }
    },
  })

certifyClass({
  on: 'octodns-hetzner 2.0 at the Cloud API of Hetzner',
  kind: 'stateful fake',
  skip: {
    'a manifest too large for one name is spread over several, and goes with what it names':
      'octodns-hetzner 2.0 lists the whole zone anew for every RRset it writes, so that 300 take minutes',
  },
  can: {},
  start: async () => {
    const fake = new FakeHetzner()
    // octodns-hetzner 2.0 does not wait for what it has begun.
    fake.duration = 0
    const front = await startFront('https://api.hetzner.cloud')
    const provider = { class: 'octodns_hetzner.HetznerProvider', backend: 'hcloud', token: HETZNER_TOKEN }
    return {
      connect: () => redirected('https://api.hetzner.cloud', front.origin, provider),
      open: async (name, seed) => {
        fake.zones.length = 0
        const zone = fake.addZone(name.slice(0, -1))
        zone.edit(seed)
        return {
          ...front,
          edit: async (rrsets) => zone.edit(rrsets),
          putForeign: async (foreign) => {
            zone.put({ name: zone.relative(foreign), type: 'DS', records: [{ value: '1 13 2 abcd' }] })
            return 'DS'
          },
        }
      },
      stop: async () => {
        await front.close()
        fake.close()
      },
    }
  },
})
