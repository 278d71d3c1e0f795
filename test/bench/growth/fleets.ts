import type { DkimPublicKey } from '../../../records/families/dkim/dkim-key.js'
import { joinName, type Name } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { workloadSpec, zoneNames } from '../workload.js'

/** A spec of one size, and what belongs to it. */
export interface Fleet {
  /** The spec's text. */
  readonly text: string
  readonly keys: readonly DkimPublicKey[]
  /** What stands in a zone before mailsync. */
  readonly foreign: (zone: Name) => readonly AnyRRset[]
}

/** One way in which a spec grows, of which everything else stays as it is. */
export interface Kind {
  readonly name: string
  readonly sizes: readonly number[]
  readonly fleet: (size: number) => Fleet
}

const SIZES = [1000, 3000, 10_000, 30_000]
const ZONE = 'example.com.' as Name
const HEAD = ['providers: { dns: { class: memory } }', 'zones: { example.com.: { targets: [dns] } }']
const HOST = ['hosts:', '  mail.example.com: { addresses: [198.18.0.1], reverse: false }']

const none = (): readonly AnyRRset[] => []
const each = (size: number, line: (index: number) => string): string[] =>
  Array.from({ length: size }, (_, index) => line(index))

/** Every list of a spec that can be long. */
export const KINDS: readonly Kind[] = [
  {
    name: 'domains in zones of their own',
    sizes: SIZES,
    fleet: (size) => ({
      text: workloadSpec(size, '{ class: memory }'),
      keys: zoneNames(size).flatMap((name) => keysOf(`${name}.` as Name, 2)),
      foreign: (zone) => strangers(zone, 6),
    }),
  },
  {
    name: 'domains in one zone, and its manifest',
    sizes: SIZES,
    fleet: (size) => ({
      text: [
        ...HEAD,
        ...HOST,
        'domains:',
        ...each(size, (index) => `  d${index}.example.com: { mx: [mail.example.com], dmarc: { policy: reject } }`),
      ].join('\n'),
      keys: [],
      foreign: none,
    }),
  },
  {
    name: 'hosts',
    sizes: SIZES,
    fleet: (size) => ({
      text: [
        ...HEAD.slice(0, 1),
        'zones: { example.com.: { targets: [dns] }, 18.198.in-addr.arpa.: { targets: [dns] } }',
        'hosts:',
        ...each(size, (index) => `  mx${index}.example.com: { addresses: [198.18.${index >> 8}.${index & 255}] }`),
        'domains:',
        '  example.com: { mx: [mx0.example.com, mx1.example.com] }',
      ].join('\n'),
      keys: [],
      foreign: none,
    }),
  },
  {
    name: 'parked domains in zones of their own',
    sizes: SIZES,
    fleet: (size) => ({
      text: [
        ...HEAD.slice(0, 1),
        'zones:',
        ...zoneNames(size).map((name) => `  ${name}.: { targets: [dns] }`),
        'domains: {}',
        'parked:',
        ...zoneNames(size).map((name) => `  - ${name}`),
      ].join('\n'),
      keys: [],
      foreign: none,
    }),
  },
  {
    name: 'records of others in one zone',
    sizes: SIZES,
    fleet: (size) => ({ text: oneDomain(), keys: [], foreign: (zone) => strangers(zone, size) }),
  },
  {
    name: 'domains with every record, in one zone beside as many records of others',
    sizes: [300, 1000, 3000, 10_000],
    fleet: (size) => ({
      text: [
        ...HEAD,
        ...HOST,
        '  web.example.com: { addresses: [198.18.0.2], reverse: false }',
        'domains:',
        ...each(size, (index) => `  d${index}.example.com: { mx: [mail.example.com], ${EVERY_RECORD} }`),
      ].join('\n'),
      keys: each(size, (index) => `d${index}.example.com.`).flatMap((name) => keysOf(name as Name, 1)),
      foreign: (zone) => strangers(zone, size),
    }),
  },
  {
    name: 'hosts with CAA, beside as many records of others',
    sizes: [300, 1000, 3000, 10_000],
    fleet: (size) => ({
      text: [
        ...HEAD,
        'hosts:',
        ...each(
          size,
          (index) =>
            `  mx${index}.example.com: { addresses: [198.18.${index >> 8}.${index & 255}], reverse: false, caa: ${CAA} }`,
        ),
        'domains:',
        '  example.com: { mx: [mx0.example.com, mx1.example.com] }',
      ].join('\n'),
      keys: [],
      foreign: (zone) => strangers(zone, size),
    }),
  },
  {
    name: 'DKIM keys of one domain',
    sizes: [300, 1000, 3000, 10_000],
    fleet: (size) => ({ text: oneDomain(), keys: keysOf(ZONE, size), foreign: none }),
  },
]

const CAA = '{ issue: [letsencrypt.org] }'
const EVERY_RECORD = [
  'spf: { include: [_spf.relay.example], all: fail }',
  'dmarc: { policy: reject, rua: [dmarc@example.com] }',
  `caa: ${CAA}`,
  'clients: { host: mail.example.com, services: [imaps, submissions] }',
  'mta_sts: { mode: testing, host: web.example.com }',
  'tls_rpt: { rua: [tls@example.com] }',
  'bimi: { location: "https://example.com/logo.svg" }',
].join(', ')

function oneDomain(): string {
  return [...HEAD, ...HOST, 'domains:', '  example.com: { mx: [mail.example.com] }'].join('\n')
}

function strangers(zone: Name, count: number): AnyRRset[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'A',
    name: joinName(`www${index}`, zone),
    ttl: 3600,
    rdata: ['198.51.100.10'],
  }))
}

function keysOf(domain: Name, count: number): DkimPublicKey[] {
  return Array.from({ length: count }, (_, index) => ({
    domain,
    selector: `s${index}`,
    algorithm: 'ed25519',
    state: 'published',
    publicKey: Buffer.alloc(32, `key ${index}`).toString('base64'),
  }))
}
