import type { Question } from '../../../providers/dns/client/answer.js'
import type { Outcome } from '../../../providers/dns/client/outcome.js'
import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import type { DelegatedZone } from '../../../providers/dns/client/zone-finder.js'
import { RCODE } from '../../../providers/dns/rcode.js'
import { MailsyncError } from '../../../records/error.js'
import type { SpfDns } from '../../../records/families/spf/evaluate/dns.js'
import { isWithin, type Name, zoneOf } from '../../../records/rr/name.js'
import type { Mx, RRType } from '../../../records/rr/rdata.js'
import { type AnyRRset, keyOf, type RRset, type RRsetOf, rdataTexts } from '../../../records/rr/rrset.js'
import type { FindServers } from '../../dkim/rotation/zone-servers.js'
import { delegationOf } from './delegation-of.js'
import { latest } from './latest.js'
import { type Everywhere, zoneBatches } from './zone-batches.js'

/** What a receiver finds at a name, CNAMEs and DNAMEs followed. */
export type Look<T extends RRType = RRType> = {
  /** The names that lead on, the first one first; none where the records are at the name itself. */
  readonly via: readonly Name[]
} & (
  | { readonly kind: 'answer'; readonly rrset: { [K in T]: RRsetOf<K> }[T]; readonly synthesized: boolean }
  | { readonly kind: 'nodata' | 'nxdomain' }
  | { readonly kind: 'failure'; readonly why: string }
)

/** DNS as a receiver sees it, who has nothing in a cache. Each question is asked once as long as it matters. */
export interface DnsView {
  /** What every server of the zone says that a name is in. */
  everywhere(question: Question): Promise<Everywhere>
  look<T extends RRType>(name: Name, type: T): Promise<Look<T>>
  /** For what is ours the zone and its servers. Throws where they cannot be found. */
  zone(name: Name): Promise<DelegatedZone>
  /** The name servers that the servers of the parent zone say a zone has. Throws where they cannot be asked. */
  delegation(zone: Name): Promise<readonly Name[]>
  /** {@link DnsView.look} in the words of SPF, and of DMARC. */
  readonly spf: SpfDns
}

export interface DnsViewOptions {
  readonly dns: PublicDns
  /** Names whose servers are asked themselves, as those of all below them; for others a resolver is. */
  readonly ours: ReadonlyMap<Name, unknown>
  readonly servers: FindServers
  readonly signal: AbortSignal
}

/** A CNAME that leads further is a circle, or as good as one. */
const MOST_STEPS = 8

export function dnsView({ dns, ours, servers, signal }: DnsViewOptions): DnsView {
  const zones = latest<Name, Promise<DelegatedZone>>()
  const askers = latest<Name, ReturnType<typeof zoneBatches>>()
  const asked = latest<string, Promise<Everywhere>>()
  const looked = latest<string, Promise<Look>>()

  const zone = (name: Name): Promise<DelegatedZone> => {
    const at = zoneOf(name, ours) ?? name
    return zones.get(at, () => servers(at, signal))
  }
  const askerOf = (found: DelegatedZone): ReturnType<typeof zoneBatches> =>
    askers.get(found.zone, () => zoneBatches(dns.client, found, signal))
  const askZones = async (question: Question): Promise<Everywhere> => {
    const found = await zone(question.name).catch((error: unknown) => failureIn(error))
    if ('failure' in found)
      return { zone: zoneOf(question.name, ours) ?? question.name, servers: [], said: [], faults: [], ...found }
    const first = await askerOf(found)(question)
    if (first.said[0]?.outcome.kind !== 'delegation') return first
    const child = await dns.zones.find(question.name, signal).catch((error: unknown) => failureIn(error))
    if ('failure' in child) return { ...first, said: [], ...child }
    return child.zone !== first.zone && isWithin(child.zone, first.zone) ? askerOf(child)(question) : first
  }
  const everywhere = (question: Question): Promise<Everywhere> => asked.get(keyOf(question), () => askZones(question))

  const resolved = async (name: Name, type: RRType): Promise<Look> => {
    const { rcode, answer } = await dns.resolver.resolve({ name, type }, signal)
    const via = answer.filter((rrset) => rrset.type === 'CNAME').map((rrset) => rrset.name)
    const rrset = answer.find((one): one is RRset => one.type === type)
    if (rrset) return { kind: 'answer', rrset, synthesized: false, via: type === 'CNAME' ? [] : via }
    return { kind: rcode === RCODE.NXDOMAIN ? 'nxdomain' : 'nodata', via }
  }
  const authoritative = async (name: Name, type: RRType): Promise<Look | { next: Name; via: Name } | undefined> => {
    const { said } = await everywhere({ name, type })
    const outcome = said[0]?.outcome
    return outcome && lookOf(outcome, name)
  }
  const follow = async (name: Name, type: RRType): Promise<Look> => {
    const via: Name[] = []
    for (let at = name; via.length < MOST_STEPS; ) {
      const isOurs = zoneOf(at, ours) !== undefined
      const found = (isOurs ? await authoritative(at, type) : undefined) ?? (await resolved(at, type))
      if (!('next' in found)) return { ...found, via: [...via, ...found.via] }
      via.push(found.via)
      at = found.next
    }
    return { kind: 'failure', why: `${name} leads on more than ${MOST_STEPS} times`, via }
  }
  const look = <T extends RRType>(name: Name, type: T): Promise<Look<T>> =>
    looked.get(keyOf({ name, type }), () =>
      follow(name, type).catch((error: unknown): Look => ({ kind: 'failure', why: failureIn(error).failure, via: [] })),
    ) as Promise<Look<T>>
  const spf = async (name: Name, type: 'A' | 'AAAA' | 'MX' | 'PTR' | 'TXT') => {
    const found = await look(name, type)
    if (found.kind !== 'answer') return found
    const { rrset } = found
    return {
      kind: 'answer',
      records: rrset.type === 'MX' ? (rrset.rdata as readonly Mx[]) : rdataTexts(rrset as RRset),
    }
  }
  return { everywhere, look, zone, delegation: (name) => delegationOf(dns, name, signal), spf: spf as SpfDns }
}

function failureIn(error: unknown): Pick<Everywhere, 'isResolverLost'> & { readonly failure: string } {
  if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
  const isResolverLost = error.code === 'timeout' || /^E[A-Z]/.test(error.apiCode ?? '')
  return { failure: error.message, isResolverLost }
}

/** What an answer means for who looks: where it leads on, that name is the next. Undefined where others have to be asked. */
function lookOf(outcome: Outcome, name: Name): Look | { next: Name; via: Name } | undefined {
  switch (outcome.kind) {
    case 'rrset':
      return { kind: 'answer', rrset: outcome.rrset as RRset, synthesized: outcome.synthesized, via: [] }
    case 'cname':
      return { next: outcome.rrset.rdata[0] as Name, via: name }
    case 'dname': {
      const next = throughDname(outcome.rrset, name)
      return next === undefined ? undefined : { next, via: name }
    }
    case 'delegation':
      return undefined
    default:
      return { kind: outcome.kind, via: [] }
  }
}

/** The name that a DNAME makes of another (RFC 6672 §2.2). */
function throughDname({ name: at, rdata: [target] }: AnyRRset, name: Name): Name | undefined {
  return typeof target === 'string' && name.endsWith(`.${at}`)
    ? (`${name.slice(0, -at.length)}${target === '.' ? '' : target}` as Name)
    : undefined
}
