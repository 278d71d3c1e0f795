import fc from 'fast-check'
import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'
import type { Name } from '../../records/rr/name.js'
import type { MailSpec } from '../../records/spec.js'
import { buildSpec } from '../../src/config/build.js'
import type { RawSpec } from '../../src/config/schema.js'

/** A small world, so that random specs meet each other: the same names and addresses, in other roles. */
export const HOSTS = [
  'mail.example.com',
  'mx.example.net',
  'example.com',
  '9.example.com',
  '10.example.com',
  '1a.example.com',
]
export const DOMAINS = ['example.com', 'example.net', 'sub.example.com', 'parked.example']
const ADDRESSES = ['192.0.2.10', '192.0.2.9', '192.0.2.200', '2001:db8::10', '2001:db8::a']

/** Zone → its providers. One zone is held twice. */
export const TARGETS: Readonly<Record<string, readonly string[]>> = {
  'example.com.': ['one', 'two'],
  'example.net.': ['two'],
  'parked.example.': ['one'],
  '2.0.192.in-addr.arpa.': ['one'],
  '128/25.2.0.192.in-addr.arpa.': ['two'],
  '8.b.d.0.1.0.0.2.ip6.arpa.': ['two'],
}

const ttl = fc.constantFrom(60, 3600)

/** Whose each address is: no two hosts share one, and from spec to spec it moves. */
const owners = fc.array(fc.option(fc.constantFrom(...HOSTS)), {
  minLength: ADDRESSES.length,
  maxLength: ADDRESSES.length,
})

const hosts = fc
  .record({ owners, gateway: fc.option(fc.constantFrom(...HOSTS)), ttl, helo: fc.boolean() })
  .map(({ owners: names, gateway, ttl: seconds, helo }) => {
    const used = [...new Set([...names, gateway])].filter((name) => name !== null)
    return Object.fromEntries(
      used.map((name) => [
        name,
        {
          addresses: ADDRESSES.filter((_, index) => names[index] === name),
          egress: gateway === name ? ['198.51.100.7'] : [],
          ttl: seconds,
          helo_spf: helo,
        },
      ]),
    )
  })

const domain = fc.record(
  {
    mail: fc.constant('none' as const),
    mx: fc.subarray([...HOSTS, 'mx.elsewhere.example'], { minLength: 1 }),
    senders: fc.subarray(HOSTS),
    include: fc.subarray(['_spf.example.org', 'spf.example.net']),
    all: fc.constantFrom('fail', 'softfail'),
    policy: fc.constantFrom('none', 'quarantine', 'reject'),
    rua: fc.subarray(['d@example.com', 'd@example.net', 'd@parked.example']),
    ttl,
    isParked: fc.boolean(),
  },
  { requiredKeys: ['senders', 'include', 'isParked'] },
)

/** A spec without errors. An MX leads to hosts with an address in this spec, or to a name that nobody here serves. */
export const rawSpec: fc.Arbitrary<RawSpec> = fc
  .record({ hosts, domains: fc.dictionary(fc.constantFrom(...DOMAINS), domain, { noNullPrototype: true }) })
  .map(({ hosts: machines, domains }) => ({
    providers: { one: { class: 'memory' }, two: { class: 'memory' } },
    zones: Object.fromEntries(Object.entries(TARGETS).map(([zone, targets]) => [zone, { targets: [...targets] }])),
    hosts: machines,
    domains: Object.fromEntries(Object.entries(domains).map(([name, raw]) => [name, domainFrom(raw, machines)])),
  }))

type RandomDomain = typeof domain extends fc.Arbitrary<infer T> ? T : never
type RawHosts = NonNullable<RawSpec['hosts']>

function domainFrom(random: RandomDomain, machines: RawHosts): RawSpec['domains'][string] {
  const common = {
    ...(random.ttl === undefined ? {} : { ttl: random.ttl }),
    dmarc: {
      ...(random.policy === undefined ? {} : { policy: random.policy as 'none' }),
      ...(random.rua === undefined ? {} : { rua: random.rua }),
    },
  }
  if (random.isParked) return { mail: 'none', ...common }
  const mx = (random.mx ?? [])
    .filter((name) => !HOSTS.includes(name) || ((machines[name]?.addresses ?? []) as string[]).length > 0)
    .map((host, index) => ({ host, preference: index * 5 }))
  return {
    ...common,
    ...(mx.length === 0 ? {} : { mx }),
    spf: {
      hosts: random.senders.filter((name) => machines[name]),
      include: random.include,
      ...(random.all === undefined ? {} : { all: random.all as 'fail' }),
    },
  }
}

/** What a spec in this raw form means. */
export function specFrom(raw: RawSpec): MailSpec {
  const { spec, findings } = buildSpec(raw)
  if (findings.length > 0) throw new Error(JSON.stringify(findings))
  return spec
}

/** Keys for every domain there may be, one of them too long for one string. */
export const KEYS: readonly DkimPublicKey[] = DOMAINS.flatMap((name, index): DkimPublicKey[] => [
  {
    domain: `${name}.` as Name,
    selector: 's1',
    algorithm: 'rsa-2048',
    state: 'active',
    publicKey: 'Qf7+'.repeat(98 + index),
  },
  {
    domain: `${name}.` as Name,
    selector: 's1-ed25519',
    algorithm: 'ed25519',
    state: 'active',
    publicKey: `AAAA${index}`,
  },
])
