import { dirname, resolve } from 'node:path'
import pLimit from 'p-limit'
import type { Outcome } from '../../../providers/dns/client/outcome.js'
import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import { MailsyncError } from '../../../records/error.js'
import type { KeySight } from '../../../records/families/key-sight.js'
import {
  type NextRollSteps,
  nextRollSteps,
  type RollCertificate,
} from '../../../records/families/tlsa/roll/next-steps.js'
import { joinName, type Name, withoutDot, zoneOf } from '../../../records/rr/name.js'
import { rdataText } from '../../../records/rr/rdata.js'
import { isKnown, keyOf } from '../../../records/rr/rrset.js'
import type { Host, TlsaSpec } from '../../../records/spec.js'
import { zoneServers } from '../../dkim/rotation/zone-servers.js'
import { type Failure, failureOf } from '../../failure.js'
import type { Io } from '../../io.js'
import { zoneSigned } from '../../observe/dnssec/zone-signed.js'
import { type Sighting, sightOf, type WatchedPlace, watchPlaces } from '../../observe/watch-places.js'
import type { Session } from '../../session.js'
import { type CertificateFiles, readCertificateFiles } from './certificate-files.js'
import { servedKeys } from './served-keys.js'

/** A host that has TLSA in the spec. */
export type TlsaHost = Host & { readonly tlsa: TlsaSpec }

/** What its server answers with at a port, or why that is not known. */
export type Served = { readonly port: number } & (
  | { readonly associations: readonly string[] }
  | { readonly failure: string }
)

/** The keys of a host, what servers show of them and answer with, and what is to be done. */
export interface HostRoll {
  readonly host: TlsaHost
  /** By certificate as the spec names it; those that cannot be read are in `failure`. */
  readonly files: ReadonlyMap<string, CertificateFiles>
  /** A file of a certificate is not as it has to be: nothing is done. */
  readonly failure?: Failure
  readonly served: readonly Served[]
  /** Whether DNSSEC holds in its zone; undefined where DNS does not tell. */
  readonly dnssec: 'signed' | 'unsigned' | undefined
  readonly sightOf: (association: string) => KeySight
  readonly next: NextRollSteps
}

/** Hosts that are asked for their certificates at the same time. */
const PARALLEL = 16

/** The hosts of a spec with TLSA. */
export function tlsaHosts({ spec }: Pick<Session, 'spec'>): readonly TlsaHost[] {
  return spec.hosts.filter((host): host is TlsaHost => host.tlsa !== undefined)
}

/** The keys of some hosts, as every name server shows them now and their servers answer with them. */
export async function lookAtHosts(
  hosts: readonly TlsaHost[],
  session: Pick<Session, 'spec' | 'file'>,
  { dns, io, connect }: { readonly dns: PublicDns; readonly io: Io; readonly connect: boolean },
): Promise<readonly HostRoll[]> {
  const find = zoneServers(session.spec, dns)
  const { client, resolver } = dns
  const sightings = await watchPlaces(hosts.flatMap(placesOf), { client, find, signal: io.signal })
  const signed = new Map<Name, ReturnType<typeof zoneSigned>>()
  const limit = pLimit(PARALLEL)
  return Promise.all(
    hosts.map(async (host) => {
      const own = placesOf(host).map((place) => sightings.get(keyOf(place)) ?? NOTHING)
      const zone = zoneOf(host.name, session.spec.zones) ?? host.name
      const dnssec = signed.get(zone) ?? zoneSigned(zone, resolver, io.signal)
      signed.set(zone, dnssec)
      const served = connect ? await limit(() => servedBy(host, io.signal)) : []
      return { host, served, dnssec: await dnssec, ...rollOf(host, own, served, session.file, io.now()) }
    }),
  )
}

const NOTHING: Sighting = { said: [], silent: [], ttl: 0 }

function placesOf({ name, tlsa }: TlsaHost): WatchedPlace[] {
  return tlsa.ports.map((port) => ({ name: joinName(`_${port}._tcp`, name), type: 'TLSA', within: name }))
}

function rollOf(
  host: TlsaHost,
  sightings: readonly Sighting[],
  served: readonly Served[],
  spec: string,
  now: number,
): Pick<HostRoll, 'files' | 'failure' | 'sightOf' | 'next'> {
  const { tlsa, ttl } = host
  const sight = (association: string): KeySight => {
    const each = sightings.map((one) => sightOf(one, (outcome) => faultOf(association, outcome), ttl.tlsa))
    return {
      servers: [...new Set(each.flatMap(({ servers }) => servers))],
      missing: each.flatMap(({ missing }) => missing),
      ttl: Math.max(ttl.tlsa, ...each.map((one) => one.ttl)),
    }
  }
  const files = new Map<string, CertificateFiles>()
  try {
    for (const { value } of tlsa.roll)
      files.set(value.certificate, readCertificateFiles(value, dirname(resolve(spec)), tlsa))
  } catch (error) {
    return { files, sightOf: sight, failure: failureOf(error), next: { steps: [], waits: [] } }
  }
  const written = new Set(tlsa.associations.map(({ value }) => rdataText('TLSA', value)))
  const kind = tlsa.usage === 'ee' ? '3 1 1 ' : '2 1 1 '
  const shown = [...new Set(sightings.flatMap(associationsSaid))]
  const known = served.flatMap((one) => ('associations' in one ? one.associations : []))
  const certificates = tlsa.roll.map(({ value: { certificate } }): RollCertificate => {
    const { renewal, installed, isOutdated = false } = files.get(certificate) ?? {}
    return { certificate, renewed: renewal?.association, installed, isOutdated }
  })
  const next = nextRollSteps({
    keys: tlsa.rollKeys,
    certificates,
    found: shown.filter((text) => text.startsWith(kind) && !written.has(text)),
    served: known.length === 0 ? undefined : known,
    now,
    sightOf: sight,
    isUnpublished: shown.length === 0 && sightings.every(({ said, silent }) => said.length > 0 && silent.length === 0),
  })
  return { files, sightOf: sight, next }
}

function associationsSaid({ said }: Sighting): readonly string[] {
  return said.flatMap(({ outcome }) => associationsIn(outcome) ?? [])
}

/** The records of an answer; undefined where it has something else. */
function associationsIn(outcome: Outcome): readonly string[] | undefined {
  if (outcome.kind !== 'rrset' || !isKnown(outcome.rrset) || outcome.rrset.type !== 'TLSA') return undefined
  return outcome.rrset.rdata.map((value) => rdataText('TLSA', value))
}

/** Why an answer is not one with a key; undefined where it is. */
function faultOf(association: string, outcome: Outcome): string | undefined {
  if (outcome.kind === 'nodata' || outcome.kind === 'nxdomain') return 'has no TLSA'
  const associations = associationsIn(outcome)
  if (associations === undefined) return 'rrset' in outcome ? `has ${outcome.rrset.type} there` : 'has no TLSA'
  return associations.includes(association) ? undefined : 'has other TLSA, and not this one'
}

async function servedBy({ name, addresses, tlsa }: TlsaHost, signal: AbortSignal): Promise<readonly Served[]> {
  const host = addresses[0]?.value ?? withoutDot(name)
  return Promise.all(
    tlsa.ports.map(async (port): Promise<Served> => {
      try {
        return { port, ...(await servedKeys({ host, port, name: withoutDot(name) }, signal)) }
      } catch (error) {
        if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
        return { port, failure: error.message }
      }
    }),
  )
}
